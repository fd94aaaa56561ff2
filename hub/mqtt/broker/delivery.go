package broker

import "github.com/mochi-mqtt/server/v2/packets"

// delivery is a message on its way to one client.
type delivery struct {
	message  *Message
	qos      byte
	retain   bool
	ids      []int  // subscription identifiers
	id       uint16 // packet identifier; 0 with QoS 0
	sent     bool   // may have reached the client before
	released bool   // QoS 2: PUBREC has come
	record   *record
}

// packet returns what is to be sent now: PUBLISH or PUBREL.
func (d *delivery) packet() packets.Packet {
	if d.released {
		return acknowledgement(packets.Pubrel, d.id, codeSuccess)
	}
	pk := d.message.packet()
	pk.FixedHeader.Qos, pk.FixedHeader.Retain, pk.FixedHeader.Dup = d.qos, d.retain, d.sent && d.qos > 0
	pk.PacketID = d.id
	pk.Properties.SubscriptionIdentifier = d.ids
	return pk
}

func acknowledgement(kind byte, id uint16, code byte) packets.Packet {
	return packets.Packet{FixedHeader: packets.FixedHeader{Type: kind}, PacketID: id, ReasonCode: code}
}
