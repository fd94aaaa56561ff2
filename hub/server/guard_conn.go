package server

import (
	"container/list"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// guardedConn is a connection that was counted.
type guardedConn struct {
	net.Conn
	guard   *guard
	address netip.Addr
	since   time.Time

	// under guard.mu
	place  *list.Element // nil when known, or gone
	known  bool
	closed bool
}

// Admit makes a stranger known, see hub.Admit.
func (c *guardedConn) Admit() {
	g := c.guard
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.place != nil {
		g.forget(c)
		g.known++
		c.known = true
	}
}

// CloseWrite ends what is sent, where the connection below can do that by itself.
func (c *guardedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Close closes the connection and counts it out.
func (c *guardedConn) Close() error {
	g := c.guard
	g.mu.Lock()
	g.forget(c)
	if c.known && !c.closed {
		g.known--
	}
	c.closed = true
	g.mu.Unlock()
	return c.Conn.Close()
}

// guardedListener is a listener whose connections a guard counts.
type guardedListener struct {
	net.Listener
	guard  *guard
	once   sync.Once
	closed chan struct{}
}

func (g *guard) listener(l net.Listener) net.Listener {
	return &guardedListener{Listener: l, guard: g, closed: make(chan struct{})}
}

// Accept returns the next connection that may come in.
func (l *guardedListener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c, err := l.guard.take(nc, l.closed)
		if err == nil {
			return c, nil
		}
		_ = nc.Close()
		if errors.Is(err, errGuardClosed) {
			return nil, net.ErrClosed
		}
	}
}

// Close closes the listener.
func (l *guardedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}
