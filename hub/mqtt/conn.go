package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
	"twinrig/hub/mqtt/broker"
)

// conn is one client. Its reader, the goroutine in serve, owns what is not under mu.
// A flusher and a deliverer exist only while there is something to write or to fetch.
type conn struct {
	front  *Front
	net    net.Conn
	gate   *gate
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	tasks  sync.WaitGroup // flusher and deliverer; nothing is added once ending is set

	// Fixed by CONNECT, before ready is set.
	version  byte
	device   string
	client   client
	link     *hub.Connection
	dialect  dialect
	signed   signed
	grant    hub.Grant
	member   *broker.Member // of a broker, in place of link and dialect
	patience time.Duration  // silence after which the client is given up; 0 = never

	packet packets.Packet // the one being handled
	theirs clientAliases
	traces atomic.Int64  // errors told to the client
	room   chan struct{} // signalled when telemetry has been stored; capacity 1

	mu            sync.Mutex
	ready         bool // CONNACK is on its way
	ending        bool // nothing more is sent
	cause         error
	sessionExpiry time.Duration // 0 = ends with the connection, <0 = never
	will          *hub.Message
	expiry        *time.Timer // of the credential
	output        output
	ours          hubAliases
	receipts      receipts
	window        window
	subscriptions []subscription
	fetch         fetch
}

// client is what an MQTT 5 client said of its own limits.
type client struct {
	maxPacketSize uint32 // 0 = none
	aliasMaximum  int
	noProblemInfo bool
}

// signed is what a renewed credential of an MQTT 5 client has in common with the first.
type signed struct{ method, host string }

// dialect is one version of the device API.
type dialect interface {
	inbound
	outbound
}

type inbound interface {
	// publish handles a PUBLISH. r is its receipt, nil with QoS 0.
	publish(pk *packets.Packet, r *receipt) error
	// grant judges a topic filter. A code other than 0 refuses it.
	grant(filter string) (s subscription, code byte)
	// refusal says how to answer a telemetry message that the hub did not take.
	refusal(err error) *fault
}

type outbound interface {
	method(hub.MethodRequest) (packets.Packet, error)
	desired(version int64, patch []byte) packets.Packet
	command(hub.LockedCommand) packets.Packet
}

func newConn(f *Front, nc net.Conn) *conn {
	c := &conn{front: f, net: nc, gate: newGate(nc), room: make(chan struct{}, 1)}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// serve runs the connection from its first byte to its end.
func (c *conn) serve() {
	var err error
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			c.front.cfg.Log.Error("MQTT connection failed", "device", c.device, "panic", p, "stack", string(debug.Stack()))
		}
		c.finish(err)
	}()
	if err = c.greet(); err == nil {
		err = c.read()
	}
}

// greet does what comes before the first packet of an established connection.
func (c *conn) greet() error {
	if t, ok := c.net.(*tls.Conn); ok {
		ctx, cancel := context.WithTimeout(c.ctx, c.front.cfg.ConnectTimeout)
		defer cancel()
		if err := t.HandshakeContext(ctx); err != nil {
			c.front.refusals.Add("tls")
			return fmt.Errorf("TLS handshake: %w", err)
		}
	}
	deadline := time.Now().Add(c.front.cfg.ConnectTimeout)
	if err := c.await(deadline); err != nil {
		return err
	}
	return c.connect(deadline)
}

// await sets the time by which the next packet has to be there.
func (c *conn) await(deadline time.Time) error {
	if err := c.net.SetReadDeadline(deadline); err != nil {
		return err
	}
	// Checked after the deadline was set: an end is marked in ctx before the reader is woken.
	return c.ctx.Err()
}

func (c *conn) read() error {
	for {
		if err := c.await(c.nextDeadline()); err != nil {
			return err
		}
		f, err := c.gate.next()
		if errors.Is(err, os.ErrDeadlineExceeded) && c.ctx.Err() == nil {
			err = faultf(codeKeepAliveTimeout, "no packet for %v", c.patience)
		}
		if err == nil {
			err = c.ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := f.decode(c.version, &c.packet); err != nil {
			return malformed("%v", err)
		}
		if done, err := c.handle(&c.packet); done || err != nil {
			return err
		}
	}
}

func (c *conn) nextDeadline() time.Time {
	if c.patience == 0 {
		return time.Time{}
	}
	return time.Now().Add(c.patience)
}

// handle acts on a packet; done means that it was the last.
func (c *conn) handle(pk *packets.Packet) (done bool, err error) {
	kind := pk.FixedHeader.Type
	if c.member != nil && kind != packets.Pingreq {
		return kind == packets.Disconnect, c.relay(pk)
	}
	switch kind {
	case packets.Publish:
		return false, c.publish(pk)
	case packets.Puback:
		return false, c.acknowledged(pk)
	case packets.Subscribe:
		return false, c.subscribe(pk)
	case packets.Unsubscribe:
		return false, c.unsubscribe(pk)
	case packets.Pingreq:
		return false, c.send(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingresp}})
	case packets.Disconnect:
		return true, c.farewell(pk)
	case packets.Auth:
		return false, c.reauthenticate(pk)
	}
	return false, protocolError("packet type %d belongs to QoS 2, which is not offered", kind)
}

// farewell handles the client's DISCONNECT.
func (c *conn) farewell(pk *packets.Packet) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if pk.Properties.SessionExpiryIntervalFlag {
		asked := sessionExpiry(pk.Properties.SessionExpiryInterval)
		if asked != 0 && c.sessionExpiry == 0 {
			return protocolError("session expiry interval was 0 in CONNECT")
		}
		c.sessionExpiry = asked
	}
	if pk.ReasonCode == codeSuccess {
		c.will = nil
	}
	return nil
}

// finish ends the connection after its reader has. Errors tell what the other side is
// owed: a fault a last packet, a closed socket nothing.
func (c *conn) finish(err error) {
	var f *fault
	if errors.As(err, &f) {
		c.shut(f)
	} else {
		c.shutQuietly(err)
	}
	if f == nil && broken(err) {
		_ = c.net.Close() // nobody is there to read what is left
	}
	c.stopExpiry()
	if c.link != nil {
		c.sendWill()
		c.front.sessions.leave(c)
		c.link.Close()
	}
	if c.member != nil {
		c.member.Leave()
	}
	c.tasks.Wait()
	if f != nil {
		c.linger()
	}
	_ = c.net.Close()
	c.front.cfg.Log.Debug("MQTT connection ended", "device", c.device, "cause", c.why())
}

// broken says whether the connection failed, other than by our own doing.
func broken(err error) bool {
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, os.ErrDeadlineExceeded)
}

func (c *conn) why() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}
