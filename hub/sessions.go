package hub

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// sessions is the table of live connections, one a device at most, and of what is
// known about devices that were connected earlier. It lives in memory: state and
// activity are not worth a write per message.
type sessions struct {
	mu     sync.Mutex
	live   map[string]*Connection
	past   map[string]presence
	ready  map[string]chan struct{} // closed when a device connects or begins to listen for methods
	closed bool

	deleted []func(id string) // front ends that hear of deletions
}

// presence is what services see of a device's connection.
type presence struct {
	state    string
	updated  time.Time
	activity time.Time
}

func (s *sessions) init() {
	s.live = map[string]*Connection{}
	s.past = map[string]presence{}
	s.ready = map[string]chan struct{}{}
}

// put makes c the connection of its device and returns the one it replaces.
func (s *sessions) put(c *Connection) (old *Connection, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	old = s.live[c.id]
	s.live[c.id] = c
	s.wake(c.id)
	return old, nil
}

// remove takes c out unless it was replaced already.
func (s *sessions) remove(c *Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[c.id] == c {
		delete(s.live, c.id)
		s.past[c.id] = presence{state: Disconnected, updated: now(), activity: c.activity()}
	}
}

func (s *sessions) get(id string) *Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[id]
}

func (s *sessions) presence(id string) presence {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.live[id]; c != nil {
		return presence{state: Connected, updated: c.since, activity: c.activity()}
	}
	p := s.past[id]
	p.state = Disconnected
	return p
}

// touch notes activity of a device that has no connection.
func (s *sessions) touch(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.past[id]
	p.activity = now()
	s.past[id] = p
}

func (s *sessions) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.past, id)
}

// count returns how many devices are connected, modules not counted.
func (s *sessions) count() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.live {
		if !strings.Contains(id, "/") {
			n++
		}
	}
	return n
}

// readiness returns a channel that is closed when the device connects or begins to
// listen for methods.
func (s *sessions) readiness(id string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready[id] == nil {
		s.ready[id] = make(chan struct{})
	}
	return s.ready[id]
}

func (s *sessions) announce(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wake(id)
}

func (s *sessions) wake(id string) {
	if ch := s.ready[id]; ch != nil {
		close(ch)
		delete(s.ready, id)
	}
}

// close bars new connections and returns the live ones.
func (s *sessions) close() []*Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return slices.Collect(maps.Values(s.live))
}

func (s *sessions) all() []*Connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.live))
}

// OnDelete lets a front end hear of each identity that is deleted, to forget what it keeps
// of devices that are away. f must not block nor call the hub.
func (h *Hub) OnDelete(f func(id string)) {
	h.sessions.mu.Lock()
	defer h.sessions.mu.Unlock()
	h.sessions.deleted = append(h.sessions.deleted, f)
}

func (h *Hub) tellDeleted(id string) {
	h.sessions.mu.Lock()
	all := slices.Clone(h.sessions.deleted)
	h.sessions.mu.Unlock()
	for _, f := range all {
		f(id)
	}
}

// endUnfounded closes a device's live session when its grant rests on a credential that
// the device no longer has.
func (h *Hub) endUnfounded(id string, now Authentication) {
	c := h.sessions.get(id)
	if c == nil {
		return
	}
	if a := c.anchored(); a == (Anchor{}) || !a.holds(now) {
		c.end(CloseCredentialsChanged)
	}
}

// endCertified closes the sessions that rest on a CA certificate.
func (h *Hub) endCertified(ca Anchor) {
	for _, c := range h.sessions.all() {
		if c.anchored() == ca {
			c.end(CloseCredentialsChanged)
		}
	}
}

// endSession closes a device's live session, if there is one.
func (h *Hub) endSession(id string, reason CloseReason) {
	if c := h.sessions.get(id); c != nil {
		c.end(reason)
	}
}
