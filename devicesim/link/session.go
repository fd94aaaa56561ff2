package link

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// session is the time from Connect to Lost or Close: one MQTT connection, or one
// after another where only a new one can carry a fresh token.
type session struct {
	link *link
	cfg  Config
	h    Handler

	ctx   context.Context // ends with the session; its cause says why
	end   context.CancelCauseFunc
	slots chan struct{} // one per request in flight
	done  chan struct{} // closed when run has ended

	mu      sync.Mutex
	client  client
	wire    *wire
	pending map[string]chan<- answer
	busy    int           // requests that use client
	quiet   chan struct{} // closed when busy reaches zero, if someone waits for that
	gate    chan struct{} // while client is being replaced: closed afterwards
}

func newSession(l *link, h Handler) *session {
	s := &session{
		link: l, cfg: l.cfg, h: h,
		slots:   make(chan struct{}, maxInFlight),
		done:    make(chan struct{}),
		pending: map[string]chan<- answer{},
		gate:    make(chan struct{}), // until the first connection is there
	}
	s.ctx, s.end = context.WithCancelCause(context.Background())
	return s
}

// establish makes a connection and puts it in the place of the last.
func (s *session) establish(ctx context.Context) error {
	conn, err := s.cfg.Dial(ctx)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	w := newWire(s.ctx, conn, s.link.version, s.cfg.AckTimeout)
	w.interval = s.cfg.KeepAlive
	op, stop := tie(ctx, w.ctx)
	defer stop()
	c, err := s.link.open(op, s.cfg, w, inbox{s, w})
	if err != nil {
		err = explain(op, w.ctx, err)
		if w.in.code != 0 { // the libraries' errors know less, or race with the hub's closing
			err = &ReasonError{Packet: "CONNACK", Code: w.in.code, Reason: w.reason}
		}
		w.fail(err)
		<-w.flushed
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client, s.wire = c, w
	return nil
}

// run is the session's goroutine.
func (s *session) run() {
	defer close(s.done)
	cause := s.watch()
	s.end(cause)
	s.link.drop()
	s.client.close()
	s.wire.fail(cause)
	<-s.wire.flushed
	if s.link.detach(s) {
		s.h.Lost(cause)
	}
}

// watch keeps the connection alive and its token fresh until it ends.
func (s *session) watch() error {
	keep := time.NewTimer(s.wire.interval)
	defer keep.Stop()
	renewal := time.NewTimer(s.lifetime())
	defer renewal.Stop()
	for {
		select {
		case <-s.wire.ctx.Done():
			return context.Cause(s.wire.ctx)
		case <-keep.C:
			keep.Reset(s.wire.keepAlive(s.cfg.AckTimeout))
		case <-renewal.C:
			if err := s.renew(); err != nil {
				return fmt.Errorf("renew token: %w", err)
			}
			renewal.Reset(s.lifetime())
		}
	}
}

// lifetime is how long a token is used: .NET renews at 15 % left.
func (s *session) lifetime() time.Duration { return s.cfg.TokenTTL / 100 * 85 }

func (s *session) ended() <-chan struct{} { return s.done }

// abort cuts the farewell short.
func (s *session) abort() {
	s.mu.Lock()
	w := s.wire
	s.mu.Unlock()
	if w != nil {
		w.fail(ErrClosed)
	}
}

// bound gives a wait without deadline the configured one.
func (s *session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, s.cfg.AckTimeout,
		fmt.Errorf("the hub did not answer within %v: %w", s.cfg.AckTimeout, context.DeadlineExceeded))
}

// tie derives a context that also ends with life.
func tie(ctx, life context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(life, func() { cancel(context.Cause(life)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// explain replaces a library's error by what stood behind it: the end of the
// connection, or the reason of a context.
func explain(op, life context.Context, err error) error {
	var status *StatusError
	var reason *ReasonError
	switch {
	case err == nil, errors.As(err, &status), errors.As(err, &reason):
		return err
	case life.Err() != nil:
		return context.Cause(life)
	case op.Err() != nil:
		return context.Cause(op)
	}
	return err
}
