package hub

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
)

// fakeStore is a Store in plain memory. A test may look inside, make appends wait
// and act between a read and a write.
type fakeStore struct {
	mu        sync.Mutex
	sequence  uint64
	documents map[string]Document
	commands  map[string][]Record
	notices   map[string][]Record
	logs      map[int]*fakeLog
	beforePut func(Document) // called without mu
}

func newFakeStore() *fakeStore {
	return &fakeStore{documents: map[string]Document{}, commands: map[string][]Record{}, notices: map[string][]Record{}, logs: map[int]*fakeLog{}}
}

func (s *fakeStore) Documents() Documents { return fakeDocuments{s} }
func (s *fakeStore) Queue() Queue         { return fakeQueue{s} }
func (s *fakeStore) Notices() Notices     { return fakeNotices{s} }

func (s *fakeStore) Log(_ context.Context, partition int) (Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.logs[partition] == nil {
		s.logs[partition] = &fakeLog{first: 1}
	}
	return s.logs[partition], nil
}

type fakeDocuments struct{ *fakeStore }

func (s fakeDocuments) Get(_ context.Context, key string) (Document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.documents[key]
	if !ok {
		return Document{}, ErrNoDocument
	}
	return d, nil
}

func (s fakeDocuments) Put(_ context.Context, d Document) (uint64, error) {
	if s.beforePut != nil {
		s.beforePut(d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents[d.Key].Revision != d.Revision {
		return 0, ErrConflict
	}
	if len(d.Body) == 0 {
		delete(s.documents, d.Key)
		return 0, nil
	}
	s.sequence++
	d.Revision = s.sequence
	s.documents[d.Key] = d
	return d.Revision, nil
}

func (s fakeDocuments) Scan(_ context.Context, prefix string) iter.Seq2[Document, error] {
	s.mu.Lock()
	found := slices.Collect(maps.Values(s.documents))
	s.mu.Unlock()
	return func(yield func(Document, error) bool) {
		for _, d := range found {
			if strings.HasPrefix(d.Key, prefix+"/") && !yield(d, nil) {
				return
			}
		}
	}
}

type fakeQueue struct{ *fakeStore }

func (s fakeQueue) Enqueue(_ context.Context, device string, body []byte) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.commands[device]) >= CommandLimit {
		return 0, ErrQueueFull
	}
	s.sequence++
	s.commands[device] = append(s.commands[device], Record{s.sequence, body})
	return s.sequence, nil
}

func (s fakeQueue) List(_ context.Context, device string, from uint64) iter.Seq2[Record, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return after(s.commands[device], from)
}

func (s fakeQueue) Remove(_ context.Context, device string, sequence uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[device] = slices.DeleteFunc(slices.Clone(s.commands[device]), func(r Record) bool { return r.Sequence == sequence })
	return nil
}

func (s fakeQueue) All(context.Context) iter.Seq2[QueuedRecord, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []QueuedRecord
	for device, records := range s.commands {
		for _, r := range records {
			all = append(all, QueuedRecord{device, r})
		}
	}
	return func(yield func(QueuedRecord, error) bool) {
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}

type fakeNotices struct{ *fakeStore }

func (s fakeNotices) Append(_ context.Context, topic string, body []byte) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence++
	s.notices[topic] = append(s.notices[topic], Record{s.sequence, bytes.Clone(body)})
	return s.sequence, nil
}

func (s fakeNotices) List(_ context.Context, topic string, from uint64) iter.Seq2[Record, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return after(s.notices[topic], from)
}

func (s fakeNotices) Remove(_ context.Context, topic string, sequence uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notices[topic] = slices.DeleteFunc(slices.Clone(s.notices[topic]), func(r Record) bool { return r.Sequence == sequence })
	return nil
}

func after(records []Record, from uint64) iter.Seq2[Record, error] {
	records = slices.Clone(records)
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if r.Sequence >= from && !yield(r, nil) {
				return
			}
		}
	}
}

type fakeLog struct {
	mu      sync.Mutex
	records []Record
	first   uint64
	gate    chan struct{} // when not nil, each append takes a token first
	fail    error
}

func (l *fakeLog) Append(ctx context.Context, record []byte, last uint64) (uint64, error) {
	if l.gate != nil {
		select {
		case <-l.gate:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return 0, l.fail
	}
	if last != l.last() {
		return 0, ErrConflict
	}
	l.records = append(l.records, Record{last + 1, bytes.Clone(record)})
	return last + 1, nil
}

func (l *fakeLog) last() uint64 { return l.first + uint64(len(l.records)) - 1 }

func (l *fakeLog) Read(_ context.Context, from uint64) iter.Seq2[Record, error] {
	l.mu.Lock()
	defer l.mu.Unlock()
	return after(l.records, from)
}

func (l *fakeLog) Bounds(context.Context) (first, last uint64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.first, l.last(), nil
}

// dropOldest is what retention does.
func (l *fakeLog) dropOldest(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records, l.first = l.records[n:], l.first+uint64(n)
}
