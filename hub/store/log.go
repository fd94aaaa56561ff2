package store

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// log is the stream of one partition.
type log struct {
	*stream
	subject string
}

// Log opens the log of a partition, making it when missing.
func (s *Store) Log(ctx context.Context, partition int) (hub.Log, error) {
	limit := s.options.LogBytes
	if limit == 0 && s.options.Dir == "" {
		limit = DefaultMemoryLogBytes
	} else if limit == 0 {
		limit = DefaultDiskLogBytes
	}
	number := strconv.Itoa(partition)
	l := &log{subject: eventSubjects + number}
	var err error
	l.stream, err = s.openStream(ctx, jetstream.StreamConfig{
		Name:     "EVENTS_" + number,
		Subjects: []string{l.subject},
		MaxBytes: max(limit, 2*hub.MaxRecord), // the last record has to stay
		Discard:  jetstream.DiscardOld,
	})
	return l, err
}

func (l *log) Append(ctx context.Context, record []byte, last uint64) (uint64, error) {
	if len(record) > hub.MaxRecord {
		return 0, fmt.Errorf("record of %d bytes; at most %d are allowed", len(record), hub.MaxRecord)
	}
	return l.publish(ctx, l.subject, record, jetstream.WithExpectLastSequence(last))
}

func (l *log) Read(ctx context.Context, from uint64) iter.Seq2[hub.Record, error] {
	return records(l.read(ctx, l.subject, from))
}

func (l *log) Bounds(ctx context.Context) (first, last uint64, err error) { return l.bounds(ctx) }

func records(entries iter.Seq2[entry, error]) iter.Seq2[hub.Record, error] {
	return func(yield func(hub.Record, error) bool) {
		for e, err := range entries {
			if !yield(hub.Record{Sequence: e.sequence, Body: e.body}, err) {
				return
			}
		}
	}
}
