package link

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// A hub that does not read ends the connection once the backlog is full; the
// writer never waits.
func TestWireBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		w := newWire(context.Background(), near, mqtt311, time.Hour)
		publish := append([]byte{packetPublish << 4, 0xff, 0xff, 0x03}, make([]byte, 0xffff)...)
		start := time.Now()
		var err error
		n := 0
		for ; err == nil; n += len(publish) {
			_, err = w.Write(publish)
		}
		if !errors.Is(err, errBacklog) || !errors.Is(context.Cause(w.ctx), errBacklog) || time.Since(start) != 0 {
			t.Errorf("after %v: %v, connection ended by %v", time.Since(start), err, context.Cause(w.ctx))
		}
		if n < maxBacklog || n > 2*maxBacklog+2*len(publish) { // as much again is with the writing goroutine
			t.Errorf("%d bytes were taken, want %d to twice that", n, maxBacklog)
		}
		if _, err := w.Write(publish); err == nil {
			t.Error("wrote to an ended connection")
		}
		w.Close()
	})
}

// However a library cuts its packets, each goes out in one write, and PUBACKs
// do not go out at all.
func TestWirePackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		w := newWire(context.Background(), near, mqtt5, time.Minute)
		b := make([]byte, 100)
		for _, c := range []struct {
			pieces [][]byte
			want   string
		}{
			{[][]byte{{0x30}, {3, 0}, {1, 'a'}}, "\x30\x03\x00\x01a"},
			{[][]byte{{0x40}, {2, 0}, {1, 0xc0, 0}}, "\xc0\x00"}, // PUBACK, then PINGREQ
		} {
			for _, piece := range c.pieces {
				if _, err := w.Write(piece); err != nil {
					t.Fatal(err)
				}
			}
			if n, err := far.Read(b); string(b[:n]) != c.want || err != nil {
				t.Errorf("read %q, %v; want %q", b[:n], err, c.want)
			}
		}
		w.puback(0x102)
		if n, _ := far.Read(b); string(b[:n]) != "\x40\x02\x01\x02" {
			t.Errorf("acknowledged with %q", b[:n])
		}
		w.Close()
		if _, err := far.Read(b); err == nil {
			t.Error("the connection is still open")
		}
		w.fail(ErrClosed)
	})
}
