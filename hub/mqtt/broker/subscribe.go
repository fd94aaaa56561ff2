package broker

import (
	"github.com/mochi-mqtt/server/v2/packets"
)

// subscribe handles a SUBSCRIBE. Retained messages follow the answer.
func (m *Member) subscribe(pk *packets.Packet) error {
	answer := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Suback}, PacketID: pk.PacketID}
	identifier := 0
	if ids := pk.Properties.SubscriptionIdentifier; len(ids) > 0 {
		identifier = ids[0]
	}
	var replay []*subscription
	for _, f := range pk.Filters {
		sub := &subscription{Filter: f.Filter, QoS: f.Qos, Identifier: identifier, NoLocal: f.NoLocal, RetainAsPublished: f.RetainAsPublished}
		code, known := m.take(sub)
		if code > 2 && pk.ProtocolVersion < 5 {
			code = codeUnspecified // the only one there is
		}
		answer.ReasonCodes = append(answer.ReasonCodes, code)
		share, _ := sharedFilter(f.Filter)
		if code <= 2 && share == "" && (f.RetainHandling == 0 || f.RetainHandling == 1 && !known) {
			replay = append(replay, sub)
		}
	}
	if err := m.session.save(); err != nil {
		return err
	}
	if err := m.send(answer); err != nil {
		return err
	}
	for _, sub := range replay {
		if err := m.replay(sub); err != nil {
			return err
		}
	}
	return nil
}

// take makes a subscription, if that is allowed, and says whether there was one to the
// filter before.
func (m *Member) take(sub *subscription) (code byte, known bool) {
	b, s := m.broker, m.session
	_, topics := sharedFilter(sub.Filter)
	if tooDeep(topics) {
		return codeFilterInvalid, false
	}
	if code := b.cfg.Rules.subscribe(m.user, s.client, topics); code != codeSuccess {
		return code, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link != m.link {
		return codeUnspecified, false
	}
	_, known = s.filters[sub.Filter]
	if !known && len(s.filters) >= b.cfg.MaxSubscriptions {
		return codeQuotaExceeded, false
	}
	s.filters[sub.Filter] = sub
	b.listen(s, sub)
	return sub.QoS, known
}

// replay sends the retained messages that a new subscription matches.
func (m *Member) replay(sub *subscription) error {
	b, s := m.broker, m.session
	for _, msg := range b.retained.match(sub.Filter) {
		if !b.mayRead(s, msg.Topic) {
			continue
		}
		d := &delivery{message: msg}
		d.merge(sub)
		d.retain = true
		record := b.newRecord(msg)
		if !s.admit(d, record, maxWaiting) {
			continue
		}
		if err := record.store(); err != nil {
			b.withdraw([]target{{s, d}})
			return err
		}
		s.push(d)
	}
	return nil
}

// unsubscribe handles an UNSUBSCRIBE.
func (m *Member) unsubscribe(pk *packets.Packet) error {
	answer := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Unsuback}, PacketID: pk.PacketID}
	for _, f := range pk.Filters {
		answer.ReasonCodes = append(answer.ReasonCodes, m.leaveFilter(f.Filter))
	}
	if err := m.session.save(); err != nil {
		return err
	}
	return m.send(answer)
}

func (m *Member) leaveFilter(filter string) byte {
	b, s := m.broker, m.session
	b.mu.Lock()
	defer b.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.filters[filter]; !known || s.link != m.link {
		return codeNoSubscription
	}
	delete(s.filters, filter)
	b.unlisten(s, filter)
	return codeSuccess
}
