package mqtt

import (
	"slices"
	"sync"
	"time"
)

// sessions keeps what clients without a clean session find again when they return. It
// lives in memory: of what a restart of the hub takes, MQTT 3.1.1 subscriptions are kept
// with the device, and commands wait in the hub's own store.
type sessions struct {
	mu       sync.Mutex
	byDevice map[string]*session
}

// session belongs to a device, of which there is one connection at most.
type session struct {
	version    byte
	generation string    // of the device; another one means another device of the same id
	owner      *conn     // nil while the client is away
	expires    time.Time // while it is away; zero = never
	kept       kept
}

// kept is the part of a connection's state that a session preserves.
type kept struct {
	subscriptions []subscription
	resend        map[uint64]uint16
}

// enter makes c the owner of its device's session. It returns the state that c
// inherits, whether there was any, and the connection c takes the session from.
func (s *sessions) enter(c *conn, clean bool) (state kept, present bool, old *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.byDevice[c.device]
	s.byDevice[c.device] = &session{version: c.version, generation: c.link.GenerationID(), owner: c}
	if before == nil || before.generation != c.link.GenerationID() {
		return kept{}, false, nil
	}
	old = before.owner
	if old != nil {
		before.kept, present = old.keep(), old.persistent()
	} else {
		present = before.expires.IsZero() || time.Now().Before(before.expires)
	}
	if clean || before.version != c.version || !present {
		return kept{}, false, old
	}
	return before.kept, true, old
}

// forget drops the session of a device that was deleted while it was away.
func (s *sessions) forget(device string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if mine := s.byDevice[device]; mine != nil && mine.owner == nil {
		delete(s.byDevice, device)
	}
}

// leave stores what c leaves behind, unless another connection owns the session by now.
func (s *sessions) leave(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mine := s.byDevice[c.device]
	if mine == nil || mine.owner != c {
		return
	}
	if !c.persistent() {
		delete(s.byDevice, c.device)
		return
	}
	mine.owner, mine.kept = nil, c.keep()
	if c.sessionExpiry > 0 {
		mine.expires = time.Now().Add(c.sessionExpiry)
	}
}

// persistent says whether the session outlives the connection.
func (c *conn) persistent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sessionExpiry != 0
}

// keep returns what a session preserves.
func (c *conn) keep() kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	return kept{subscriptions: slices.Clone(c.subscriptions), resend: c.window.unacknowledged()}
}

// never is a session expiry that does not come.
const never time.Duration = -1

// sessionExpiry converts the MQTT 5 property.
func sessionExpiry(seconds uint32) time.Duration {
	if seconds == 1<<32-1 {
		return never
	}
	return time.Duration(seconds) * time.Second
}
