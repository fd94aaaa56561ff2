package store

import (
	"context"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// keepCommands outlives the longest time to live a command may have. It only cleans up
// behind devices that never come back; expiry itself is the hub's.
const keepCommands = 49 * time.Hour

// queue keeps the commands of all devices in one stream, a subject for each device.
type queue struct{ lanes }

func (s *Store) openQueue(ctx context.Context) (*queue, error) {
	str, err := s.openStream(ctx, jetstream.StreamConfig{
		Name:                 "COMMANDS",
		Subjects:             []string{commandSubjects + ">"},
		MaxMsgsPerSubject:    hub.CommandLimit,
		Discard:              jetstream.DiscardNew,
		DiscardNewPerSubject: true,
		MaxAge:               keepCommands,
	})
	return &queue{lanes{str, commandSubjects}}, err
}

func (q *queue) Enqueue(ctx context.Context, device string, body []byte) (uint64, error) {
	return q.append(ctx, device, body)
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
