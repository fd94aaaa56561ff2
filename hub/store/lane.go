package store

import (
	"context"
	"errors"
	"iter"

	"twinrig/hub"
)

// lanes is a stream of what waits for many: each has a lane, which is a subject.
type lanes struct {
	*stream
	prefix string
}

func (l *lanes) append(ctx context.Context, lane string, body []byte) (sequence uint64, err error) {
	subject, err := subject(l.prefix, lane)
	if err != nil {
		return 0, err
	}
	return l.publish(ctx, subject, body)
}

// List yields what waits in a lane from sequence number from on, oldest first.
func (l *lanes) List(ctx context.Context, lane string, from uint64) iter.Seq2[hub.Record, error] {
	subject, err := subject(l.prefix, lane)
	if err != nil {
		return func(yield func(hub.Record, error) bool) { yield(hub.Record{}, err) }
	}
	return records(l.read(ctx, subject, from))
}

// Remove of what is gone is no error.
func (l *lanes) Remove(ctx context.Context, _ string, sequence uint64) error {
	if err := l.remove(ctx, sequence); !errors.Is(err, errNotFound) {
		return err
	}
	return nil
}
