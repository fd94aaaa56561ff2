package scenarios

import (
	"context"
	"errors"
	"net"
	"sync"
)

// access is one device's way to the hub: the place where a scenario takes the
// network away and gives it back.
type access struct {
	dial func(context.Context) (net.Conn, error)

	mu   sync.Mutex
	down bool
	conn net.Conn
}

var errNoNetwork = errors.New("network is unreachable")

// Dial opens a connection unless the network is down.
func (a *access) Dial(ctx context.Context) (net.Conn, error) {
	a.mu.Lock()
	down := a.down
	a.mu.Unlock()
	if down {
		return nil, errNoNetwork
	}
	conn, err := a.dial(ctx)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down {
		_ = conn.Close()
		return nil, errNoNetwork
	}
	a.conn = conn
	return conn, nil
}

// set takes the network down, ending the open connection, or up.
func (a *access) set(down bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.down = down
	if down && a.conn != nil {
		_ = a.conn.Close()
		a.conn = nil
	}
}
