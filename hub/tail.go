package hub

import (
	"bytes"
	"iter"
)

// tailBytes bounds the records a partition keeps in memory for its followers.
const tailBytes = 1 << 20

// tail is the newest records of a log, without a gap up to its end. Readers that
// follow the log closely get them from here and leave the store alone.
type tail struct {
	followers int
	records   []Record
	bytes     int
}

// add takes the record just appended. Nobody following, it keeps nothing.
func (t *tail) add(sequence uint64, body []byte) {
	if n := len(t.records); t.followers == 0 || n > 0 && t.records[n-1].Sequence+1 != sequence {
		t.records, t.bytes = nil, 0
	}
	if t.followers == 0 {
		return
	}
	t.records = append(t.records, Record{sequence, bytes.Clone(body)})
	t.bytes += len(body)
	for t.bytes > tailBytes && len(t.records) > 1 {
		t.bytes -= len(t.records[0].Body)
		t.records = t.records[1:]
	}
}

// from is the records from sequence on, if the tail reaches back to it.
func (t *tail) from(sequence uint64) ([]Record, bool) {
	if len(t.records) == 0 || sequence < t.records[0].Sequence {
		return nil, false
	}
	return t.records[min(sequence-t.records[0].Sequence, uint64(len(t.records))):], true
}

// follow counts a follower in; the function it returns counts it out.
func (w *writer) follow() (leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tail.followers++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.tail.followers--
	}
}

// recent is the records from sequence on as far as the tail has them, or nil when
// they must be read from the log.
func (w *writer) recent(sequence uint64) iter.Seq2[Record, error] {
	w.mu.Lock()
	records, ok := w.tail.from(sequence)
	w.mu.Unlock()
	if !ok {
		return nil
	}
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}
