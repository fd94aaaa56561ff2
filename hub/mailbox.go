package hub

import (
	"sync"
	"time"
)

// mailbox is what the hub knows of an identity's command queue while someone receives
// from it: which commands are under lock, and for whom. Locks end with the process.
type mailbox struct {
	hub  *Hub
	id   string
	turn chan struct{} // held while the queue is searched; capacity 1

	counts *deliveries // nil until read; used in turn

	mu     sync.Mutex
	locks  map[string]*lock
	taken  map[uint64]bool // sequence numbers under lock
	cursor uint64          // nothing below it is free
	freed  int             // locks released so far
	timer  *time.Timer     // runs to the earliest end of a lock
	users  int             // connections and locks, for which the mailbox is kept; guarded by the registry's mu
}

// lock keeps a command for one receiver.
type lock struct {
	command  Command     // without its body
	owner    *Connection // nil when it is held without a connection
	until    time.Time
	settling bool // on its way out of the queue: does not run out meanwhile
}

// mailboxes are those in use.
type mailboxes struct {
	mu   sync.Mutex
	byID map[string]*mailbox
}

// open returns the mailbox of an identity. Every open needs a close.
func (m *mailboxes) open(h *Hub, id string) *mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.byID[id]
	if b == nil {
		if m.byID == nil {
			m.byID = map[string]*mailbox{}
		}
		b = &mailbox{hub: h, id: id, turn: make(chan struct{}, 1), locks: map[string]*lock{}, taken: map[uint64]bool{}}
		m.byID[id] = b
	}
	b.users++
	return b
}

func (m *mailboxes) close(b *mailbox) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b.users--; b.users == 0 {
		delete(m.byID, b.id)
	}
}

// find returns the mailbox of an identity if it is in use, opened.
func (m *mailboxes) find(id string) *mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.byID[id]
	if b != nil {
		b.users++
	}
	return b
}

// release gives a locked command back to the queue; b.mu is held.
func (b *mailbox) release(token string) {
	l := b.locks[token]
	b.unlock(token)
	b.cursor = min(b.cursor, l.command.Sequence)
	b.freed++
}

// unlock forgets a lock; b.mu is held.
func (b *mailbox) unlock(token string) {
	l := b.locks[token]
	delete(b.locks, token)
	delete(b.taken, l.command.Sequence)
	if len(b.locks) == 0 && b.timer != nil {
		b.timer.Stop()
	}
	if l.owner == nil {
		b.hub.mailboxes.close(b)
	}
}

// releaseAll gives back what a connection holds locks on.
func (b *mailbox) releaseAll(owner *Connection) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for token, l := range b.locks {
		if l.owner == owner && !l.settling {
			b.release(token)
		}
	}
}

// arm starts the lock timer; b.mu is held.
func (b *mailbox) arm(d time.Duration) {
	if b.timer == nil {
		b.timer = time.AfterFunc(d, b.expireLocks)
		return
	}
	b.timer.Reset(d)
}

// expireLocks releases what has run out and waits for the next lock to do so.
func (b *mailbox) expireLocks() {
	if !b.releaseExpired() {
		return
	}
	if c := b.hub.sessions.get(b.id); c != nil {
		c.session.CommandsWaiting()
	}
}

func (b *mailbox) releaseExpired() (released bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for token, l := range b.locks {
		if !l.settling && time.Until(l.until) <= 0 {
			b.release(token)
			released = true
		}
	}
	if len(b.locks) > 0 {
		b.arm(b.patience())
	}
	return released
}

// patience returns how long it is to the earliest end of a lock; b.mu is held.
func (b *mailbox) patience() time.Duration {
	next := lockTime
	for _, l := range b.locks {
		if !l.settling {
			next = min(next, max(time.Until(l.until), 0))
		}
	}
	return next
}
