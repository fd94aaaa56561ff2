package link

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// link implements Link for every protocol version: the sessions come and go, the
// callbacks' order and the request ids stay.
type link struct {
	cfg     Config
	open    open
	version version

	methods, desired, commands lane

	mu      sync.Mutex
	ids     uint64   // of requests; never repeated, so that a late answer finds nobody
	present *session // from Connect to Lost or Close
	last    *session // the present or the last one
}

func newLink(cfg Config, v version, o open) *link {
	return &link{cfg: cfg.withDefaults(), version: v, open: o}
}

// Connect implements Link.
func (l *link) Connect(ctx context.Context, h Handler) error {
	if err := l.connect(ctx, h); err != nil {
		return fmt.Errorf("connect %s to %s: %w", l.cfg.DeviceID, l.cfg.HostName, err)
	}
	return nil
}

func (l *link) connect(ctx context.Context, h Handler) error {
	if err := l.cfg.check(); err != nil {
		return err
	}
	s := newSession(l, h)
	l.mu.Lock()
	if l.present != nil {
		l.mu.Unlock()
		return ErrConnected
	}
	l.present, l.last = s, s
	l.mu.Unlock()

	ctx, cancel := s.bound(ctx)
	defer cancel()
	op, stop := tie(ctx, s.ctx)
	defer stop()
	if err := explain(op, s.ctx, s.establish(op)); err != nil {
		l.detach(s)
		s.end(err)
		close(s.done)
		return err
	}
	s.ready()
	go s.run()
	if errors.Is(context.Cause(s.ctx), ErrClosed) { // meanwhile; any other end is for Lost
		return ErrClosed
	}
	return nil
}

// detach reports whether s was the present session, which it no longer is.
func (l *link) detach(s *session) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.present != s {
		return false
	}
	l.present = nil
	return true
}

// Close implements Link.
func (l *link) Close(ctx context.Context) error {
	l.mu.Lock()
	last := l.last
	if l.present != nil {
		l.present.end(ErrClosed)
	}
	l.present = nil
	l.mu.Unlock()
	if last == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, last.abort)
	defer stop()
	if err := l.settle(last); err != nil {
		return fmt.Errorf("close link of %s: %w", l.cfg.DeviceID, err)
	}
	return nil
}

// settle waits for the session and for callbacks that are running. These have no
// context, so the wait has a bound.
func (l *link) settle(s *session) error {
	patience := time.NewTimer(2 * l.cfg.AckTimeout) // one for the farewell, one for callbacks
	defer patience.Stop()
	for _, done := range []func() <-chan struct{}{s.ended, l.methods.done, l.desired.done, l.commands.done} {
		select {
		case <-done():
		case <-patience.C:
			return fmt.Errorf("a callback has not returned within %v", 2*l.cfg.AckTimeout)
		}
	}
	return nil
}

// drop forgets callbacks that have not begun.
func (l *link) drop() {
	l.methods.drop()
	l.desired.drop()
	l.commands.drop()
}

func (l *link) nextID() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids++
	return strconv.FormatUint(l.ids, 10)
}

func (l *link) session() (*session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.present == nil {
		return nil, ErrNotConnected
	}
	return l.present, nil
}
