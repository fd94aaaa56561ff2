package memnet

import (
	"context"
	"net"
	"sync"
	"syscall"
)

// backlog is how many connections wait to be accepted; further dials wait, too.
const backlog = 128

type listener struct {
	network *Network
	name    string
	waiting chan *conn
	done    chan struct{}
	once    sync.Once
}

func newListener(n *Network, name string) *listener {
	return &listener{network: n, name: name, waiting: make(chan *conn, backlog), done: make(chan struct{})}
}

// offer hands the far end of a connection to whoever accepts.
func (l *listener) offer(ctx context.Context, c *conn) error {
	select {
	case l.waiting <- c:
	case <-l.done:
		return syscall.ECONNREFUSED
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-l.done: // perhaps before c was there to be refused
		l.refuse()
		return syscall.ECONNREFUSED
	default:
		return nil
	}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.done:
	default:
		select {
		case c := <-l.waiting:
			return c, nil
		case <-l.done:
		}
	}
	l.refuse()
	return nil, &net.OpError{Op: "accept", Net: network, Addr: l.Addr(), Err: net.ErrClosed}
}

// Close implements net.Listener. Connections nobody accepted are reset.
func (l *listener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		delete(l.network.listeners, l.name)
		l.network.mu.Unlock()
		close(l.done)
	})
	l.refuse()
	return nil
}

func (l *listener) refuse() {
	for {
		select {
		case c := <-l.waiting:
			c.cut()
		default:
			return
		}
	}
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return addr(l.name) }

const network = "mem"

// addr is a name on the network.
type addr string

func (addr) Network() string  { return network }
func (a addr) String() string { return string(a) }
