package hub

import (
	"context"
	"fmt"
	"time"
)

// outcome is how a command ended, in the words of feedback messages.
type outcome string

const (
	outcomeSuccess               outcome = "Success"
	outcomeExpired               outcome = "Expired"
	outcomeDeliveryCountExceeded outcome = "DeliveryCountExceeded"
	outcomeRejected              outcome = "Rejected"
	outcomePurged                outcome = "Purged"
	outcomeNone                  outcome = "" // nobody hears of it
)

// label is how the outcome is counted.
func (o outcome) label() string {
	if o == outcomeNone {
		return "DeviceDeleted"
	}
	return string(o)
}

// wanted says whether the sender of a command has asked to hear of the outcome.
func (o outcome) wanted(ack string) bool {
	switch ack {
	case "full":
		return o != outcomeNone
	case "positive":
		return o == outcomeSuccess
	case "negative":
		return o != outcomeSuccess && o != outcomeNone
	}
	return false
}

// Complete removes a locked command from the queue.
func (c *Connection) Complete(ctx context.Context, lockToken string) error {
	if err := c.use(); err != nil {
		return err
	}
	return c.box.settle(ctx, lockToken, outcomeSuccess)
}

// Reject removes a locked command that the device cannot use.
func (c *Connection) Reject(ctx context.Context, lockToken string) error {
	if err := c.use(); err != nil {
		return err
	}
	return c.box.settle(ctx, lockToken, outcomeRejected)
}

// Abandon gives a locked command back to the queue. The caller takes it again with
// NextCommand; the session is not told.
func (c *Connection) Abandon(_ context.Context, lockToken string) error {
	if err := c.use(); err != nil {
		return err
	}
	return c.box.abandon(lockToken)
}

// CompleteCommand removes a command that was locked by ReceiveCommand.
func (h *Hub) CompleteCommand(ctx context.Context, id, lockToken string) error {
	return h.withMailbox(ctx, id, lockToken, func(b *mailbox) error { return b.settle(ctx, lockToken, outcomeSuccess) })
}

// RejectCommand removes a command that was locked by ReceiveCommand and cannot be used.
func (h *Hub) RejectCommand(ctx context.Context, id, lockToken string) error {
	return h.withMailbox(ctx, id, lockToken, func(b *mailbox) error { return b.settle(ctx, lockToken, outcomeRejected) })
}

// AbandonCommand gives a command that was locked by ReceiveCommand back to the queue. A
// live session hears of it.
func (h *Hub) AbandonCommand(ctx context.Context, id, lockToken string) error {
	err := h.withMailbox(ctx, id, lockToken, func(b *mailbox) error { return b.abandon(lockToken) })
	if c := h.sessions.get(id); c != nil && err == nil {
		c.session.CommandsWaiting()
	}
	return err
}

func (h *Hub) withMailbox(ctx context.Context, id, token string, do func(*mailbox) error) error {
	if _, err := h.view(ctx, id); err != nil {
		return err
	}
	h.sessions.touch(id)
	b := h.mailboxes.find(id)
	if b == nil {
		return lockLost(id, token)
	}
	defer h.mailboxes.close(b)
	return do(b)
}

func (b *mailbox) settle(ctx context.Context, token string, o outcome) error {
	l, err := b.claim(token)
	if err != nil {
		return err
	}
	err = b.hub.dispose(ctx, b.id, l.command, o)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		l.settling = false
		return fmt.Errorf("settle command %d of device %s: %w", l.command.Sequence, b.id, err)
	}
	b.unlock(token)
	return nil
}

func (b *mailbox) abandon(token string) error {
	if _, err := b.claim(token); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.release(token)
	return nil
}

// claim finds a lock that still holds and keeps it from running out.
func (b *mailbox) claim(token string) (*lock, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.locks[token]
	if l == nil || l.settling || !time.Now().Before(l.until) {
		return nil, lockLost(b.id, token)
	}
	l.settling = true
	return l, nil
}

func lockLost(id, token string) error {
	return messageLockLost.errorf("Lock %q of device %s has run out or never was.", token, id)
}

// dispose takes a command out of the queue. Its sender's feedback is written first, so
// that a crash in between repeats it rather than loses it.
func (h *Hub) dispose(ctx context.Context, id string, c Command, o outcome) error {
	if o.wanted(c.System.Ack) {
		if err := h.feedBack(ctx, id, c, o); err != nil {
			return err
		}
	}
	err := h.store.Queue().Remove(ctx, id, c.Sequence)
	if err == nil {
		h.meters.CommandsEnded.Add(o.label())
	}
	return err
}
