package server

import (
	"container/list"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"twinrig/hub"
)

// complaintPause is between two lines in the log about connections refused.
const complaintPause = 10 * time.Second

// guard counts the connections of all listeners, and lets in what Limits allow.
type guard struct {
	limits Limits
	log    *slog.Logger

	mu         sync.Mutex
	known      int        // connections that have authenticated
	strangers  *list.List // of *guardedConn, oldest first
	byAddress  map[netip.Addr]int
	room       chan struct{} // signalled when a stranger leaves or becomes known; capacity 1
	complained time.Time
	refused    int // since then
	refusals   hub.Counts
}

func newGuard(l Limits, log *slog.Logger) *guard {
	return &guard{limits: l.withDefaults(), log: log, strangers: list.New(), byAddress: map[netip.Addr]int{}, room: make(chan struct{}, 1)}
}

var (
	errTooMany            = errors.New("too many connections")
	errTooManyOfAnAddress = errors.New("too many connections of this address that have not authenticated")
	errGuardClosed        = errors.New("listener is closed")
)

// take counts a new connection in. When there are strangers enough it waits for one to
// leave, or sends away the one that has been there longest, once its grace is over.
func (g *guard) take(nc net.Conn, closed <-chan struct{}) (*guardedConn, error) {
	c := &guardedConn{Conn: nc, guard: g, address: network(nc.RemoteAddr())}
	for {
		wait, err := g.admitStranger(c)
		if wait == 0 {
			return c, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-g.room:
		case <-timer.C:
		case <-closed:
			err = errGuardClosed
		}
		timer.Stop()
		if err != nil {
			return nil, err
		}
	}
}

// admitStranger says how long to wait and try again, 0 when c is in or refused.
func (g *guard) admitStranger(c *guardedConn) (wait time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.strangers.Len()
	switch l := g.limits; {
	case l.Connections > 0 && g.known+n >= l.Connections:
		return 0, g.complain(errTooMany, c)
	case l.StrangersPerAddress > 0 && c.address.IsValid() && g.byAddress[c.address] >= l.StrangersPerAddress:
		return 0, g.complain(errTooManyOfAnAddress, c)
	case l.Strangers > 0 && n >= l.Strangers:
		oldest := g.strangers.Front().Value.(*guardedConn)
		if wait = strangerGrace - time.Since(oldest.since); wait > 0 {
			return wait, nil
		}
		g.forget(oldest)
		_ = oldest.Conn.Close()
	}
	c.since = time.Now()
	c.place = g.strangers.PushBack(c)
	g.byAddress[c.address]++
	return 0, nil
}

// forget takes a stranger out of the list.
func (g *guard) forget(c *guardedConn) {
	if c.place == nil {
		return
	}
	g.strangers.Remove(c.place)
	c.place = nil
	if g.byAddress[c.address]--; g.byAddress[c.address] == 0 {
		delete(g.byAddress, c.address)
	}
	select {
	case g.room <- struct{}{}:
	default:
	}
}

func (g *guard) complain(cause error, c *guardedConn) error {
	g.refused++
	g.refusals.Add(cause.Error())
	if time.Since(g.complained) >= complaintPause {
		g.log.Warn("connections refused", "number", g.refused, "last from", c.RemoteAddr(), "cause", cause)
		g.complained, g.refused = time.Now(), 0
	}
	return cause
}

// network is the address whose strangers are counted together; the zero one for
// connections within the process.
func network(a net.Addr) netip.Addr {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	address := tcp.AddrPort().Addr().Unmap()
	if address.Is6() {
		prefix, _ := address.WithZone("").Prefix(64) // cannot fail
		return prefix.Addr()
	}
	return address
}
