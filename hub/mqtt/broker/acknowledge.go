package broker

import (
	"fmt"
	"slices"

	"github.com/mochi-mqtt/server/v2/packets"
)

// acknowledged handles PUBACK, PUBREC and PUBCOMP: the client's side of a delivery.
func (m *Member) acknowledged(pk *packets.Packet) error {
	s := m.session
	s.mu.Lock()
	defer s.unlock()
	if s.link != m.link {
		return nil // a successor has taken over
	}
	d := s.byID[pk.PacketID]
	if d == nil || !slices.Contains(s.flight, d) { // what waits was not sent, or not on this connection
		return m.unknown(pk)
	}
	switch kind := pk.FixedHeader.Type; {
	case (d.qos == 1) != (kind == packets.Puback):
		return refuse(codeProtocolError, "acknowledgement is not one of QoS %d", d.qos)
	case kind == packets.Pubrec && pk.ReasonCode < codeUnspecified:
		return m.release(d)
	case kind == packets.Pubcomp && !d.released:
		return refuse(codeProtocolError, "PUBCOMP before PUBREC")
	}
	s.flight = slices.DeleteFunc(s.flight, func(other *delivery) bool { return other == d })
	s.drop(d)
	s.pump()
	return nil
}

// release answers PUBREC. That the client has the message is stored first: it is not to be
// sent again.
func (m *Member) release(d *delivery) error {
	if d.record != nil && !d.released {
		if err := d.record.release(m.session.client, d.id); err != nil {
			return fmt.Errorf("release message: %w", err)
		}
	}
	d.released = true
	return m.send(acknowledgement(packets.Pubrel, d.id, codeSuccess))
}

// unknown handles an acknowledgement of nothing, which clients send after a loss of state.
func (m *Member) unknown(pk *packets.Packet) error {
	if pk.FixedHeader.Type != packets.Pubrec || pk.ReasonCode >= codeUnspecified {
		return nil
	}
	return m.send(acknowledgement(packets.Pubrel, pk.PacketID, codePacketIDNotFound))
}

// released handles PUBREL: the end of a publish of QoS 2 by the client.
func (m *Member) released(id uint16) error {
	s := m.session
	s.mu.Lock()
	record, known := s.received[id]
	delete(s.received, id)
	s.mu.Unlock()
	code := byte(codeSuccess)
	if !known {
		code = codePacketIDNotFound
	}
	if record != nil {
		if err := record.forget(); err != nil {
			return fmt.Errorf("release packet identifier: %w", err)
		}
	}
	return m.send(acknowledgement(packets.Pubcomp, id, code))
}
