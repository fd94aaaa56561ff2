package hub

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// rig is a hub on a fake store within a synctest bubble.
type rig struct {
	*testing.T
	hub   *Hub
	store *fakeStore
}

// inBubble runs a test in virtual time. A goroutine left behind by the hub fails it.
func inBubble(t *testing.T, test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, store: newFakeStore()}
		r.start()
		defer func() { r.stop() }() // also when the test gives up; a test may have replaced the hub
		test(r)
	})
}

func (r *rig) start() {
	r.Helper()
	h, err := New(Config{HostName: "hub.local", Random: rand.NewChaCha8([32]byte{1})}, r.store)
	if err != nil {
		r.Fatal(err)
	}
	r.hub = h
}

func (r *rig) stop() {
	r.Helper()
	if err := r.hub.Close(context.Background()); err != nil {
		r.Error(err)
	}
}

func (r *rig) create(id string) Device {
	r.Helper()
	d, err := r.hub.CreateDevice(r.Context(), Device{ID: id})
	if err != nil {
		r.Fatal(err)
	}
	return d
}

// device creates a device if need be and connects it.
func (r *rig) device(id string) (*Connection, *recorder) {
	r.Helper()
	_, err := r.hub.CreateDevice(r.Context(), Device{ID: id})
	if c := code(err); c != 0 && c != 409001 && c != 409301 {
		r.Fatal(err)
	}
	s := &recorder{listens: true}
	return r.connect(id, s), s
}

func (r *rig) connect(id string, s Session) *Connection {
	r.Helper()
	c, err := r.hub.Connect(r.Context(), ConnectInfo{DeviceID: id}, s)
	if err != nil {
		r.Fatal(err)
	}
	return c
}

func (r *rig) queue(id string, bodies ...string) {
	r.Helper()
	for _, b := range bodies {
		if _, err := r.hub.Enqueue(r.Context(), id, Message{Body: []byte(b)}); err != nil {
			r.Fatal(err)
		}
	}
}

// next takes the next command, or a zero one when there is none.
func (r *rig) next(c *Connection) LockedCommand {
	r.Helper()
	l, _, err := c.NextCommand(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return l
}

func (r *rig) wantCode(what string, err error, want int) {
	r.Helper()
	if code(err) != want {
		r.Errorf("%s: error %v, want code %d", what, err, want)
	}
}

func (r *rig) check(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// code of a refusal, 0 for nil, 1 for any other error.
func code(err error) int {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Code
	case err != nil:
		return 1
	}
	return 0
}

// recorder is a session that writes down what the hub tells it.
type recorder struct {
	mu      sync.Mutex
	heard   []string
	listens bool
	method  func(MethodRequest)
	broken  error // answer of Method
}

func (s *recorder) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, fmt.Sprintf(format, args...))
}

func (s *recorder) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.heard, "\n")
}

func (s *recorder) Method(m MethodRequest) error {
	s.mu.Lock()
	listens := s.listens
	s.mu.Unlock()
	if !listens {
		return ErrNotSubscribed
	}
	if s.broken != nil {
		return s.broken
	}
	s.note("method %s %s", m.Name, m.Payload)
	if s.method != nil {
		go s.method(m)
	}
	return nil
}

func (s *recorder) Desired(version int64, patch []byte) { s.note("desired %d %s", version, patch) }
func (s *recorder) CommandsWaiting()                    { s.note("commands waiting") }
func (s *recorder) Close(r CloseReason)                 { s.note("close %d", r) }
