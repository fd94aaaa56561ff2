package hub

import (
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// Meters count what a hub does, for whoever watches over it. They grow from the start of
// the hub on and are written without locks.
type Meters struct {
	Events       atomic.Uint64 // stored
	EventBytes   atomic.Uint64 // same, their bodies
	EventsFailed atomic.Uint64 // refused, or not stored
	Acknowledge  Histogram     // from the arrival of an event to its acknowledgement
	Append       Histogram     // one group commit

	TwinOperations Counts // "device get", "device report", "service get", "service write"
	Methods        Counts // by outcome: "answered", "offline", "timeout", "failed"
	CommandsQueued atomic.Uint64
	CommandsEnded  Counts // by outcome, in the words of feedback messages
	Registry       Counts // "create", "update", "delete"
	Throttled      Counts // by operation
}

// Meters returns the hub's meters.
func (h *Hub) Meters() *Meters { return &h.meters }

// Counts are counters by label. The zero value is ready.
type Counts struct{ byLabel sync.Map }

// Add counts one.
func (c *Counts) Add(label string) {
	n, ok := c.byLabel.Load(label)
	if !ok {
		n, _ = c.byLabel.LoadOrStore(label, new(atomic.Uint64))
	}
	n.(*atomic.Uint64).Add(1)
}

// All yields each label with its count, in no order.
func (c *Counts) All() iter.Seq2[string, uint64] {
	return func(yield func(string, uint64) bool) {
		c.byLabel.Range(func(label, n any) bool { return yield(label.(string), n.(*atomic.Uint64).Load()) })
	}
}

// Bounds are the upper bounds of the buckets of a Histogram; one bucket more has the rest.
var Bounds = [...]time.Duration{
	50 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 10 * time.Second,
}

// Histogram counts durations by size.
type Histogram struct {
	buckets [len(Bounds) + 1]atomic.Uint64
	sum     atomic.Int64
}

// durations are to be counted together: writers of batches share a Histogram.
type durations struct {
	buckets [len(Bounds) + 1]uint64
	sum     time.Duration
}

func (d *durations) add(v time.Duration) {
	v = max(v, 0) // the wall clock may have been set back
	i := 0
	for i < len(Bounds) && v > Bounds[i] {
		i++
	}
	d.buckets[i]++
	d.sum += v
}

func (h *Histogram) observe(d *durations) {
	for i, n := range d.buckets {
		if n > 0 {
			h.buckets[i].Add(n)
		}
	}
	h.sum.Add(int64(d.sum))
}

// Read returns the counts of the buckets, not cumulative, and the sum of all durations.
func (h *Histogram) Read() (buckets [len(Bounds) + 1]uint64, sum time.Duration) {
	for i := range h.buckets {
		buckets[i] = h.buckets[i].Load()
	}
	return buckets, time.Duration(h.sum.Load())
}

// operationNames are the labels of Meters.Throttled.
var operationNames = [operations]string{"registry", "connect", "telemetry", "command send", "command fetch", "upload", "method", "query", "twin read", "twin update"}

// methodOutcome is the label of a finished call.
func methodOutcome(err error) string {
	e, refused := asRefusal(err)
	switch {
	case err == nil:
		return "answered"
	case refused && e.Code == deviceNotOnline.code:
		return "offline"
	case refused && e.Code == gatewayTimeout.code:
		return "timeout"
	}
	return "failed"
}
