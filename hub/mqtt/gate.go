package mqtt

import (
	"bufio"
	"io"
	"slices"

	"github.com/mochi-mqtt/server/v2/packets"
)

const (
	readBuffer = 2 << 10
	firstChunk = 4 << 10 // set aside for a packet before any of it has come
)

// frame is one control packet as it came off the wire and passed the gate.
type frame struct {
	kind  byte // packets.Publish and so on
	flags byte
	body  []byte
}

// A gate reads packets and lets through only what the standard allows: mochi's
// decoders behind it accept much that is malformed, reserve memory for whatever
// length a stranger claims and panic on one kind of SUBSCRIBE.
type gate struct {
	in      *bufio.Reader
	limit   int  // on the remaining length
	version byte // protocol level, 0 until a CONNECT told it
	open    bool // CONNECT has passed
}

func newGate(r io.Reader) *gate {
	return &gate{in: bufio.NewReaderSize(r, readBuffer), limit: maxConnectSize}
}

// next returns the next packet. An error is a *fault or comes from the connection.
func (g *gate) next() (frame, error) {
	head, err := g.in.ReadByte()
	if err != nil {
		return frame{}, err
	}
	f := frame{kind: head >> 4, flags: head & 0x0f}
	if bad := g.admit(f); bad != nil {
		return f, bad
	}
	length, err := g.length()
	if err != nil {
		return f, err
	}
	if length > g.limit {
		return f, faultf(codePacketTooLarge, "packet of %d bytes; at most %d are allowed", length, g.limit)
	}
	if f.body, err = g.body(length); err != nil {
		return f, err
	}
	if bad := g.check(f); bad != nil {
		return f, bad
	}
	return f, nil
}

// admit judges the first byte of a packet.
func (g *gate) admit(f frame) *fault {
	want := byte(0)
	switch f.kind {
	case packets.Connect:
		if g.open {
			return protocolError("second CONNECT")
		}
	case packets.Publish:
		want = f.flags
	case packets.Pubrel, packets.Subscribe, packets.Unsubscribe:
		want = 2
	case packets.Puback, packets.Pubrec, packets.Pubcomp, packets.Pingreq, packets.Disconnect:
	case packets.Auth:
		if g.version == 4 {
			return malformed("packet type 15 does not exist in MQTT 3.1.1")
		}
	case packets.Reserved:
		return malformed("packet type 0 is reserved")
	default:
		return protocolError("clients do not send packets of type %d", f.kind)
	}
	if !g.open && f.kind != packets.Connect {
		return protocolError("first packet is not CONNECT")
	}
	if f.flags != want {
		return malformed("flags of packet type %d are %#x", f.kind, f.flags)
	}
	return nil
}

// length reads the remaining length, without trust in the stream to be long enough.
func (g *gate) length() (int, error) {
	var raw [4]byte
	for i := range raw {
		b, err := g.in.ReadByte()
		if err != nil {
			return 0, unexpected(err)
		}
		raw[i] = b
		if b&0x80 == 0 {
			c := cursor{rest: raw[:i+1]}
			n := c.varint("remaining length")
			return n, asError(c.fault)
		}
	}
	return 0, malformed("remaining length has more than 4 bytes")
}

// body reads n bytes. Memory grows with what has arrived, not with what was claimed.
func (g *gate) body(n int) ([]byte, error) {
	body := make([]byte, 0, min(n, firstChunk))
	for len(body) < n {
		if len(body) == cap(body) {
			body = slices.Grow(body, min(n-len(body), len(body)))
		}
		part := body[len(body):min(cap(body), n)]
		if _, err := io.ReadFull(g.in, part); err != nil {
			return nil, unexpected(err)
		}
		body = body[:len(body)+len(part)]
	}
	return body, nil
}

// check judges the body of a packet.
func (g *gate) check(f frame) *fault {
	c := cursor{rest: f.body}
	switch f.kind {
	case packets.Connect:
		c.connect(&g.version)
		g.open = c.fault == nil
	case packets.Publish:
		c.publish(f.flags, g.version)
	case packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		c.ack(f.kind, g.version)
	case packets.Subscribe, packets.Unsubscribe:
		c.subscribe(f.kind, g.version)
	case packets.Disconnect:
		c.disconnect(g.version)
	case packets.Auth:
		c.auth()
	}
	c.end()
	return c.fault
}

// unexpected makes an end inside a packet tell itself apart from one between packets.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func asError(f *fault) error {
	if f == nil {
		return nil
	}
	return f
}
