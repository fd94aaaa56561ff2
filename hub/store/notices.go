package store

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// keepNotices outlives the time to live the hub gives them.
const keepNotices = 49 * time.Hour

// notices keeps what waits for services, a subject for each topic.
type notices struct{ lanes }

func (s *Store) openNotices(ctx context.Context) (*notices, error) {
	str, err := s.openStream(ctx, jetstream.StreamConfig{
		Name:              "NOTICES",
		Subjects:          []string{noticeSubjects + ">"},
		MaxMsgsPerSubject: hub.NoticeLimit,
		Discard:           jetstream.DiscardOld,
		MaxAge:            keepNotices,
	})
	return &notices{lanes{str, noticeSubjects}}, err
}

func (n *notices) Append(ctx context.Context, topic string, body []byte) (uint64, error) {
	return n.append(ctx, topic, body)
}
