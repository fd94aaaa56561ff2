package hub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// SourceTelemetry is the Event.Source of what devices send.
const SourceTelemetry = "Telemetry"

// Bounds of a partition's writer. A producer that finds the queue full waits.
const (
	maxQueuedEvents = 32 << 10
	maxQueuedBytes  = 32 << 20
	packedTarget    = MaxRecord / 2 // one event more still fits into MaxRecord
	maxTelemetry    = 256 << 10
)

// writer is the only appender of one partition. Events that arrive while an append is
// under way go into the next one together (group commit).
type writer struct {
	hub       *Hub
	partition int
	log       Log

	mu     sync.Mutex
	more   *sync.Cond // the queue is no longer empty, or closed
	space  *sync.Cond // the queue is no longer full, or closed
	queue  []pending
	bytes  int
	latest time.Time
	closed bool
	grown  chan struct{} // closed at the next append
	next   uint64        // number of the next event
	last   uint64        // sequence number of the last record; used by run alone
	tail   tail

	spare  []pending // of run alone, as is
	packer packer
}

type pending struct {
	origin  *origin
	message Message
	at      time.Time
	done    func(error)
	refusal error // the event is not to be stored, only done to be called
}

func openWriter(ctx context.Context, h *Hub, partition int) (*writer, error) {
	log, err := h.store.Log(ctx, partition)
	if err != nil {
		return nil, err
	}
	w := &writer{hub: h, partition: partition, log: log, grown: make(chan struct{})}
	w.more, w.space = sync.NewCond(&w.mu), sync.NewCond(&w.mu)
	return w, w.reload(ctx)
}

// reload finds the end of the log.
func (w *writer) reload(ctx context.Context) error {
	_, last, err := w.log.Bounds(ctx)
	if err != nil {
		return fmt.Errorf("find the end of the log: %w", err)
	}
	var next uint64
	if last > 0 {
		first, count, err := w.header(ctx, last)
		if err != nil {
			return fmt.Errorf("read last record %d: %w", last, err)
		}
		next = first + uint64(count)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.next = last, next
	return nil
}

// header reads the header of the first kept record from sequence on.
func (w *writer) header(ctx context.Context, sequence uint64) (first uint64, count int, err error) {
	for r, err := range w.log.Read(ctx, sequence) {
		if err != nil {
			return 0, 0, err
		}
		return unpackHeader(r.Body)
	}
	return 0, 0, errors.New("record is missing")
}

// Telemetry stores a message in the event stream. It returns at once, unless so many
// events wait for the store that it must hold the sender back. done is called once,
// from the partition writer's goroutine, when the event is durable or refused; it must
// not block. On a closed hub it is called before Telemetry returns.
func (c *Connection) Telemetry(m Message, done func(error)) {
	refusal := c.use()
	if refusal == nil {
		refusal = c.admit(&m)
	}
	c.put(pending{origin: &c.origin, message: m, done: done, refusal: refusal})
}

// Will is Telemetry for the last message of a connection, which may be closed.
func (c *Connection) Will(m Message, done func(error)) {
	c.put(pending{origin: &c.origin, message: m, done: done})
}

func (c *Connection) put(p pending) {
	if size := p.message.size(); p.refusal == nil && size > maxTelemetry {
		p.refusal = messageTooLarge.errorf("Message of %d bytes; at most %d are allowed.", size, maxTelemetry)
	}
	w := c.hub.writers[c.hub.partition(c.id)]
	if !w.put(p) {
		p.done(ErrClosed)
	}
}

// admit refuses a message that may not be sent, and does what it asks for otherwise.
func (c *Connection) admit(m *Message) error {
	if err := c.hub.misbehaviour.check(c.id, false); err != nil {
		return err
	}
	if err := c.hub.admitTelemetry(m.size()); err != nil {
		return err
	}
	if f, ok := parseInjection(m.Properties); ok {
		c.inject(f)
	}
	return nil
}

func (h *Hub) partition(id string) int { return int(hash(deviceOf(id)) % uint32(h.cfg.Partitions)) }

// size counts a message the way the limits do.
func (m *Message) size() int {
	n := len(m.Body)
	for _, s := range m.System.systemTexts() {
		n += len(*s)
	}
	for _, p := range m.Properties {
		n += len(p.Key) + len(p.Value)
	}
	return n
}

func (w *writer) put(p pending) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !w.closed && (len(w.queue) >= maxQueuedEvents || w.bytes >= maxQueuedBytes) {
		w.space.Wait()
	}
	if w.closed {
		return false
	}
	p.at = now()
	if p.at.Before(w.latest) { // the wall clock was set back
		p.at = w.latest
	}
	w.latest = p.at
	w.queue = append(w.queue, p)
	w.bytes += len(p.message.Body)
	w.more.Signal()
	return true
}

// take returns all that waits, or nil when the writer is closed and empty.
func (w *writer) take() []pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) == 0 && !w.closed {
		w.more.Wait()
	}
	batch := w.queue
	w.queue, w.bytes = w.spare[:0], 0
	w.spare = batch
	w.space.Broadcast()
	return batch
}

func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.more.Broadcast()
	w.space.Broadcast()
}

func (w *writer) run() {
	for batch := w.take(); len(batch) > 0; batch = w.take() {
		for rest := batch; len(rest) > 0; {
			rest = w.commit(rest)
		}
		clear(batch) // lets go of bodies while the buffer waits for its next turn
	}
}

// commit appends one record with as many events as fit and returns the rest.
func (w *writer) commit(batch []pending) (rest []pending) {
	p := &w.packer
	p.begin()
	n, count := 0, 0
	var start, before time.Time
	for ; n < len(batch) && len(p.buf) < packedTarget; n++ {
		e := &batch[n]
		if e.refusal != nil {
			continue
		}
		if count == 0 {
			start, before = e.at, e.at
		}
		p.event(e.at.Sub(before), e.origin, &e.message)
		before = e.at
		count++
	}
	var err error
	if count > 0 {
		err = w.append(count, start)
	}
	w.measure(batch[:n], count, err)
	for i := range batch[:n] {
		if e := &batch[i]; e.refusal != nil {
			e.done(e.refusal)
		} else {
			e.done(err)
		}
	}
	return batch[n:]
}

// measure counts a batch of which count events were to be stored.
func (w *writer) measure(batch []pending, count int, err error) {
	m := &w.hub.meters
	if err != nil {
		count = 0
	}
	m.EventsFailed.Add(uint64(len(batch) - count))
	if count == 0 {
		return
	}
	var waited durations
	bytes, end := 0, time.Now()
	for i := range batch {
		if e := &batch[i]; e.refusal == nil {
			bytes += len(e.message.Body)
			waited.add(end.Sub(e.at))
		}
	}
	m.Events.Add(uint64(count))
	m.EventBytes.Add(uint64(bytes))
	m.Acknowledge.observe(&waited)
}

// append numbers the packed events and appends them. When another hub was faster, they
// are numbered anew behind its events.
func (w *writer) append(count int, at time.Time) error {
	ctx, cancel := context.WithTimeout(w.hub.ctx, storeDeadline)
	defer cancel()
	for {
		record := w.packer.record(w.next, count, at)
		begun := time.Now()
		sequence, err := w.log.Append(ctx, record, w.last)
		if err == nil {
			var took durations
			took.add(time.Since(begun))
			w.hub.meters.Append.observe(&took)
			w.grow(sequence, count, record)
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("append to partition %d: %w", w.partition, err)
		}
		if err := w.reload(ctx); err != nil {
			return fmt.Errorf("append to partition %d: %w", w.partition, err)
		}
	}
}

func (w *writer) grow(sequence uint64, count int, record []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = sequence
	w.next += uint64(count)
	w.tail.add(sequence, record)
	close(w.grown)
	w.grown = make(chan struct{})
}

// growth returns a channel that is closed at the next append.
func (w *writer) growth() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.grown
}

func (w *writer) end() (next, last uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.next, w.last
}
