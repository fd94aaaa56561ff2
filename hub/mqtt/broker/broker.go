package broker

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"twinrig/hub"
)

// Broker passes messages between clients. Its methods may be called from any goroutine.
type Broker struct {
	cfg      Config
	docs     hub.Documents
	retained retained
	sequence atomic.Uint64 // of stored messages

	mu        sync.RWMutex // taken before that of a session
	sessions  map[string]*session
	listeners tree[*listeners]
	born      uint64

	timers  sync.WaitGroup
	closing sync.Mutex
	closed  bool
}

// New returns a Broker with the sessions and messages that docs holds. ctx bounds reading
// them.
func New(ctx context.Context, cfg Config, docs hub.Documents) (*Broker, error) {
	b := &Broker{cfg: cfg.withDefaults(), docs: docs, sessions: map[string]*session{}}
	if err := b.recover(ctx); err != nil {
		return nil, fmt.Errorf("open broker: %w", err)
	}
	return b, nil
}

// Close ends the clocks of sessions and wills. Connections are to be closed before.
func (b *Broker) Close() {
	b.closing.Lock()
	b.closed = true
	b.closing.Unlock()
	b.mu.RLock()
	for _, s := range b.sessions {
		s.mu.Lock()
		s.stopClocks()
		s.mu.Unlock()
	}
	b.mu.RUnlock()
	b.timers.Wait()
}

// after runs f later, unless the broker is closed by then.
func (b *Broker) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		b.closing.Lock()
		if b.closed {
			b.closing.Unlock()
			return
		}
		b.timers.Add(1)
		b.closing.Unlock()
		defer b.timers.Done()
		f()
	})
}

// newSession returns a session without state; b.mu is held.
func (b *Broker) newSession(client string) *session {
	b.born++
	return &session{
		broker: b, client: client, born: b.born,
		doc:      &document{docs: b.docs, key: hashedKey(sessionKeys, client)},
		filters:  map[string]*subscription{},
		received: map[uint16]*record{},
		byID:     map[uint16]*delivery{},
	}
}
