package memnet

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const maxLatency = 1000 // nanoseconds, of one direction

// Network connects clients with listeners by name.
type Network struct {
	seed uint64

	mu        sync.Mutex
	listeners map[string]*listener
	dialled   map[route]int
}

type route struct{ client, name string }

// New makes an empty network.
func New(seed uint64) *Network {
	return &Network{seed: seed, listeners: map[string]*listener{}, dialled: map[route]int{}}
}

// Listen announces name, such as "hub:8883", until the listener is closed.
func (n *Network) Listen(name string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[name] != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: addr(name), Err: syscall.EADDRINUSE}
	}
	l := newListener(n, name)
	n.listeners[name] = l
	return l, nil
}

// Dial connects client to the listener called name.
func (n *Network) Dial(ctx context.Context, client, name string) (net.Conn, error) {
	c, err := n.dial(ctx, client, name)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Source: addr(client), Addr: addr(name), Err: err}
	}
	return c, nil
}

func (n *Network) dial(ctx context.Context, client, name string) (net.Conn, error) {
	near, far := n.pair(client, name)
	if err := sleep(ctx, near.out.latency); err != nil {
		return nil, err
	}
	l := n.listener(name)
	if l == nil {
		return nil, syscall.ECONNREFUSED
	}
	if err := l.offer(ctx, far); err != nil {
		near.cut()
		return nil, err
	}
	if err := sleep(ctx, near.in.latency); err != nil {
		near.cut()
		return nil, err
	}
	return near, nil
}

// pair makes both ends of a connection, with a latency of its own.
func (n *Network) pair(client, name string) (near, far *conn) {
	n.mu.Lock()
	n.dialled[route{client, name}]++
	ordinal := n.dialled[route{client, name}]
	n.mu.Unlock()

	h := fnv.New64a()
	_, _ = io.WriteString(h, client+"\x00"+name+"\x00"+strconv.Itoa(ordinal)) // hashes do not fail
	random := rand.New(rand.NewPCG(n.seed, h.Sum64()))
	up := newPipe(time.Duration(1 + random.IntN(maxLatency)))
	down := newPipe(time.Duration(1 + random.IntN(maxLatency)))
	local := addr(fmt.Sprintf("%s:%d", client, ordinal))
	near = &conn{in: down, out: up, local: local, remote: addr(name)}
	far = &conn{in: up, out: down, local: addr(name), remote: local}
	return near, far
}

func (n *Network) listener(name string) *listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.listeners[name]
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
