package store

import (
	"context"
	"errors"
	"iter"

	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// documents keeps the newest message of each subject; its sequence number is the
// document's revision.
type documents struct{ *stream }

func (s *Store) openDocuments(ctx context.Context) (*documents, error) {
	str, err := s.openStream(ctx, jetstream.StreamConfig{
		Name:              "DOCUMENTS",
		Subjects:          []string{documentSubjects + ">"},
		MaxMsgsPerSubject: 1,
	})
	return &documents{str}, err
}

func (d *documents) Get(ctx context.Context, key string) (hub.Document, error) {
	subject, err := subject(documentSubjects, key)
	if err != nil {
		return hub.Document{}, err
	}
	e, err := d.last(ctx, subject)
	if errors.Is(err, errNotFound) {
		return hub.Document{}, hub.ErrNoDocument
	}
	return hub.Document{Key: key, Revision: e.sequence, Body: e.body}, err
}

func (d *documents) Put(ctx context.Context, doc hub.Document) (revision uint64, err error) {
	subject, err := subject(documentSubjects, doc.Key)
	if err != nil {
		return 0, err
	}
	if len(doc.Body) > 0 {
		return d.publish(ctx, subject, doc.Body, jetstream.WithExpectLastSequencePerSubject(doc.Revision))
	}
	// A revision is still the newest if its message is still there, as each new one
	// displaces the one before; removing it by number is a compare-and-set.
	if err = d.remove(ctx, doc.Revision); errors.Is(err, errNotFound) {
		err = hub.ErrConflict
	}
	return 0, err
}

func (d *documents) Scan(ctx context.Context, prefix string) iter.Seq2[hub.Document, error] {
	return func(yield func(hub.Document, error) bool) {
		subjects, err := subject(documentSubjects, prefix)
		if err != nil {
			yield(hub.Document{}, err)
			return
		}
		// A document that is written during the scan moves to the end of the stream.
		seen := map[string]bool{}
		for e, err := range d.read(ctx, subjects+".>", 0) {
			var doc hub.Document
			if err == nil {
				doc.Revision, doc.Body = e.sequence, e.body
				doc.Key, err = key(documentSubjects, e.subject)
			}
			if seen[doc.Key] && err == nil {
				continue
			}
			seen[doc.Key] = true
			if !yield(doc, err) || err != nil {
				return
			}
		}
	}
}
