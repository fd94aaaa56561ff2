package mqtt

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/mochi-mqtt/server/v2/packets"
)

// decode turns a frame that passed the gate into a packet. The packet shares memory
// with the frame.
func (f frame) decode(version byte, pk *packets.Packet) (err error) {
	*pk = packets.Packet{ProtocolVersion: version}
	if err := pk.FixedHeader.Decode(f.kind<<4 | f.flags); err != nil {
		return err
	}
	pk.FixedHeader.Remaining = len(f.body)
	switch f.kind {
	case packets.Connect:
		err = pk.ConnectDecode(f.body)
	case packets.Publish:
		err = pk.PublishDecode(f.body)
	case packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		err = pk.PubackDecode(f.body) // all four have the same form
	case packets.Subscribe:
		err = pk.SubscribeDecode(f.body)
	case packets.Unsubscribe:
		err = pk.UnsubscribeDecode(f.body)
	case packets.Disconnect:
		err = pk.DisconnectDecode(f.body)
		if len(f.body) == 1 { // mochi takes a lone reason code for none
			pk.ReasonCode = f.body[0]
		}
	case packets.Auth:
		err = pk.AuthDecode(f.body)
	case packets.Pingreq:
	}
	if err != nil {
		return fmt.Errorf("decode packet type %d: %w", f.kind, err)
	}
	return nil
}

var errTooLarge = errors.New("packet is larger than the client takes")

// encode appends pk to buf. When that would break limit (0 = none) or the format it
// leaves buf as it was.
func encode(buf *bytes.Buffer, pk *packets.Packet, limit uint32) error {
	start := buf.Len()
	err := encodeAny(buf, pk)
	if err == nil && limit > 0 && uint64(buf.Len()-start) > uint64(limit) {
		err = errTooLarge
	}
	if err != nil {
		buf.Truncate(start)
	}
	return err
}

func encodeAny(buf *bytes.Buffer, pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Connack:
		return pk.ConnackEncode(buf)
	case packets.Publish:
		if !encodable(pk) {
			return errTooLarge
		}
		return pk.PublishEncode(buf)
	case packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		return encodeAck(buf, pk)
	case packets.Suback:
		return pk.SubackEncode(buf)
	case packets.Unsuback:
		return pk.UnsubackEncode(buf)
	case packets.Pingresp:
		return pk.PingrespEncode(buf)
	case packets.Disconnect:
		return pk.DisconnectEncode(buf)
	case packets.Auth:
		return pk.AuthEncode(buf)
	}
	return fmt.Errorf("encode packet: type %d is not sent by servers", pk.FixedHeader.Type)
}

// encodeAck encodes an acknowledgement. mochi leaves out reason codes below 0x80.
func encodeAck(buf *bytes.Buffer, pk *packets.Packet) error {
	head, id := pk.FixedHeader.Type<<4, pk.PacketID
	if pk.FixedHeader.Type == packets.Pubrel {
		head |= 2
	}
	switch {
	case len(pk.Properties.User) > 0:
		return pk.PubackEncode(buf)
	case pk.ProtocolVersion < 5 || pk.ReasonCode == codeSuccess:
		buf.Write([]byte{head, 2, byte(id >> 8), byte(id)})
	default:
		buf.Write([]byte{head, 3, byte(id >> 8), byte(id), pk.ReasonCode})
	}
	return nil
}

// encodable says whether all strings of a PUBLISH fit their 16-bit length, which mochi
// would silently wrap.
func encodable(pk *packets.Packet) bool {
	for _, p := range pk.Properties.User {
		if len(p.Key) > maxString || len(p.Val) > maxString {
			return false
		}
	}
	return len(pk.TopicName) <= maxString && len(pk.Properties.ContentType) <= maxString
}
