package rest

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"twinrig/hub"
)

// readAhead is how many events may wait between the reader and the socket.
const readAhead = 64

func listPartitions(x *exchange) error {
	type bounds struct {
		Partition int    `json:"partition"`
		First     uint64 `json:"first"`
		Next      uint64 `json:"next"`
	}
	all := make([]bounds, x.handler.hub.Partitions())
	for p := range all {
		first, next, err := x.handler.hub.PartitionInfo(x.r.Context(), p)
		if err != nil {
			return err
		}
		all[p] = bounds{p, first, next}
	}
	return x.reply(http.StatusOK, "", all)
}

// streamQuery is what a client asks of the event stream.
type streamQuery struct {
	partition int
	number    uint64 // 0, the earliest, comes before all
	latest    bool
	follow    bool
}

func parseStreamQuery(q url.Values, partitions int) (s streamQuery, err error) {
	if s.partition, err = strconv.Atoi(q.Get("partition")); err != nil || s.partition < 0 || s.partition >= partitions {
		return s, refuse(400004, "ArgumentInvalid", "partition is %q; 0 to %d are there.", q.Get("partition"), partitions-1)
	}
	switch from := q.Get("from"); from {
	case "", "earliest":
	case "latest":
		s.latest = true
	default:
		if s.number, err = strconv.ParseUint(from, 10, 64); err != nil {
			return s, refuse(400004, "ArgumentInvalid", "from is %q; an event number, earliest or latest is wanted.", from)
		}
	}
	if text := q.Get("follow"); text != "" {
		if s.follow, err = strconv.ParseBool(text); err != nil {
			return s, refuse(400004, "ArgumentInvalid", "follow is %q; true or false is wanted.", text)
		}
	}
	return s, nil
}

// streamEvents sends a partition's events as JSON lines: our own call.
func streamEvents(x *exchange) error {
	q, err := parseStreamQuery(x.r.URL.Query(), x.handler.hub.Partitions())
	if err != nil {
		return err
	}
	if q.latest {
		if _, q.number, err = x.handler.hub.PartitionInfo(x.r.Context(), q.partition); err != nil {
			return err
		}
	}
	x.w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	s := stream{exchange: x, out: bufio.NewWriterSize(x.w, 32<<10)}
	s.run(q)
	return nil
}

// stream is an event stream being sent. From its first byte on the status is 200, so
// an error becomes the last line.
type stream struct {
	*exchange
	out *bufio.Writer
}

// next is an event or the error that ends the stream.
type next struct {
	event  hub.Event
	err    error
	resume *uint64 // where to go on with another token
}

func (s stream) run(q streamQuery) {
	ctx, cancel := s.patient()
	defer cancel(nil)
	if !s.expires.IsZero() {
		stop := time.AfterFunc(time.Until(s.expires), func() { cancel(errExpired) })
		defer stop.Stop()
	}
	events := make(chan next, readAhead)
	go s.read(ctx, q, events)
	defer func() { // the reader must have ended when the handler does
		cancel(nil)
		for range events {
		}
	}()
	s.send(events)
}

// read hands on events. An open stream ends only because the client left, his token
// expired or the hub shuts down, and says so: a client must not take it for the end of
// the events. With a new token he can go on where it ended.
func (s stream) read(ctx context.Context, q streamQuery, events chan<- next) {
	defer close(events)
	for e, err := range s.handler.hub.Events(ctx, q.partition, q.number, q.follow) {
		select {
		case events <- next{event: e, err: err}:
			q.number = e.Number + 1
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errExpired):
		events <- next{err: errExpired, resume: &q.number}
	case q.follow, cause != nil:
		events <- next{err: errClosing}
	}
}

// send writes events until there are no more, and flushes whenever none is ready.
func (s stream) send(events <-chan next) {
	for ok := s.flush(); ok; {
		var n next
		select {
		case n, ok = <-events:
		default:
			if !s.flush() {
				return
			}
			n, ok = <-events
		}
		if ok {
			ok = s.write(n)
		}
	}
	s.flush()
}

// write says whether the stream goes on.
func (s stream) write(n next) bool {
	line, err := encodeEvent(n.event)
	if n.err != nil {
		err = n.err
	}
	if err != nil {
		line, _ = encodeLine(struct { // a string cannot fail to encode
			Error string  `json:"error"`
			Next  *uint64 `json:"next,omitempty"`
		}{s.refusal(err).Message, n.resume})
	}
	s.allowWrite()
	_, writeErr := s.out.Write(line)
	return err == nil && writeErr == nil
}

func (s stream) flush() bool {
	s.allowWrite()
	return s.out.Flush() == nil && http.NewResponseController(s.w).Flush() == nil
}
