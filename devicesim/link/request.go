package link

import (
	"context"
	"encoding/json"
	"fmt"
)

// Send implements Link.
func (l *link) Send(ctx context.Context, m Message) error {
	err := m.check()
	if err == nil {
		err = l.do(ctx, func(ctx context.Context, _ *session, c client) error { return c.publish(ctx, m) })
	}
	if err != nil {
		return fmt.Errorf("send telemetry of %s: %w", l.cfg.DeviceID, err)
	}
	return nil
}

// Twin implements Link.
func (l *link) Twin(ctx context.Context) (desired, reported map[string]any, err error) {
	a, err := l.request(ctx, client.get)
	if err == nil {
		desired, reported, err = decodeTwin(a.body)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("get twin of %s: %w", l.cfg.DeviceID, err)
	}
	return desired, reported, nil
}

func decodeTwin(body []byte) (desired, reported map[string]any, err error) {
	var twin struct{ Desired, Reported map[string]any }
	if json.Unmarshal(body, &twin) != nil || twin.Desired == nil || twin.Reported == nil {
		return nil, nil, fmt.Errorf("%w: a twin is a JSON object with desired and reported objects", ErrProtocol)
	}
	return twin.Desired, twin.Reported, nil
}

// Report implements Link.
func (l *link) Report(ctx context.Context, patch map[string]any) (version int64, err error) {
	body, err := json.Marshal(patch)
	var a answer
	if err == nil {
		a, err = l.request(ctx, func(c client, id string) error { return c.patch(id, body) })
	}
	if err != nil {
		return 0, fmt.Errorf("report properties of %s: %w", l.cfg.DeviceID, err)
	}
	return a.version, nil
}

// request sends something the hub answers with a message of its own.
func (l *link) request(ctx context.Context, send func(c client, id string) error) (a answer, err error) {
	err = l.do(ctx, func(ctx context.Context, s *session, c client) error {
		id := l.nextID()
		answers := s.expect(id)
		defer s.forget(id)
		if err := send(c, id); err != nil {
			return err
		}
		select {
		case a = <-answers:
			return a.err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return a, err
}

// do runs f on the present connection, within bounds of time and number.
func (l *link) do(ctx context.Context, f func(context.Context, *session, client) error) error {
	s, err := l.session()
	if err != nil {
		return err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.ctx.Done():
		return context.Cause(s.ctx)
	}
	c, w, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer s.release()
	op, stop := tie(ctx, w.ctx)
	defer stop()
	return explain(op, w.ctx, f(op, s, c))
}

// acquire returns the connection to use, after a replacement under way.
func (s *session) acquire(ctx context.Context) (client, *wire, error) {
	for {
		s.mu.Lock()
		gate := s.gate
		if gate == nil {
			s.busy++
			defer s.mu.Unlock()
			return s.client, s.wire, nil
		}
		s.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		case <-s.ctx.Done():
			return nil, nil, context.Cause(s.ctx)
		}
	}
}

func (s *session) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy--
	if s.busy == 0 && s.quiet != nil {
		close(s.quiet)
		s.quiet = nil
	}
}

// close shuts the gate before new requests and returns a channel that is closed
// when those inside have left.
func (s *session) close() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = make(chan struct{})
	quiet := make(chan struct{})
	if s.busy == 0 {
		close(quiet)
	} else {
		s.quiet = quiet
	}
	return quiet
}

// ready opens the gate.
func (s *session) ready() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.gate)
	s.gate = nil
}

func (s *session) expect(id string) <-chan answer {
	c := make(chan answer, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[id] = c
	return c
}

func (s *session) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, id)
}
