package hub

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of the time for which a receiver without a connection may lock a command.
const (
	minLockTime = 5 * time.Second
	maxLockTime = 300 * time.Second
)

// NextCommand locks the oldest free command of the device for 60 seconds. It returns
// false when there is none. When a lock runs out, the session hears of
// it by CommandsWaiting.
func (c *Connection) NextCommand(ctx context.Context) (LockedCommand, bool, error) {
	if err := c.use(); err != nil {
		return LockedCommand{}, false, err
	}
	return c.box.next(ctx, c, lockTime)
}

// ReceiveCommand is NextCommand for a device that has no connection, as with HTTP. The
// lock is held for the time given, or for 60 seconds when that is 0.
func (h *Hub) ReceiveCommand(ctx context.Context, id string, hold time.Duration) (LockedCommand, bool, error) {
	if hold == 0 {
		hold = lockTime
	}
	if hold < minLockTime || hold > maxLockTime {
		return LockedCommand{}, false, argumentInvalid.errorf("Lock of %v; %v to %v are allowed.", hold, minLockTime, maxLockTime)
	}
	if err := h.Spend(OpCommandFetch, 1); err != nil {
		return LockedCommand{}, false, err
	}
	if _, err := h.view(ctx, id); err != nil {
		return LockedCommand{}, false, err
	}
	h.sessions.touch(id)
	b := h.mailboxes.open(h, id)
	defer h.mailboxes.close(b)
	return b.next(ctx, nil, hold)
}

func (b *mailbox) next(ctx context.Context, owner *Connection, hold time.Duration) (LockedCommand, bool, error) {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-owner.ended():
		return LockedCommand{}, false, ErrClosed
	case <-ctx.Done():
		return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", b.id, context.Cause(ctx))
	}
	cursor, freed := b.position()
	for r, err := range b.hub.store.Queue().List(ctx, b.id, cursor) {
		if err != nil {
			return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", b.id, err)
		}
		if b.isTaken(r.Sequence) {
			continue
		}
		command, ok, err := b.lockable(ctx, r)
		if err != nil {
			return LockedCommand{}, false, fmt.Errorf("next command of device %s: %w", b.id, err)
		}
		if ok {
			return b.lock(command, freed, owner, hold)
		}
	}
	return LockedCommand{}, false, nil
}

// ended is closed when the connection is; for none it never is.
func (c *Connection) ended() <-chan struct{} {
	if c == nil {
		return nil
	}
	return c.gone
}

// lockable counts a delivery of the command, or removes it when it has expired or was
// delivered often enough.
func (b *mailbox) lockable(ctx context.Context, r Record) (Command, bool, error) {
	command, err := unpackCommand(r)
	if err != nil {
		return Command{}, false, err
	}
	if command.expired() {
		return Command{}, false, b.hub.dispose(ctx, b.id, command, outcomeExpired)
	}
	command.DeliveryCount, err = b.countDelivery(ctx, r.Sequence)
	if err != nil || command.DeliveryCount <= maxDeliveries {
		return command, err == nil, err
	}
	return Command{}, false, b.hub.dispose(ctx, b.id, command, outcomeDeliveryCountExceeded)
}

// countDelivery returns the number of the delivery about to be made. The count is not
// written when it exceeds the maximum.
func (b *mailbox) countDelivery(ctx context.Context, sequence uint64) (n int, err error) {
	for {
		if b.counts == nil {
			if b.counts, err = b.hub.loadDeliveries(ctx, b.id); err != nil {
				return 0, err
			}
		}
		d := b.counts
		if n = d.counts[sequence] + 1; n > maxDeliveries {
			return n, nil
		}
		for s := range d.counts {
			if s < sequence && !b.isTaken(s) {
				delete(d.counts, s) // settled: commands are searched oldest first
			}
		}
		d.counts[sequence] = n
		if err = b.hub.saveDeliveries(ctx, b.id, d); err == nil {
			return n, nil
		}
		b.counts = nil // whatever was written, read it again
		if !errors.Is(err, ErrConflict) || ctx.Err() != nil {
			return 0, err
		}
	}
}

// lock gives a command out. freed is the count of released locks when the search
// for it began: one released since may have been passed over.
func (b *mailbox) lock(command Command, freed int, owner *Connection, hold time.Duration) (LockedCommand, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if owner != nil && owner.use() != nil {
		return LockedCommand{}, false, ErrClosed
	}
	if owner == nil {
		b.hub.mailboxes.open(b.hub, b.id) // until the lock ends
	}
	token := b.hub.lockToken()
	l := &lock{command: command, owner: owner, until: time.Now().Add(hold)}
	l.command.Body = nil
	b.locks[token] = l
	b.taken[command.Sequence] = true
	if b.freed == freed {
		b.cursor = command.Sequence + 1
	}
	if len(b.locks) == 1 || hold < lockTime {
		b.arm(b.patience())
	}
	return LockedCommand{Command: command, LockToken: token}, true, nil
}

// lockToken returns a new token: a GUID, as clients parse it as one.
func (h *Hub) lockToken() string {
	n := h.serial.Add(1)
	return fmt.Sprintf("%s-%04x-4%03x-8%03x-%012x", h.node, n>>48, n>>36&0xfff, n>>24&0xfff, n&0xffffff)
}

func (b *mailbox) position() (from uint64, freed int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cursor, b.freed
}

func (b *mailbox) isTaken(sequence uint64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken[sequence]
}
