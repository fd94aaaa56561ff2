package mqtt

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// A cursor walks over the body of a packet. After the first fault it yields zero
// values, so that a check reads like the standard's table and asks once.
type cursor struct {
	rest  []byte
	fault *fault
}

func (c *cursor) fail(f *fault) {
	if c.fault == nil {
		c.fault = f
		c.rest = nil
	}
}

func (c *cursor) take(n int, what string) []byte {
	if n > len(c.rest) {
		c.fail(malformed("%s is cut off", what))
		return nil
	}
	b := c.rest[:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cursor) byte(what string) byte {
	if b := c.take(1, what); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16(what string) uint16 {
	if b := c.take(2, what); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32(what string) uint32 {
	if b := c.take(4, what); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// varint reads a variable byte integer, which must use as few bytes as it can.
func (c *cursor) varint(what string) int {
	value := 0
	for shift := 0; shift < 28; shift += 7 {
		b := c.take(1, what)
		if b == nil {
			return 0
		}
		value |= int(b[0]&0x7f) << shift
		if b[0]&0x80 == 0 {
			if b[0] == 0 && shift > 0 {
				c.fail(malformed("%s uses more bytes than it needs", what))
				return 0
			}
			return value
		}
	}
	c.fail(malformed("%s has more than 4 bytes", what))
	return 0
}

func (c *cursor) binary(what string) []byte {
	return c.take(int(c.uint16(what)), what)
}

// text reads a UTF-8 string. The standard bars U+0000 and surrogates.
func (c *cursor) text(what string) string {
	b := c.binary(what)
	if !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
		c.fail(malformed("%s is not valid UTF-8", what))
		return ""
	}
	return string(b)
}

func (c *cursor) packetID() {
	if c.uint16("packet identifier") == 0 {
		c.fail(protocolError("packet identifier is 0"))
	}
}

// end fails when anything is left over.
func (c *cursor) end() {
	if len(c.rest) > 0 {
		c.fail(malformed("%d bytes follow the end of the packet", len(c.rest)))
	}
}
