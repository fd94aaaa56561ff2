package link

import (
	"context"
	"errors"
	"time"
)

var errReplaced = errors.New("connection replaced to renew the token")

// renew gives the hub a fresh token, on the present connection if the protocol
// can, else on a new one.
func (s *session) renew() error {
	bounded, cancel := s.bound(s.ctx)
	defer cancel()
	op, stop := tie(bounded, s.wire.ctx)
	err := s.client.renew(op)
	stop()
	if err == nil {
		return nil
	}
	if s.ctx.Err() != nil {
		return context.Cause(s.ctx)
	}
	return s.replace()
}

// replace reconnects without the device noticing: it first lets callbacks and
// requests finish, for their answers belong to the old connection, and holds new
// requests back.
func (s *session) replace() error {
	s.waitFor(s.link.methods.done(), s.link.commands.done(), s.close())
	defer s.ready()
	s.client.close()
	s.wire.fail(errReplaced)
	<-s.wire.flushed
	bounded, cancel := s.bound(s.ctx)
	defer cancel()
	return explain(bounded, s.ctx, s.establish(bounded))
}

// waitFor waits for all of them, but no longer than for an acknowledgement.
func (s *session) waitFor(all ...<-chan struct{}) {
	patience := time.NewTimer(s.cfg.AckTimeout)
	defer patience.Stop()
	for _, done := range all {
		select {
		case <-done:
		case <-patience.C:
			return
		case <-s.ctx.Done():
			return
		}
	}
}
