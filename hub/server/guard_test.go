package server

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
)

// from is a connection that says it comes from an address.
type from struct {
	net.Conn
	address string
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(f.address), Port: 1} }

// caller is a listener with clients to call it.
type caller struct {
	t     *testing.T
	conns chan net.Conn
	guard *guard
	net.Listener
	log strings.Builder
}

func newCaller(t *testing.T, l Limits) *caller {
	c := &caller{t: t, conns: make(chan net.Conn, 100)}
	c.guard = newGuard(l, slog.New(slog.NewTextHandler(&c.log, nil)))
	c.Listener = c.guard.listener(pipes{c.conns, make(chan struct{})})
	return c
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error { close(p.closed); return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// call connects from an address and returns both ends; the far one is nil when refused.
func (c *caller) call(address string) (near, far net.Conn) {
	c.t.Helper()
	near, end := net.Pipe()
	c.t.Cleanup(func() { near.Close() })
	c.conns <- from{end, address}
	got := make(chan net.Conn, 1)
	go func() {
		if conn, err := c.Accept(); err == nil {
			got <- conn
		}
	}()
	synctest.Wait()
	select {
	case far = <-got:
	default:
	}
	return near, far
}

func hungUp(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := c.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

func TestConnectionLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCaller(t, Limits{Connections: 2})
		defer c.Close()
		_, a := c.call("10.0.0.1")
		_, b := c.call("10.0.0.2")
		hub.Admit(a)
		hub.Admit(a)
		if near, far := c.call("10.0.0.3"); far != nil || !hungUp(near) {
			t.Error("a third connection was let in")
		}
		if n := strings.Count(c.log.String(), "connections refused"); n != 1 || !strings.Contains(c.log.String(), "10.0.0.3") {
			t.Errorf("log: %s", &c.log)
		}
		for _, conn := range []net.Conn{a, a, b} { // twice is once
			_ = conn.Close()
		}
		for range 2 {
			// the Accept that the refused one left behind takes the first
			if near, _ := c.call("10.0.0.4"); hungUp(near) {
				t.Error("refused, though two have left")
			}
		}
		if c.guard.known != 0 || c.guard.strangers.Len() != 2 {
			t.Errorf("counted %d known, %d strangers", c.guard.known, c.guard.strangers.Len())
		}
	})
}

func TestStrangersPerAddress(t *testing.T) {
	for _, row := range []struct {
		why, first, second string
		refused            bool
	}{
		{"same address", "10.0.0.1", "10.0.0.1", true},
		{"another address", "10.0.0.1", "10.0.0.2", false},
		{"same IPv6 network", "2001:db8::1", "2001:db8::ffff:1", true},
		{"another IPv6 network", "2001:db8::1", "2001:db8:0:1::1", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newCaller(t, Limits{StrangersPerAddress: 1})
			defer c.Close()
			_, a := c.call(row.first)
			near, b := c.call(row.second)
			if refused := b == nil && hungUp(near); refused != row.refused {
				t.Errorf("%s: refused is %v", row.why, refused)
			}
			hub.Admit(a)
			if near, _ := c.call(row.first); hungUp(near) {
				t.Errorf("%s: refused though the first has authenticated", row.why)
			}
		})
	}
}

// Strangers enough: the next waits until one has become known, or the oldest has had its
// time.
func TestStrangersMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCaller(t, Limits{Strangers: 2})
		defer c.Close()
		silent, _ := c.call("10.0.0.1")
		time.Sleep(time.Second)
		_, b := c.call("10.0.0.2")
		waits, far := c.call("10.0.0.3")
		if far != nil || hungUp(waits) || c.guard.strangers.Len() != 2 {
			t.Fatal("the third did not wait")
		}
		hub.Admit(b)
		synctest.Wait()
		if c.guard.strangers.Len() != 2 || c.guard.known != 1 {
			t.Fatal("the third did not get the place of who became known")
		}
		last, far := c.call("10.0.0.4")
		if far != nil || hungUp(last) {
			t.Fatal("the fourth did not wait")
		}
		start := time.Now()
		for !hungUp(silent) {
			time.Sleep(100 * time.Millisecond)
		}
		if took := time.Since(start); took < time.Second || took > strangerGrace || hungUp(last) {
			t.Errorf("the oldest was sent away after %v", took)
		}
	})
}

// Who waits for room does not keep the listener from closing.
func TestGuardCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCaller(t, Limits{Strangers: 1})
		c.call("10.0.0.1")
		near, _ := c.call("10.0.0.2")
		start := time.Now()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !hungUp(near) || time.Since(start) > time.Second {
			t.Error("the one who waited was not sent away")
		}
	})
}
