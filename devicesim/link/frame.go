package link

import (
	"bufio"
	"fmt"
	"io"
)

// maxPacket bounds one MQTT packet in either direction. Hubs allow 256 KiB of
// telemetry; the rest is room for topic, properties and a device that errs.
const maxPacket = 1 << 20

// version is the MQTT protocol level of CONNECT.
type version byte

const (
	mqtt311 version = 4
	mqtt5   version = 5
)

// MQTT control packet types, in the upper half of the first byte.
const (
	packetConnack    = 2
	packetPublish    = 3
	packetPuback     = 4
	packetSuback     = 9
	packetPingreq    = 12
	packetPingresp   = 13
	packetDisconnect = 14
	packetAuth       = 15
)

// frames reads whole MQTT packets and lets only those through that a hub may
// send. The MQTT libraries trust their peer: some malformed or unexpected
// packets make them panic or reserve hundreds of megabytes.
type frames struct {
	in      *bufio.Reader
	version version
	left    int  // unread bytes of the present packet
	open    bool // CONNACK has come
	code    byte // the CONNACK's return or reason code
}

// next waits for a packet's header and checks it without consuming anything.
func (f *frames) next() error {
	header, length, err := f.header()
	if err != nil {
		return err
	}
	first, err := f.in.Peek(1)
	if err != nil {
		return err
	}
	if err := f.admit(first[0]>>4, first[0]&15, length); err != nil {
		return err
	}
	if first[0]>>4 == packetConnack {
		b, err := f.in.Peek(header + 2)
		if err != nil {
			return midPacket(err)
		}
		f.open, f.code = true, b[header+1]
	}
	f.left = header + length
	return nil
}

// header returns the sizes of the fixed header and of what follows it.
func (f *frames) header() (header, length int, err error) {
	for header = 2; header <= 5; header++ {
		b, err := f.in.Peek(header)
		if err != nil {
			if header > 2 || len(b) > 0 {
				err = midPacket(err)
			}
			return 0, 0, err
		}
		digit := b[header-1]
		length |= int(digit&0x7f) << (7 * (header - 2))
		if digit < 0x80 {
			if header+length > maxPacket {
				return 0, 0, fmt.Errorf("%w: a packet of %d bytes", ErrProtocol, header+length)
			}
			return header, length, nil
		}
	}
	return 0, 0, fmt.Errorf("%w: packet length of more than four bytes", ErrProtocol)
}

// admit checks that the hub may send such a packet now.
func (f *frames) admit(kind, flags byte, length int) error {
	ok := false
	switch kind {
	case packetConnack:
		ok = !f.open && flags == 0 && (length == 2 || f.version == mqtt5 && length > 2)
	case packetPublish:
		ok = f.open && flags>>1&3 <= 1 && length >= 2
	case packetPuback:
		ok = f.open && flags == 0 && (length == 2 || f.version == mqtt5 && length > 2)
	case packetSuback:
		ok = f.open && flags == 0 && length >= 3
	case packetPingresp:
		ok = f.open && flags == 0 && length == 0
	case packetDisconnect:
		ok = f.open && flags == 0 && f.version == mqtt5
	case packetAuth:
		ok = flags == 0 && f.version == mqtt5
	}
	if !ok {
		return fmt.Errorf("%w: packet type %d with flags %d and length %d", ErrProtocol, kind, flags, length)
	}
	return nil
}

// read consumes bytes of the present packet, never beyond it.
func (f *frames) read(p []byte) (int, error) {
	n, err := f.in.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, midPacket(err)
}

// midPacket turns an end of file inside a packet into io.ErrUnexpectedEOF.
func midPacket(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// packetLength is the size of the packet that b starts with, once enough of it
// is there to tell.
func packetLength(b []byte) (n int, ok bool) {
	length := 0
	for i := 1; i < len(b) && i <= 4; i++ {
		length |= int(b[i]&0x7f) << (7 * (i - 1))
		if b[i] < 0x80 {
			return 1 + i + length, true
		}
	}
	return 0, false
}
