package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// keepNotices outlives the time to live the hub gives them.
const keepNotices = 49 * time.Hour

// notices keeps what waits for services, a subject for each topic.
type notices struct{ *stream }

func (s *Store) openNotices(ctx context.Context) (*notices, error) {
	str, err := s.openStream(ctx, jetstream.StreamConfig{
		Name:              "NOTICES",
		Subjects:          []string{noticeSubjects + ">"},
		MaxMsgsPerSubject: hub.NoticeLimit,
		Discard:           jetstream.DiscardOld,
		MaxAge:            keepNotices,
	})
	return &notices{str}, err
}

func (n *notices) Append(ctx context.Context, topic string, body []byte) (uint64, error) {
	subject, err := subject(noticeSubjects, topic)
	if err != nil {
		return 0, err
	}
	return n.publish(ctx, subject, body)
}

func (n *notices) List(ctx context.Context, topic string, from uint64) iter.Seq2[hub.Record, error] {
	subject, err := subject(noticeSubjects, topic)
	if err != nil {
		return func(yield func(hub.Record, error) bool) { yield(hub.Record{}, err) }
	}
	return records(n.read(ctx, subject, from))
}

func (n *notices) Remove(ctx context.Context, _ string, sequence uint64) error {
	if err := n.remove(ctx, sequence); !errors.Is(err, errNotFound) {
		return err
	}
	return nil
}
