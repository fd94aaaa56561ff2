package mqtt

import (
	"context"
	"errors"
	"math"
	"net"
	"runtime"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
	"twinrig/hub/mqtt/broker"
)

var _ broker.Link = (*brokerLink)(nil)

// brokerLink is a connection as a broker sees it.
type brokerLink struct{ c *conn }

func (l *brokerLink) Send(pk *packets.Packet) error {
	err := l.c.send(pk)
	if errors.Is(err, errTooLarge) {
		return broker.ErrTooLarge
	}
	return err
}

func (l *brokerLink) Room() bool {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	return !l.c.outputBusy()
}

func (l *brokerLink) Close(code byte, text string) {
	l.c.shut(&fault{code: code, text: text})
}

// join makes the connection that of a client of the broker.
func (c *conn) join(pk *packets.Packet) error {
	c.device = pk.Connect.ClientIdentifier
	if c.version == 5 {
		c.client.noProblemInfo = pk.Properties.RequestProblemInfoFlag && pk.Properties.RequestProblemInfo == 0
		c.client.maxPacketSize = pk.Properties.MaximumPacketSize
	}
	peer := broker.Peer{Link: &brokerLink{c}, Local: c.local(), ReceiveMaximum: c.front.cfg.ReceiveMaximum}
	m, err := c.front.broker.Connect(pk, peer)
	if err != nil {
		return brokerFault(err)
	}
	c.member = m
	hub.Admit(c.net)
	if m.Assigned != "" {
		c.device = m.Assigned
	}
	c.limits(pk)
	c.admit(pk)
	m.Start()
	return nil
}

// local says whether the client is on this machine.
func (c *conn) local() bool {
	address := c.net.RemoteAddr()
	if tcp, ok := address.(*net.TCPAddr); ok {
		return tcp.IP.IsLoopback()
	}
	return address.Network() == "pipe" // within this process
}

// admit sends the CONNACK.
func (c *conn) admit(pk *packets.Packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ack := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connack}, SessionPresent: c.member.Present}
	if c.version == 5 {
		ack.Properties = packets.Properties{
			ReceiveMaximum:    uint16(min(c.front.cfg.ReceiveMaximum, math.MaxUint16)),
			MaximumPacketSize: uint32(c.front.cfg.MaxPacketSize),
			TopicAliasMaximum: uint16(min(c.front.cfg.TopicAliasMaximum, math.MaxUint16)),
			AssignedClientID:  c.member.Assigned,
		}
		ack.Properties.ServerKeepAlive, ack.Properties.ServerKeepAliveFlag = c.serverKeepAlive(pk.Connect.Keepalive)
	}
	if err := c.sendLocked(ack); err != nil {
		c.shutLocked(nil, err)
		return
	}
	c.ready = true
	c.front.cfg.Log.Debug("MQTT client connected", "client", c.device, "version", c.version, "session", c.member.Present)
}

// relay hands a packet to the broker.
func (c *conn) relay(pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Disconnect:
		return brokerFault(c.member.Disconnect(pk))
	case packets.Publish:
		if len(pk.Payload) > c.front.cfg.MaxPacketSize {
			return faultf(codePacketTooLarge, "payload of %d bytes; at most %d are allowed", len(pk.Payload), c.front.cfg.MaxPacketSize)
		}
		if f := c.theirs.resolve(pk, c.front.cfg.TopicAliasMaximum); f != nil {
			return f
		}
		// Of packets that come at once on several connections, Go's poller wakes the reader of
		// the last one first. MQTT promises no order between clients, but who subscribes and
		// then has another client publish expects one.
		runtime.Gosched()
	}
	return brokerFault(c.member.Handle(pk))
}

// brokerFault makes an error of the broker one that a client can be told.
func brokerFault(err error) error {
	var r *broker.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r):
		return &fault{code: r.Code, text: r.Text}
	case errors.Is(err, errSlow), errors.Is(err, context.Canceled):
		return err
	}
	return &fault{code: codeImplementationSpecific, text: "the broker could not do this now"}
}
