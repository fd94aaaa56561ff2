package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// stream is a JetStream stream reached by direct requests. It has no consumers: they
// cost goroutines and timers, and their heartbeats would wake a sleeping bubble.
type stream struct {
	conn *nats.Conn
	js   jetstream.JetStream
	name string
}

// entry is one message of a stream.
type entry struct {
	subject  string
	sequence uint64
	body     []byte
}

var errNotFound = errors.New("no such message")

func (s *Store) openStream(ctx context.Context, c jetstream.StreamConfig) (*stream, error) {
	c.AllowDirect = true
	c.Storage = s.storage()
	c.Replicas = 1
	if _, err := s.js.CreateOrUpdateStream(ctx, c); err != nil {
		return nil, fmt.Errorf("open stream %s: %w", c.Name, err)
	}
	return &stream{conn: s.conn, js: s.js, name: c.Name}, nil
}

// publish appends a message and returns its sequence number once the server has
// written it.
func (s *stream) publish(ctx context.Context, subject string, body []byte, o ...jetstream.PublishOpt) (uint64, error) {
	ack, err := s.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: body, Header: nats.Header{}}, o...)
	if err != nil {
		return 0, translate(err)
	}
	return ack.Sequence, nil
}

// maxPerSubject is the text of the server's refusal; its error code covers all
// failures to store.
const maxPerSubject = "maximum messages per subject exceeded"

func translate(err error) error {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch {
	case api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence,
		api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant:
		return hub.ErrConflict
	case api.Description == maxPerSubject:
		return hub.ErrQueueFull
	}
	return err
}

// remove deletes a message, durably; errNotFound when it is gone already.
func (s *stream) remove(ctx context.Context, sequence uint64) error {
	body := fmt.Appendf(nil, `{"seq":%d,"no_erase":true}`, sequence)
	msg, err := s.conn.RequestWithContext(ctx, "$JS.API.STREAM.MSG.DELETE."+s.name, body)
	if err != nil {
		return err
	}
	var answer struct {
		Success bool
		Error   *jetstream.APIError
	}
	if err := json.Unmarshal(msg.Data, &answer); err != nil {
		return err
	}
	switch {
	case answer.Success:
		return nil
	case answer.Error == nil:
		return errors.New("message was not deleted")
	case answer.Error.ErrorCode == sequenceNotFound, slices.Contains(goneTexts, answer.Error.Description):
		return errNotFound
	}
	return answer.Error
}

// How the server says that a message is not there (any more).
const sequenceNotFound = 10043

var goneTexts = []string{server.ErrStoreMsgNotFound.Error(), server.ErrStoreEOF.Error()}

// last returns the newest message of a subject.
func (s *stream) last(ctx context.Context, subject string) (entry, error) {
	msg, err := s.conn.RequestWithContext(ctx, "$JS.API.DIRECT.GET."+s.name+"."+subject, nil)
	if err != nil {
		return entry{}, err
	}
	return toEntry(msg)
}

// nextRequest asks for the messages of a subject from a sequence number on.
type nextRequest struct {
	Sequence uint64 `json:"seq"`
	Subject  string `json:"next_by_subj"`
	Batch    int    `json:"batch,omitempty"`
	MaxBytes int    `json:"max_bytes,omitempty"`
}

const (
	batchSize  = 256
	batchBytes = 4 << 20
)

// read yields the messages of a subject, which may hold wildcards, from sequence number
// from on. The first comes alone, as many readers want no more.
func (s *stream) read(ctx context.Context, subject string, from uint64) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		e, err := s.next(ctx, subject, max(from, 1))
		for err == nil && yield(e, nil) {
			e, err = s.batch(ctx, nextRequest{e.sequence + 1, subject, batchSize, batchBytes}, yield)
		}
		if err != nil && !errors.Is(err, errNotFound) && !errors.Is(err, errStopped) {
			yield(entry{}, err)
		}
	}
}

func (s *stream) next(ctx context.Context, subject string, from uint64) (entry, error) {
	body, err := json.Marshal(nextRequest{Sequence: from, Subject: subject})
	if err != nil {
		return entry{}, err
	}
	msg, err := s.conn.RequestWithContext(ctx, "$JS.API.DIRECT.GET."+s.name, body)
	if err != nil {
		return entry{}, err
	}
	return toEntry(msg)
}

// errStopped says that whoever iterates has had enough.
var errStopped = errors.New("stopped")

// batch yields all messages of one batched request but the last, which it returns
// for its caller to yield; errNotFound when there were none.
func (s *stream) batch(ctx context.Context, r nextRequest, yield func(entry, error) bool) (last entry, err error) {
	body, err := json.Marshal(r)
	if err != nil {
		return entry{}, err
	}
	inbox := s.conn.NewRespInbox()
	sub, err := s.conn.SubscribeSync(inbox)
	if err != nil {
		return entry{}, err
	}
	defer sub.Unsubscribe()
	if err := s.conn.PublishRequest("$JS.API.DIRECT.GET."+s.name, inbox, body); err != nil {
		return entry{}, err
	}
	for n := 0; ; n++ {
		msg, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return entry{}, err
		}
		e, err := toEntry(msg)
		switch {
		case errors.Is(err, errEndOfBatch) && n > 0:
			return last, nil
		case err != nil:
			return entry{}, err
		case n > 0 && !yield(last, nil):
			return entry{}, errStopped
		}
		last = e
	}
}

var errEndOfBatch = errors.New("end of batch")

func toEntry(msg *nats.Msg) (entry, error) {
	switch status := msg.Header.Get("Status"); status {
	case "":
	case "404":
		return entry{}, errNotFound
	case "204":
		return entry{}, errEndOfBatch
	case "503":
		return entry{}, nats.ErrNoResponders
	default:
		return entry{}, fmt.Errorf("direct get: status %s %s", status, msg.Header.Get("Description"))
	}
	sequence, err := strconv.ParseUint(msg.Header.Get(jetstream.SequenceHeader), 10, 64)
	if err != nil {
		return entry{}, fmt.Errorf("direct get: %w", err)
	}
	return entry{subject: msg.Header.Get(jetstream.SubjectHeader), sequence: sequence, body: msg.Data}, nil
}

// bounds returns the first kept and the last sequence number.
func (s *stream) bounds(ctx context.Context) (first, last uint64, err error) {
	str, err := s.js.Stream(ctx, s.name)
	if err != nil {
		return 0, 0, err
	}
	state := str.CachedInfo().State
	return state.FirstSeq, state.LastSeq, nil
}
