package mqtt

import (
	"bytes"
	"context"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// receipts are the PUBACKs owed to the client, in the order in which it published, and
// the telemetry that is on its way into the log.
type receipts struct {
	owed    []*receipt
	pending int
	bytes   int
}

// receipt is one PUBACK: due once the hub has done with the message.
type receipt struct {
	id    uint16
	done  bool
	fault *fault
}

// publish checks what holds for both dialects and hands on to the client's.
func (c *conn) publish(pk *packets.Packet) error {
	if pk.FixedHeader.Qos == 2 {
		return faultf(codeQoSNotSupported, "QoS 2 is not offered")
	}
	if c.version == 5 && pk.FixedHeader.Retain {
		return faultf(codeRetainNotSupported, "RETAIN is not offered")
	}
	if len(pk.Payload) > c.front.cfg.MaxPacketSize {
		return faultf(codePacketTooLarge, "payload of %d bytes; at most %d are allowed", len(pk.Payload), c.front.cfg.MaxPacketSize)
	}
	if f := c.theirs.resolve(pk, c.front.cfg.TopicAliasMaximum); f != nil {
		return f
	}
	if pk.FixedHeader.Qos == 0 {
		return c.dialect.publish(pk, nil)
	}
	r, err := c.owe(pk.PacketID)
	if err != nil {
		return err
	}
	return c.dialect.publish(pk, r)
}

// owe notes a QoS 1 publish.
func (c *conn) owe(id uint16) (*receipt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version == 5 && len(c.receipts.owed) >= c.front.cfg.ReceiveMaximum {
		return nil, faultf(codeReceiveMaximumExceeded, "more than %d publishes are unacknowledged", c.front.cfg.ReceiveMaximum)
	}
	r := &receipt{id: id}
	c.receipts.owed = append(c.receipts.owed, r)
	return r, nil
}

// settle makes a PUBACK due; a nil receipt owes none.
func (c *conn) settle(r *receipt, f *fault) {
	if r == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settleLocked(r, f)
}

func (c *conn) settleLocked(r *receipt, f *fault) {
	r.done, r.fault = true, f
	n := 0
	for _, r := range c.receipts.owed {
		if !r.done {
			break
		}
		c.puback(r)
		n++
	}
	c.receipts.owed = append(c.receipts.owed[:0], c.receipts.owed[n:]...)
}

func (c *conn) puback(r *receipt) {
	if r.fault == nil { // the same bytes in both versions
		_ = c.appendLocked(func(b *bytes.Buffer) error {
			_, err := b.Write([]byte{packets.Puback << 4, 2, byte(r.id >> 8), byte(r.id)})
			return err
		})
		return
	}
	pk := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: r.id, ReasonCode: r.fault.code}
	pk.Mods.DisallowProblemInfo = c.client.noProblemInfo
	pk.Properties.User = c.statusProperties(r.fault)
	_ = c.sendLocked(pk)
}

// store hands telemetry to the hub. The reader waits here when the client is far ahead
// of the log, which is what bounds a client without a Receive Maximum.
func (c *conn) store(m hub.Message, r *receipt) error {
	for !c.reserve(len(m.Body)) {
		select {
		case <-c.room:
		case <-c.ctx.Done():
			return context.Cause(c.ctx)
		}
	}
	c.link.Telemetry(m, func(err error) { c.stored(r, len(m.Body), err) })
	return nil
}

func (c *conn) reserve(size int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := &c.receipts
	if b.pending >= maxPending || b.pending > 0 && b.bytes+size > maxPendingBytes {
		return false
	}
	b.pending++
	b.bytes += size
	return true
}

// stored is called by the hub when a message is durable, or refused.
func (c *conn) stored(r *receipt, size int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.receipts.pending--
	c.receipts.bytes -= size
	select {
	case c.room <- struct{}{}:
	default:
	}
	if err == nil {
		if r != nil {
			c.settleLocked(r, nil)
		}
		return
	}
	f := c.dialect.refusal(err)
	if c.version == 5 && r != nil {
		c.settleLocked(r, f)
		return
	}
	c.shutLocked(f, f)
}
