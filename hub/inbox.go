package hub

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// inbox is what a connection knows about its device's command queue: which commands it
// holds locks on. Locks live here and end with the connection.
type inbox struct {
	turn   chan struct{} // held while the queue is searched; capacity 1
	locks  map[string]*lock
	taken  map[uint64]bool // sequence numbers under lock
	cursor uint64          // nothing below it is free
	freed  int             // locks released so far
	timer  *time.Timer     // runs to the earliest end of a lock
	counts *deliveries     // nil until read; used in turn
}

type lock struct {
	sequence uint64
	until    time.Time
	settling bool // being completed: does not run out meanwhile
}

func newInbox() inbox {
	return inbox{turn: make(chan struct{}, 1), locks: map[string]*lock{}, taken: map[uint64]bool{}}
}

// NextCommand locks the oldest free command of the device for 60 seconds. It returns
// false when there is none. When a lock runs out, the session hears of
// it by CommandsWaiting.
func (c *Connection) NextCommand(ctx context.Context) (LockedCommand, bool, error) {
	if err := c.use(); err != nil {
		return LockedCommand{}, false, err
	}
	select {
	case c.inbox.turn <- struct{}{}:
		defer func() { <-c.inbox.turn }()
	case <-c.gone:
		return LockedCommand{}, false, ErrClosed
	case <-ctx.Done():
		return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", c.id, context.Cause(ctx))
	}
	cursor, freed := c.cursor()
	for r, err := range c.hub.store.Queue().List(ctx, c.id, cursor) {
		if err != nil {
			return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", c.id, err)
		}
		if c.isTaken(r.Sequence) {
			continue
		}
		command, ok, err := c.lockable(ctx, r)
		if err != nil {
			return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", c.id, err)
		}
		if ok {
			return c.lock(command, freed)
		}
	}
	return LockedCommand{}, false, nil
}

// lockable counts a delivery of the command, or removes it when it has expired or was
// delivered often enough.
func (c *Connection) lockable(ctx context.Context, r Record) (Command, bool, error) {
	command, err := unpackCommand(r)
	if err != nil {
		return Command{}, false, err
	}
	if !command.expired() {
		command.DeliveryCount, err = c.countDelivery(ctx, r.Sequence)
		if err != nil || command.DeliveryCount <= maxDeliveries {
			return command, err == nil, err
		}
	}
	return Command{}, false, c.hub.store.Queue().Remove(ctx, c.id, r.Sequence)
}

// countDelivery returns the number of the delivery about to be made. The count is not
// written when it exceeds the maximum.
func (c *Connection) countDelivery(ctx context.Context, sequence uint64) (n int, err error) {
	for {
		if c.inbox.counts == nil {
			if c.inbox.counts, err = c.hub.loadDeliveries(ctx, c.id); err != nil {
				return 0, err
			}
		}
		d := c.inbox.counts
		if n = d.counts[sequence] + 1; n > maxDeliveries {
			return n, nil
		}
		for s := range d.counts {
			if s < sequence && !c.isTaken(s) {
				delete(d.counts, s) // settled: commands are searched oldest first
			}
		}
		d.counts[sequence] = n
		if err = c.hub.saveDeliveries(ctx, c.id, d); err == nil {
			return n, nil
		}
		c.inbox.counts = nil // whatever was written, read it again
		if !errors.Is(err, ErrConflict) || ctx.Err() != nil {
			return 0, err
		}
	}
}

// lock gives a command out. freed is the count of released locks when the search
// for it began: one released since may have been passed over.
func (c *Connection) lock(command Command, freed int) (LockedCommand, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return LockedCommand{}, false, ErrClosed
	}
	token := c.hub.node + "-" + strconv.FormatUint(c.hub.serial.Add(1), 16)
	b := &c.inbox
	b.locks[token] = &lock{sequence: command.Sequence, until: time.Now().Add(lockTime)}
	b.taken[command.Sequence] = true
	if b.freed == freed {
		b.cursor = command.Sequence + 1
	}
	if len(b.locks) == 1 {
		c.arm(lockTime)
	}
	return LockedCommand{Command: command, LockToken: token}, true, nil
}

func (c *Connection) cursor() (from uint64, freed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inbox.cursor, c.inbox.freed
}

func (c *Connection) isTaken(sequence uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inbox.taken[sequence]
}

// Complete removes a locked command from the queue.
func (c *Connection) Complete(ctx context.Context, lockToken string) error {
	return c.settle(ctx, lockToken)
}

// Reject removes a locked command that the device cannot use.
func (c *Connection) Reject(ctx context.Context, lockToken string) error {
	return c.settle(ctx, lockToken)
}

func (c *Connection) settle(ctx context.Context, token string) error {
	l, err := c.claim(token)
	if err != nil {
		return err
	}
	err = c.hub.store.Queue().Remove(ctx, c.id, l.sequence)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		l.settling = false
		return fmt.Errorf("settle command %d of device %s: %w", l.sequence, c.id, err)
	}
	delete(c.inbox.locks, token)
	delete(c.inbox.taken, l.sequence)
	if len(c.inbox.locks) == 0 {
		c.inbox.rest()
	}
	return nil
}

// claim finds a lock that still holds and keeps it from running out.
func (c *Connection) claim(token string) (*lock, error) {
	if err := c.use(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.inbox.locks[token]
	if l == nil || l.settling || !time.Now().Before(l.until) {
		return nil, messageLockLost.errorf("Lock %q of device %s has run out or never was.", token, c.id)
	}
	l.settling = true
	return l, nil
}

// Abandon gives a locked command back to the queue. The caller takes it again with
// NextCommand; the session is not told.
func (c *Connection) Abandon(_ context.Context, lockToken string) error {
	if _, err := c.claim(lockToken); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inbox.release(lockToken)
	return nil
}

func (b *inbox) release(token string) {
	l := b.locks[token]
	delete(b.locks, token)
	delete(b.taken, l.sequence)
	b.cursor = min(b.cursor, l.sequence)
	b.freed++
}

// arm starts the lock timer; c.mu is held.
func (c *Connection) arm(d time.Duration) {
	if c.inbox.timer == nil {
		c.inbox.timer = time.AfterFunc(d, c.expireLocks)
		return
	}
	c.inbox.timer.Reset(d)
}

// expireLocks releases what has run out and waits for the next lock to do so.
func (c *Connection) expireLocks() {
	if c.releaseExpired() {
		c.session.CommandsWaiting()
	}
}

func (c *Connection) releaseExpired() (released bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	next := time.Duration(-1)
	for token, l := range c.inbox.locks {
		left := time.Until(l.until)
		switch {
		case l.settling:
			left = lockTime
		case left <= 0:
			c.inbox.release(token)
			released = true
			continue
		}
		if next < 0 || left < next {
			next = left
		}
	}
	if next >= 0 {
		c.arm(next)
	}
	return released
}

// rest stops the timer; c.mu is held.
func (b *inbox) rest() {
	if b.timer != nil {
		b.timer.Stop()
	}
}
