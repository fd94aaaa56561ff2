package mqtt

import (
	"bytes"
	"errors"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// output is what waits to be written. Packets that are ready together leave in one
// write, without anybody waiting for a fuller buffer.
type output struct {
	buf     *bytes.Buffer // nil while idle
	writing bool          // a flusher runs
}

const keptBuffer = 64 << 10 // larger ones are left to the garbage collector

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func releaseBuffer(b *bytes.Buffer) {
	if b.Cap() <= keptBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// errSlow ends the connection of a client that does not read what it is sent.
var errSlow = errors.New("client does not keep up with what it is sent")

// send queues a packet. It never blocks.
func (c *conn) send(pk *packets.Packet) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sendLocked(pk)
}

func (c *conn) sendLocked(pk *packets.Packet) error {
	pk.ProtocolVersion = c.version
	pk.Mods.AllowResponseInfo = true // mochi's condition for correlation data
	topic := c.ours.shorten(pk, c.client.aliasMaximum)
	err := c.appendLocked(func(b *bytes.Buffer) error { return encode(b, pk, c.client.maxPacketSize) })
	if err == nil {
		c.ours.learn(topic, pk)
	}
	return err
}

// appendLocked lets write add a packet to the output.
func (c *conn) appendLocked(write func(*bytes.Buffer) error) error {
	if c.ending {
		return nil
	}
	if c.output.buf == nil {
		c.output.buf = buffers.Get().(*bytes.Buffer)
	}
	before := c.output.buf.Len()
	err := write(c.output.buf)
	if before > 0 && c.output.buf.Len() > maxOutput {
		c.output.buf.Truncate(before)
		c.shutLocked(nil, errSlow)
		return errSlow
	}
	c.flushLocked()
	return err
}

// flushLocked sees to it that a flusher runs when there is output.
func (c *conn) flushLocked() {
	if c.output.buf == nil || c.output.buf.Len() == 0 || c.output.writing {
		return
	}
	c.output.writing = true
	c.tasks.Go(c.flush)
}

func (c *conn) flush() {
	for buf := c.takeOutput(); buf != nil; buf = c.takeOutput() {
		_, err := c.net.Write(buf.Bytes())
		releaseBuffer(buf)
		if err != nil {
			c.shutQuietly(err)
		}
	}
	if c.member != nil {
		c.member.Resume() // messages may have waited for room
	}
}

// takeOutput returns what is to be written next, or nil when the flusher is to end.
func (c *conn) takeOutput() *bytes.Buffer {
	c.mu.Lock()
	defer c.mu.Unlock()
	buf := c.output.buf
	if buf == nil || buf.Len() == 0 {
		c.output.writing = false
		if c.ending {
			c.wakeReader()
		}
		c.fetchLocked(false) // commands may have waited for room
		return nil
	}
	c.output.buf = nil
	if !c.ending {
		_ = c.net.SetWriteDeadline(time.Now().Add(c.front.cfg.WriteTimeout))
	}
	return buf
}

// shut ends the connection, telling an MQTT 5 client why.
func (c *conn) shut(f *fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shutLocked(f, f)
}

// shutQuietly ends the connection without a word.
func (c *conn) shutQuietly(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shutLocked(nil, cause)
}

// shutLocked lets the flusher write what is there, briefly, and then stops the reader,
// which closes the socket. In this order because a deadline that passes during a read
// breaks some connections, WebSockets for one, for writing too.
func (c *conn) shutLocked(farewell *fault, cause error) {
	if c.ending {
		return
	}
	c.cause = cause
	if farewell != nil && c.ready && c.version == 5 {
		_ = c.sendLocked(c.disconnectPacket(farewell))
	}
	c.ending = true
	c.cancel()
	_ = c.net.SetWriteDeadline(time.Now().Add(closeLinger))
	if !c.output.writing {
		c.wakeReader()
	}
}

func (c *conn) wakeReader() {
	if c.net.SetReadDeadline(time.Now()) != nil {
		_ = c.net.Close()
	}
}

func (c *conn) disconnectPacket(f *fault) *packets.Packet {
	return &packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Disconnect},
		ReasonCode:  f.code,
		Properties:  packets.Properties{ReasonString: f.text, User: c.statusProperties(f)},
	}
}
