package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// Limits of what waits for services.
const (
	noticeTTL      = time.Hour
	noticeLock     = 60 * time.Second
	feedbackBatch  = 64
	feedbackDrops  = 10  // deliveries of feedback before it is given up
	fileNoteDrops  = 100 // same, of file notifications
	feedbackTopic  = "feedback"
	fileNotesTopic = "files"
)

// ServiceQueue is a queue that services read: feedback on cloud-to-device messages, or
// notifications of uploaded files. What was received is locked for 60 seconds, kept
// for an hour and given out again until it is completed.
type ServiceQueue struct {
	hub   *Hub
	topic string
	batch int           // records that make one notice at most
	delay time.Duration // a batch that is not full waits for so long
	drops int

	mu     sync.Mutex
	locks  map[string]*noticeLocked
	taken  map[uint64]bool
	counts map[uint64]int // deliveries, by sequence number
	grown  chan struct{}  // closed when there may be more
}

type noticeLocked struct {
	sequences []uint64
	until     time.Time
}

// Notice is what a service receives: a JSON array of feedback records, or the JSON
// object of one file notification.
type Notice struct {
	LockToken     string
	Enqueued      time.Time // of the oldest record
	DeliveryCount int
	Body          []byte
}

// storedNotice is how a record is kept.
type storedNotice struct {
	Enqueued time.Time       `json:"enqueued"`
	Device   string          `json:"device"`
	Body     json.RawMessage `json:"body"`
}

func newServiceQueue(h *Hub, topic string, batch, drops int, delay time.Duration) *ServiceQueue {
	return &ServiceQueue{hub: h, topic: topic, batch: batch, delay: delay, drops: drops,
		locks: map[string]*noticeLocked{}, taken: map[uint64]bool{}, counts: map[uint64]int{}, grown: make(chan struct{})}
}

// Feedback returns the queue of feedback on cloud-to-device messages.
func (h *Hub) Feedback() *ServiceQueue { return h.feedback }

// FileNotes returns the queue of notifications of uploaded files.
func (h *Hub) FileNotes() *ServiceQueue { return h.fileNotes }

// Growth returns a channel that is closed when something comes in or is given back.
// Whoever finds the queue empty asks for it first, and waits for no longer than Wait
// says.
func (q *ServiceQueue) Growth() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.grown
}

func (q *ServiceQueue) growLocked() {
	close(q.grown)
	q.grown = make(chan struct{})
}

func (q *ServiceQueue) append(ctx context.Context, device string, body any) error {
	text, err := json.Marshal(body)
	if err == nil {
		text, err = json.Marshal(storedNotice{now(), device, text})
	}
	if err == nil {
		_, err = q.hub.store.Notices().Append(ctx, q.topic, text)
	}
	if err != nil {
		return fmt.Errorf("queue %s for services: %w", q.topic, err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.growLocked()
	return nil
}

// Next locks the oldest free notice. When there is none yet, wait says after how
// long to ask again at the latest; 0 means not before Growth.
func (q *ServiceQueue) Next(ctx context.Context) (n Notice, ok bool, wait time.Duration, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.expireLocked()
	var records [][]byte
	var sequences []uint64
	for r, err := range q.hub.store.Notices().List(ctx, q.topic, 0) {
		if err != nil {
			return n, false, 0, fmt.Errorf("read %s: %w", q.topic, err)
		}
		stored, keep, err := q.deliverable(ctx, r)
		if err != nil {
			return n, false, 0, err
		}
		if !keep {
			continue
		}
		if len(records) == 0 {
			n.Enqueued = stored.Enqueued
		}
		n.DeliveryCount = max(n.DeliveryCount, q.counts[r.Sequence]+1)
		records, sequences = append(records, stored.Body), append(sequences, r.Sequence)
		if len(records) == q.batch {
			break
		}
	}
	if len(records) == 0 {
		return n, false, q.patienceLocked(), nil
	}
	if due := time.Until(n.Enqueued.Add(q.delay)); due > 0 && len(records) < q.batch {
		return n, false, due, nil
	}
	n.LockToken = q.lockLocked(sequences)
	n.Body = records[0]
	if q.batch > 1 {
		n.Body = append(append([]byte("["), bytes.Join(records, []byte(","))...), ']')
	}
	return n, true, 0, nil
}

// deliverable removes a record that is too old or was given out often enough.
func (q *ServiceQueue) deliverable(ctx context.Context, r Record) (stored storedNotice, keep bool, err error) {
	if q.taken[r.Sequence] {
		return stored, false, nil
	}
	if err := json.Unmarshal(r.Body, &stored); err != nil {
		return stored, false, corruptError{fmt.Errorf("decode %s: %w", q.topic, err)}
	}
	if time.Since(stored.Enqueued) < noticeTTL && q.counts[r.Sequence] < q.drops {
		return stored, true, nil
	}
	q.hub.cfg.Log.Warn("notice for services given up", "queue", q.topic, "device", stored.Device, "enqueued", stored.Enqueued, "deliveries", q.counts[r.Sequence])
	return stored, false, q.removeLocked(ctx, r.Sequence)
}

func (q *ServiceQueue) lockLocked(sequences []uint64) string {
	token := q.hub.lockToken()
	q.locks[token] = &noticeLocked{sequences, time.Now().Add(noticeLock)}
	for _, s := range sequences {
		q.taken[s] = true
		q.counts[s]++
	}
	return token
}

// expireLocked releases locks that have run out.
func (q *ServiceQueue) expireLocked() {
	for token, l := range q.locks {
		if !time.Now().Before(l.until) {
			q.releaseLocked(token)
		}
	}
}

func (q *ServiceQueue) releaseLocked(token string) {
	for _, s := range q.locks[token].sequences {
		delete(q.taken, s)
	}
	delete(q.locks, token)
	q.growLocked()
}

// patienceLocked returns how long it is to the end of the next lock, 0 without any.
func (q *ServiceQueue) patienceLocked() (wait time.Duration) {
	for _, l := range q.locks {
		if left := time.Until(l.until); wait == 0 || left < wait {
			wait = left
		}
	}
	return wait
}

func (q *ServiceQueue) removeLocked(ctx context.Context, sequence uint64) error {
	if err := q.hub.store.Notices().Remove(ctx, q.topic, sequence); err != nil {
		return fmt.Errorf("remove from %s: %w", q.topic, err)
	}
	delete(q.counts, sequence)
	return nil
}

// Complete removes a locked notice.
func (q *ServiceQueue) Complete(ctx context.Context, lockToken string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.expireLocked()
	l := q.locks[lockToken]
	if l == nil {
		return messageLockLost.errorf("Lock %q of %s has run out or never was.", lockToken, q.topic)
	}
	for _, s := range l.sequences {
		if err := q.removeLocked(ctx, s); err != nil {
			return err
		}
	}
	q.releaseLocked(lockToken)
	return nil
}

// Abandon gives a locked notice back.
func (q *ServiceQueue) Abandon(lockToken string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.expireLocked()
	if q.locks[lockToken] == nil {
		return messageLockLost.errorf("Lock %q of %s has run out or never was.", lockToken, q.topic)
	}
	q.releaseLocked(lockToken)
	return nil
}

// drop removes what concerns a device that is deleted.
func (q *ServiceQueue) drop(ctx context.Context, device string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for r, err := range q.hub.store.Notices().List(ctx, q.topic, 0) {
		var stored storedNotice
		if err == nil {
			err = json.Unmarshal(r.Body, &stored)
		}
		if err == nil && stored.Device == device {
			err = q.removeLocked(ctx, r.Sequence)
		}
		if err != nil {
			return fmt.Errorf("drop %s of device %s: %w", q.topic, device, err)
		}
	}
	return nil
}
