package hub

import (
	"context"
	"fmt"
	"iter"
)

// PartitionInfo returns the number of the oldest event kept and of the next one to
// be written; they are equal in an empty partition.
func (h *Hub) PartitionInfo(ctx context.Context, p int) (first, next uint64, err error) {
	w, err := h.writer(p)
	if err != nil {
		return 0, 0, err
	}
	next, last := w.end()
	if last == 0 {
		return next, next, nil
	}
	oldest, _, err := w.log.Bounds(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read bounds of partition %d: %w", p, err)
	}
	first, _, err = w.header(ctx, oldest)
	if err != nil {
		return 0, 0, fmt.Errorf("read bounds of partition %d: %w", p, err)
	}
	return first, next, nil
}

// Events yields the events of partition p whose number is from or higher, in order; the
// oldest kept ones when from is no longer there. Without follow it ends at
// the present end. With follow it waits for more until ctx ends or the hub closes,
// neither of which yields an error.
func (h *Hub) Events(ctx context.Context, p int, from uint64, follow bool) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		w, err := h.writer(p)
		if err != nil {
			yield(Event{}, err)
			return
		}
		if follow {
			defer w.follow()()
		}
		sequence, err := w.find(ctx, from)
		if err != nil && ctx.Err() == nil {
			yield(Event{}, fmt.Errorf("read partition %d: %w", p, err))
		}
		for err == nil {
			grown := w.growth()
			var ok bool
			if sequence, ok = w.replay(ctx, sequence, from, yield); !ok || !follow {
				return
			}
			select {
			case <-grown:
			case <-ctx.Done():
				return
			case <-h.closed:
				return
			}
		}
	}
}

func (h *Hub) writer(p int) (*writer, error) {
	if p < 0 || p >= len(h.writers) {
		return nil, partitionNotFound.errorf("Partition %d is not one of 0 to %d.", p, len(h.writers)-1)
	}
	return h.writers[p], nil
}

// replay yields the events from record sequence on up to the present end, and returns the
// sequence number to go on with; ok is false when there is no going on.
func (w *writer) replay(ctx context.Context, sequence, from uint64, yield func(Event, error) bool) (next uint64, ok bool) {
	records := w.recent(sequence)
	if records == nil {
		records = w.log.Read(ctx, sequence)
	}
	for r, err := range records {
		var events []Event
		if err == nil {
			events, err = unpackRecord(r.Body)
		}
		if err != nil {
			if ctx.Err() == nil {
				yield(Event{}, fmt.Errorf("read partition %d: %w", w.partition, err))
			}
			return 0, false
		}
		for _, e := range events {
			if e.Partition = w.partition; e.Number >= from && !yield(e, nil) {
				return 0, false
			}
		}
		sequence = r.Sequence + 1
	}
	return sequence, ctx.Err() == nil
}

// find returns the sequence number of the record that holds event number, by binary
// search: of the last record that does not begin behind it.
func (w *writer) find(ctx context.Context, number uint64) (uint64, error) {
	if next, last := w.end(); number >= next {
		return last + 1, nil
	}
	low, last, err := w.log.Bounds(ctx)
	if err != nil {
		return 0, err
	}
	for high := last; low < high; {
		middle := low + (high-low+1)/2
		first, _, err := w.header(ctx, middle)
		if err != nil {
			return 0, err
		}
		if first <= number {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}
