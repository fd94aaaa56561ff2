package broker

import (
	"encoding/hex"
	"fmt"
	"io"
	"math"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Peer is what is known of a client besides its CONNECT.
type Peer struct {
	Link           Link
	Local          bool // it is on this machine
	ReceiveMaximum int  // publishes of QoS 2 that it may have unfinished; 0 = no limit
}

// Connect lets a client in. When there is a connection with its identifier already, that
// one is closed. The caller sends CONNACK and calls Start, or else Leave.
func (b *Broker) Connect(pk *packets.Packet, peer Peer) (*Member, error) {
	user, err := b.authenticate(pk, peer.Local)
	if err != nil {
		return nil, err
	}
	m := &Member{broker: b, link: peer.Link, user: user}
	client, err := b.clientID(pk, m)
	if err != nil {
		return nil, err
	}
	w := willOf(&pk.Connect)
	if w != nil && (tooDeep(w.Message.Topic) || !b.cfg.Rules.may(rightWrite, user, client, w.Message.Topic)) {
		return nil, refuse(codeNotAuthorized, "will topic is not allowed")
	}
	rest, err := b.enter(m, client, pk, w, peer)
	if err != nil {
		return nil, err
	}
	b.clear(rest)
	if err := m.session.save(); err != nil {
		m.Leave()
		return nil, refuse(codeServerUnavailable, "session cannot be stored now")
	}
	return m, nil
}

// clientID returns the client's identifier, or a new one.
func (b *Broker) clientID(pk *packets.Packet, m *Member) (string, error) {
	if id := pk.Connect.ClientIdentifier; id != "" {
		return id, nil
	}
	if pk.ProtocolVersion < 5 && !pk.Connect.Clean {
		return "", refuse(codeClientIDInvalid, "a client without identifier cannot keep a session")
	}
	var random [12]byte
	if _, err := io.ReadFull(b.cfg.Random, random[:]); err != nil {
		return "", fmt.Errorf("assign client identifier: %w", err)
	}
	m.Assigned = "auto-" + hex.EncodeToString(random[:])
	return m.Assigned, nil
}

// enter gives the member its session. What is left of sessions and connections before is
// to be cleared.
func (b *Broker) enter(m *Member, client string, pk *packets.Packet, w *Will, peer Peer) (rest remains, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	old := b.sessions[client]
	if old == nil && len(b.sessions) >= b.cfg.MaxSessions {
		return rest, refuse(codeQuotaExceeded, "there are %d sessions, which is the limit", len(b.sessions))
	}
	m.session = old
	if old != nil {
		old.mu.Lock()
		m.Present = !pk.Connect.Clean && old.alive()
		if m.Present {
			rest = old.handOver()
		} else {
			rest = old.end()
		}
		old.mu.Unlock()
	}
	if !m.Present {
		m.session = b.newSession(client)
		b.sessions[client] = m.session
	}
	m.session.mu.Lock()
	defer m.session.mu.Unlock()
	m.session.take(m, pk, w, peer, b.cfg.MaxInflight)
	return rest, nil
}

// take makes m the session's connection. mu is held.
func (s *session) take(m *Member, pk *packets.Packet, w *Will, peer Peer, inflight int) {
	s.link, s.user, s.will = m.link, m.user, w
	s.size, s.maximum = inflight, math.MaxUint16
	s.expiry = Never
	if pk.Connect.Clean {
		s.expiry = 0
	}
	if pk.ProtocolVersion == 5 {
		s.expiry = Expiry(pk.Properties.SessionExpiryInterval)
		if asked := int(pk.Properties.ReceiveMaximum); asked > 0 {
			s.size = min(s.size, asked)
		}
		if peer.ReceiveMaximum > 0 {
			s.maximum = peer.ReceiveMaximum
		}
	}
}
