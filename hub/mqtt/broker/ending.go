package broker

import "time"

// remains are what a session or a connection leaves behind.
type remains struct {
	client   string
	link     Link
	will     *Will
	waiting  []*delivery
	received []*record
	doc      *document // to be removed
}

// clear disposes of remains. No lock is held, as it writes to the store.
func (b *Broker) clear(r remains) {
	if r.link != nil {
		r.link.Close(codeTakenOver, "another client with this identifier has connected")
	}
	b.publishWill(r.will)
	for _, d := range r.waiting {
		if d.record != nil {
			b.warn(r.client, d.record.settle(r.client, d.id))
		}
	}
	for _, record := range r.received {
		b.warn(r.client, record.forget())
	}
	if r.doc != nil {
		b.warn(r.client, r.doc.put(nil))
	}
}

func (b *Broker) warn(client string, err error) {
	if err != nil {
		b.cfg.Log.Warn("session not cleared", "client", client, "error", err)
	}
}

// alive says whether a client finds the session again. mu is held.
func (s *session) alive() bool {
	return s.persistent() && (s.link != nil || s.expiry == Never || time.Now().Before(s.left.Add(s.expiry)))
}

// handOver takes the session from its connection, if there is one, for the next. A will
// that was to wait is void, as its client is there. mu is held.
func (s *session) handOver() remains {
	s.stopClocks()
	rest := remains{client: s.client, link: s.link}
	if s.link != nil && s.will != nil && s.will.Delay == 0 {
		rest.will = s.will
	}
	s.link, s.started, s.will = nil, false, nil
	s.restart()
	return rest
}

// end takes the session out of the broker. mu and the broker's are held.
func (s *session) end() remains {
	s.stopClocks()
	rest := remains{client: s.client, link: s.link, will: s.will, doc: s.doc}
	for _, d := range s.byID {
		rest.waiting = append(rest.waiting, d)
	}
	for _, r := range s.received {
		if r != nil {
			rest.received = append(rest.received, r)
		}
	}
	for filter := range s.filters {
		s.broker.unlisten(s, filter)
	}
	if s.broker.sessions[s.client] == s {
		delete(s.broker.sessions, s.client)
	}
	s.gone, s.link, s.started, s.will, s.queue, s.flight = true, nil, false, nil, nil, nil
	clear(s.byID)
	return rest
}

func (s *session) stopClocks() {
	if s.timer != nil {
		s.timer.Stop()
	}
	if s.willTime != nil {
		s.willTime.Stop()
	}
}

// armExpiry starts the clock of a session whose client is away. mu is held.
func (s *session) armExpiry() {
	if s.expiry != Never {
		s.timer = s.broker.after(time.Until(s.left.Add(s.expiry)), s.expire)
	}
}

// expire ends a session whose client has not come back.
func (s *session) expire() {
	b := s.broker
	b.mu.Lock()
	s.mu.Lock()
	if s.link != nil || s.gone || s.alive() {
		s.mu.Unlock()
		b.mu.Unlock()
		return
	}
	rest := s.end()
	s.mu.Unlock()
	b.mu.Unlock()
	b.clear(rest)
}
