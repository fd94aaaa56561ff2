package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// keepCommands outlives the longest time to live a command may have. It only cleans up
// behind devices that never come back; expiry itself is the hub's.
const keepCommands = 49 * time.Hour

// queue keeps the commands of all devices in one stream, a subject for each device.
type queue struct{ *stream }

func (s *Store) openQueue(ctx context.Context) (*queue, error) {
	str, err := s.openStream(ctx, jetstream.StreamConfig{
		Name:                 "COMMANDS",
		Subjects:             []string{commandSubjects + ">"},
		MaxMsgsPerSubject:    hub.CommandLimit,
		Discard:              jetstream.DiscardNew,
		DiscardNewPerSubject: true,
		MaxAge:               keepCommands,
	})
	return &queue{str}, err
}

func (q *queue) Enqueue(ctx context.Context, device string, body []byte) (uint64, error) {
	subject, err := subject(commandSubjects, device)
	if err != nil {
		return 0, err
	}
	return q.publish(ctx, subject, body)
}

func (q *queue) List(ctx context.Context, device string, from uint64) iter.Seq2[hub.Record, error] {
	subject, err := subject(commandSubjects, device)
	if err != nil {
		return func(yield func(hub.Record, error) bool) { yield(hub.Record{}, err) }
	}
	return records(q.read(ctx, subject, from))
}

func (q *queue) All(ctx context.Context) iter.Seq2[hub.QueuedRecord, error] {
	return func(yield func(hub.QueuedRecord, error) bool) {
		for e, err := range q.read(ctx, commandSubjects+">", 0) {
			r := hub.QueuedRecord{Record: hub.Record{Sequence: e.sequence, Body: e.body}}
			if err == nil {
				r.Device, err = key(commandSubjects, e.subject)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

func (q *queue) Remove(ctx context.Context, device string, sequence uint64) error {
	if err := q.remove(ctx, sequence); !errors.Is(err, errNotFound) {
		return err
	}
	return nil
}
