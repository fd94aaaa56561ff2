package mqtt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// fetch is the state of getting commands out of the hub. They are taken only when
// there is room in the window, so that what a client cannot take stays in its queue.
type fetch struct {
	waiting bool // the hub may have commands
	running bool // a deliverer runs
}

// fetchLocked starts a deliverer when commands may be had and sent.
func (c *conn) fetchLocked(news bool) {
	c.fetch.waiting = c.fetch.waiting || news
	if c.fetch.running || !c.fetchable() {
		return
	}
	c.fetch.running = true
	c.tasks.Go(c.deliver)
}

func (c *conn) fetchable() bool {
	return c.fetch.waiting && c.ready && !c.ending && !c.window.full() && !c.outputBusy() && c.subscription(channelCommands, "") != nil
}

// outputBusy keeps commands back while the client has much to read already.
func (c *conn) outputBusy() bool {
	return c.output.buf != nil && c.output.buf.Len() > maxOutput/4
}

func (c *conn) deliver() {
	defer func() {
		if p := recover(); p != nil {
			c.front.cfg.Log.Error("MQTT delivery failed", "device", c.device, "panic", p, "stack", string(debug.Stack()))
			c.shutQuietly(fmt.Errorf("panic: %v", p))
		}
	}()
	for c.fetchMore() {
		if err := c.deliverNext(); err != nil {
			c.shut(asFault(err))
		}
	}
}

// fetchMore says whether the deliverer is to go on.
func (c *conn) fetchMore() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.fetchable() {
		c.fetch.running = false
		return false
	}
	c.fetch.waiting = false
	return true
}

// errUnwanted means that the client has unsubscribed from commands meanwhile.
var errUnwanted = errors.New("client does not listen for commands any more")

func (c *conn) deliverNext() error {
	ctx, cancel := c.hubContext()
	defer cancel()
	command, ok, err := c.link.NextCommand(ctx)
	if errors.Is(err, hub.ErrClosed) || c.ctx.Err() != nil {
		return nil
	}
	if err != nil || !ok {
		return err
	}
	pk := c.dialect.command(command)
	qos, err := c.sendCommand(command, &pk)
	switch {
	case errors.Is(err, errUnwanted):
		err = c.link.Abandon(ctx, command.LockToken)
	case errors.Is(err, errTooLarge):
		err = c.link.Reject(ctx, command.LockToken)
	case err == nil && qos == 0:
		err = c.link.Complete(ctx, command.LockToken)
	}
	if errors.Is(err, hub.ErrClosed) {
		return nil
	}
	return err
}

// sendCommand sends a command at the QoS the client has subscribed with. One that is
// still in flight, its lock having run out, is not sent again.
func (c *conn) sendCommand(command hub.LockedCommand, pk *packets.Packet) (qos byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetch.waiting = true // until the hub says that there are no more
	s := c.subscription(channelCommands, "")
	if s == nil || c.ending {
		return 1, errUnwanted
	}
	pk.FixedHeader = packets.FixedHeader{Type: packets.Publish, Qos: s.qos}
	if s.qos == 0 {
		return 0, c.sendLocked(pk)
	}
	w := &c.window
	d := delivery{token: command.LockToken, sequence: command.Sequence}
	if id, ok := w.holds(command.Sequence); ok {
		w.inflight[id] = d
		return 1, nil
	}
	id, again := w.commandID(command.Sequence)
	pk.FixedHeader.Dup = again
	return 1, c.sendTrackedLocked(pk, id, d)
}

// hubContext bounds one operation of the hub.
func (c *conn) hubContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.ctx, hubTimeout)
}
