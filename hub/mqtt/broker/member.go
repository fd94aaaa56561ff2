package broker

import (
	"fmt"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Member is a client that is connected. Its methods are called from one goroutine, but for
// Resume.
type Member struct {
	broker  *Broker
	session *session
	link    Link
	user    string

	Present  bool   // an earlier session goes on
	Assigned string // identifier given to a client that has none
}

// Start follows the CONNACK: the client gets what waits for it.
func (m *Member) Start() {
	s := m.session
	s.mu.Lock()
	defer s.unlock()
	if s.link != m.link {
		return
	}
	s.started = true
	for _, d := range s.flight {
		pk := d.packet()
		_ = s.link.Send(&pk) // a PUBREL is not too large for anybody
	}
	s.pump()
}

// Resume goes on sending after the link was full.
func (m *Member) Resume() {
	s := m.session
	s.mu.Lock()
	defer s.unlock()
	if s.link == m.link {
		s.pump()
	}
}

// Handle acts on a packet other than CONNECT, PINGREQ and DISCONNECT. An error that is not
// a *Refusal comes from the store.
func (m *Member) Handle(pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Publish:
		return m.publish(pk)
	case packets.Puback, packets.Pubrec, packets.Pubcomp:
		return m.acknowledged(pk)
	case packets.Pubrel:
		return m.released(pk.PacketID)
	case packets.Subscribe:
		return m.subscribe(pk)
	case packets.Unsubscribe:
		return m.unsubscribe(pk)
	}
	return refuse(codeProtocolError, "packet of type %d is not expected here", pk.FixedHeader.Type)
}

func (m *Member) send(pk packets.Packet) error {
	if err := m.link.Send(&pk); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// Disconnect handles the client's DISCONNECT. Leave is still to be called.
func (m *Member) Disconnect(pk *packets.Packet) error {
	s := m.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link != m.link {
		return nil
	}
	if pk.Properties.SessionExpiryIntervalFlag {
		asked := Expiry(pk.Properties.SessionExpiryInterval)
		if asked != 0 && s.expiry == 0 {
			return refuse(codeProtocolError, "session expiry interval was 0 in CONNECT")
		}
		s.expiry = asked
	}
	if pk.ReasonCode == codeSuccess {
		s.will = nil
	}
	return nil
}

// Leave ends the membership: the connection has ended, with or without DISCONNECT.
func (m *Member) Leave() {
	b, s := m.broker, m.session
	b.mu.Lock()
	s.mu.Lock()
	if s.link != m.link || s.gone {
		s.mu.Unlock()
		b.mu.Unlock()
		return
	}
	s.link, s.started, s.left = nil, false, time.Now()
	if !s.persistent() {
		rest := s.end()
		s.mu.Unlock()
		b.mu.Unlock()
		b.clear(rest)
		return
	}
	due := s.postpone()
	s.restart()
	s.armExpiry()
	s.mu.Unlock()
	b.mu.Unlock()
	b.publishWill(due)
	if err := s.save(); err != nil {
		b.cfg.Log.Warn("session not stored", "client", s.client, "error", err)
	}
}

// Expiry converts a session expiry interval.
func Expiry(seconds uint32) time.Duration {
	if seconds == 1<<32-1 {
		return Never
	}
	return time.Duration(seconds) * time.Second
}
