package broker

import (
	"errors"
	"fmt"

	"github.com/mochi-mqtt/server/v2/packets"
)

// publish handles a PUBLISH, whose topic alias has been resolved.
func (m *Member) publish(pk *packets.Packet) error {
	msg := message(pk.TopicName, pk.Payload, &pk.Properties)
	msg.QoS, msg.Retain = pk.FixedHeader.Qos, pk.FixedHeader.Retain
	msg.expireAfter(pk.Properties.MessageExpiryInterval)
	if code := m.mayPublish(msg.Topic); code != codeSuccess {
		m.broker.cfg.Log.Debug("publish refused", "client", m.session.client, "topic", msg.Topic, "code", code)
		return m.answer(msg.QoS, pk.PacketID, code)
	}
	if msg.QoS == 2 {
		return m.publishOnce(msg, pk.PacketID)
	}
	n, err := m.broker.publish(m.session, msg, 0)
	return m.published(msg.QoS, pk.PacketID, n, err)
}

func (m *Member) mayPublish(topic string) byte {
	switch {
	case tooDeep(topic):
		return codeTopicInvalid
	case !m.broker.cfg.Rules.may(rightWrite, m.user, m.session.client, topic):
		return codeNotAuthorized
	}
	return codeSuccess
}

// publishOnce publishes unless the packet identifier says that it has been done.
func (m *Member) publishOnce(msg *Message, id uint16) error {
	s := m.session
	s.mu.Lock()
	_, again := s.received[id]
	full := len(s.received) >= s.maximum
	if !again && !full {
		s.received[id] = nil
	}
	s.mu.Unlock()
	switch {
	case again:
		return m.answer(2, id, codeSuccess)
	case full:
		return refuse(codeReceiveMaximum, "more than %d publishes of QoS 2 are not complete", s.maximum)
	}
	n, err := m.broker.publish(s, msg, id)
	if err != nil {
		s.mu.Lock()
		delete(s.received, id)
		s.mu.Unlock()
	}
	return m.published(2, id, n, err)
}

// published answers a publish that went to n clients.
func (m *Member) published(qos byte, id uint16, n int, err error) error {
	var full *Refusal
	if errors.As(err, &full) {
		m.broker.cfg.Log.Debug("publish refused", "client", m.session.client, "error", err)
		return m.answer(qos, id, full.Code)
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	code := byte(codeSuccess)
	if n == 0 {
		code = codeNoMatchingSubscribers
	}
	return m.answer(qos, id, code)
}

// answer acknowledges a publish. MQTT 3.1.1 has no way to say no: there the message is
// dropped without a word.
func (m *Member) answer(qos byte, id uint16, code byte) error {
	switch qos {
	case 1:
		return m.send(acknowledgement(packets.Puback, id, code))
	case 2:
		return m.send(acknowledgement(packets.Pubrec, id, code))
	}
	return nil
}

// publish hands a message to everybody who has subscribed to it, and returns to how many
// once it is stored. from is nil for a will; a packet identifier is given with QoS 2.
func (b *Broker) publish(from *session, m *Message, id uint16) (int, error) {
	if m.Retain {
		if err := b.retained.keep(b, m); err != nil {
			return 0, err
		}
	}
	targets := b.audience(from, m)
	record := b.newRecord(m)
	if id > 0 && from.keeps() {
		record.entry.Publisher, record.entry.PacketID = from.client, id
	}
	admitted := targets[:0:0]
	for _, t := range targets {
		if t.session.admit(t.delivery, record, b.cfg.MaxQueued) {
			admitted = append(admitted, t)
		}
	}
	if err := record.store(); err != nil {
		b.withdraw(admitted)
		return 0, err
	}
	if id > 0 {
		from.keep(id, record)
	}
	for _, t := range admitted {
		t.session.push(t.delivery)
	}
	return len(targets), nil
}

// withdraw takes admitted messages back that could not be stored.
func (b *Broker) withdraw(targets []target) {
	for _, t := range targets {
		t.session.mu.Lock()
		delete(t.session.byID, t.delivery.id)
		t.session.held -= t.delivery.message.size()
		t.session.mu.Unlock()
	}
}

// keep notes where the packet identifier of a publish is stored, if it is.
func (s *session) keep(id uint16, r *record) {
	r.mu.Lock()
	stored := r.entry.Publisher != ""
	r.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored {
		s.received[id] = r
	}
}

// keeps says whether the session is stored.
func (s *session) keeps() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.persistent() && !s.gone
}
