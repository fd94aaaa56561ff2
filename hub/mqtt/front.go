package mqtt

import (
	"context"
	"fmt"
	"net"
	"sync"

	"twinrig/hub"
	"twinrig/hub/mqtt/broker"
)

// Front serves MQTT connections of one hub, or one broker. Its methods may be called from any
// goroutine.
type Front struct {
	hub      *hub.Hub
	auth     hub.Authenticator
	broker   *broker.Broker // in place of hub and auth; nil in front of a hub
	cfg      Config
	sessions sessions

	refusals hub.Counts // of CONNECT, by reason

	mu        sync.Mutex
	conns     map[*conn]struct{}
	listeners map[net.Listener]struct{}
	closed    chan struct{}
	serving   sync.WaitGroup // ServeConn and Serve calls
}

// New returns a Front for h. Devices are authenticated by a.
func New(h *hub.Hub, a hub.Authenticator, cfg Config) *Front {
	f := newFront(cfg)
	f.hub, f.auth = h, a
	h.OnDelete(f.sessions.forget)
	return f
}

// NewBroker returns a Front for a plain MQTT broker in place of a hub. It is to be closed
// before b is.
func NewBroker(b *broker.Broker, cfg Config) *Front {
	f := newFront(cfg)
	f.broker = b
	return f
}

func newFront(cfg Config) *Front {
	return &Front{
		cfg:       cfg.withDefaults(),
		sessions:  sessions{byDevice: map[string]*session{}},
		conns:     map[*conn]struct{}{},
		listeners: map[net.Listener]struct{}{},
		closed:    make(chan struct{}),
	}
}

// ServeConn serves one client and returns when its connection has ended. It closes nc.
func (f *Front) ServeConn(nc net.Conn) {
	c := newConn(f, nc)
	if !f.enter(func() { f.conns[c] = struct{}{} }) {
		_ = nc.Close()
		return
	}
	defer f.leave(func() { delete(f.conns, c) })
	c.serve()
}

// enter registers a call that Close has to wait for; false means that it came too late.
func (f *Front) enter(register func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.isClosed() {
		return false
	}
	register()
	f.serving.Add(1)
	return true
}

func (f *Front) leave(unregister func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	unregister()
	f.serving.Done()
}

func (f *Front) isClosed() bool {
	select {
	case <-f.closed:
		return true
	default:
		return false
	}
}

// Close closes the listeners given to Serve, takes leave of all clients and returns
// when every goroutine has ended. When ctx ends first, it closes their sockets.
func (f *Front) Close(ctx context.Context) error {
	f.shut()
	done := make(chan struct{})
	go func() {
		f.serving.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	for _, c := range f.connections() {
		_ = c.net.Close()
	}
	<-done
	return fmt.Errorf("close MQTT front: clients cut off: %w", context.Cause(ctx))
}

func (f *Front) shut() {
	f.mu.Lock()
	if !f.isClosed() {
		close(f.closed)
	}
	for l := range f.listeners {
		_ = l.Close()
	}
	f.mu.Unlock()
	for _, c := range f.connections() {
		c.Close(hub.CloseShutdown)
	}
}

func (f *Front) connections() []*conn {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]*conn, 0, len(f.conns))
	for c := range f.conns {
		all = append(all, c)
	}
	return all
}
