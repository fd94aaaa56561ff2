package hub

import (
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"
)

// expiries wait for the end of commands whose senders want to hear of it. Others are
// removed when someone comes across them.
type expiries struct {
	mu   sync.Mutex
	heap expiryHeap
	wake chan struct{} // capacity 1
}

type expiring struct {
	at       time.Time
	device   string
	sequence uint64
}

// expiryRetry is when to look again at a command that was under lock, or at a store that
// did not answer.
const expiryRetry = lockTime

// watch waits for the expiry of a command if that matters to anyone.
func (e *expiries) watch(device string, c *Command) {
	if !outcomeExpired.wanted(c.System.Ack) {
		return
	}
	e.push(expiring{c.System.Expiry, device, c.Sequence})
}

func (e *expiries) push(x expiring) {
	e.mu.Lock()
	heap.Push(&e.heap, x)
	e.mu.Unlock()
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// due returns a command whose time has come, or else how long it is to the next;
// negative when there is none.
func (e *expiries) due() (x expiring, ok bool, wait time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.heap) == 0 {
		return x, false, -1
	}
	if wait = time.Until(e.heap[0].at); wait > 0 {
		return x, false, wait
	}
	return heap.Pop(&e.heap).(expiring), true, 0
}

// expireCommands runs until the hub closes.
func (h *Hub) expireCommands() {
	if err := h.watchAll(); err != nil && h.ctx.Err() == nil {
		h.cfg.Log.Error("expiry of stored commands is not watched", "error", err)
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		x, ok, wait := h.expiries.due()
		if ok {
			if err := h.expireCommand(x); err != nil {
				h.cfg.Log.Warn("command not expired yet", "device", x.device, "error", err)
				x.at = time.Now().Add(expiryRetry)
				h.expiries.push(x)
			}
			continue
		}
		var soon <-chan time.Time
		if wait >= 0 {
			timer.Reset(wait)
			soon = timer.C
		}
		select {
		case <-soon:
		case <-h.expiries.wake:
		case <-h.closed:
			return
		}
	}
}

// watchAll reads what waited when the hub was started, and watches it.
func (h *Hub) watchAll() error {
	for r, err := range h.store.Queue().All(h.ctx) {
		var c Command
		if err == nil {
			c, err = unpackCommand(r.Record)
		}
		if err != nil {
			return err
		}
		h.recipients.add(r.Device)
		h.expiries.watch(r.Device, &c)
		select {
		case <-h.closed:
			return nil
		default:
		}
	}
	h.recipients.complete()
	return nil
}

// expireCommand removes a command, unless it is gone. One that a device holds a lock on
// is the device's until the lock ends.
func (h *Hub) expireCommand(x expiring) error {
	ctx, cancel := context.WithTimeout(h.ctx, storeDeadline)
	defer cancel()
	for r, err := range h.store.Queue().List(ctx, x.device, x.sequence) {
		if err != nil {
			return err
		}
		if r.Sequence != x.sequence {
			break
		}
		if h.isLocked(x) {
			x.at = time.Now().Add(expiryRetry)
			h.expiries.push(x)
			return nil
		}
		c, err := unpackCommand(r)
		if err != nil {
			return fmt.Errorf("expire: %w", err)
		}
		return h.dispose(ctx, x.device, c, outcomeExpired)
	}
	return nil
}

func (h *Hub) isLocked(x expiring) bool {
	b := h.mailboxes.find(x.device)
	if b == nil {
		return false
	}
	defer h.mailboxes.close(b)
	return b.isTaken(x.sequence)
}

// expiryHeap orders commands by expiry, then as they were queued.
type expiryHeap []expiring

func (h expiryHeap) Len() int { return len(h) }
func (h expiryHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].sequence < h[j].sequence
}
func (h expiryHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *expiryHeap) Push(x any)   { *h = append(*h, x.(expiring)) }
func (h *expiryHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
