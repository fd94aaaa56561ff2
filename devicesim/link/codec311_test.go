package link_test

import (
	"fmt"
	"io"
	"strings"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// codec311 is paho's MQTT 3.1.1 codec; the link's is another.
type codec311 struct{}

func (codec311) read(r io.Reader) (packet, error) {
	cp, err := packets.ReadPacket(r)
	if err != nil {
		return packet{}, err
	}
	switch p := cp.(type) {
	case *packets.ConnectPacket:
		return packet{kind: "CONNECT", fields: []string{
			"client=" + p.ClientIdentifier, "user=" + p.Username, "password=" + string(p.Password),
			fmt.Sprint("keepalive=", p.Keepalive), fmt.Sprint("clean=", p.CleanSession)}}, nil
	case *packets.SubscribePacket:
		out := packet{kind: "SUBSCRIBE", codes: p.Qoss}
		for i, t := range p.Topics {
			out.filters = append(out.filters, fmt.Sprintf("%s:%d", t, p.Qoss[i]))
		}
		out.codes = nil
		out.id = p.MessageID
		return out, nil
	case *packets.PublishPacket:
		return packet{kind: "PUBLISH", id: p.MessageID, qos: p.Qos, topic: p.TopicName, payload: string(p.Payload)}, nil
	case *packets.PubackPacket:
		return packet{kind: "PUBACK", id: p.MessageID}, nil
	case *packets.PingreqPacket:
		return packet{kind: "PINGREQ"}, nil
	case *packets.DisconnectPacket:
		return packet{kind: "DISCONNECT"}, nil
	}
	return packet{}, fmt.Errorf("unexpected %T", cp)
}

func (codec311) write(w io.Writer, p packet) error {
	switch p.kind {
	case "CONNACK":
		out := packets.NewControlPacket(packets.Connack).(*packets.ConnackPacket)
		out.ReturnCode = p.codes[0]
		return out.Write(w)
	case "SUBACK":
		out := packets.NewControlPacket(packets.Suback).(*packets.SubackPacket)
		out.MessageID, out.ReturnCodes = p.id, p.codes
		return out.Write(w)
	case "PUBACK":
		out := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
		out.MessageID = p.id
		return out.Write(w)
	case "PUBLISH":
		out := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
		out.MessageID, out.Qos, out.TopicName, out.Payload = p.id, p.qos, p.topic, []byte(p.payload)
		return out.Write(w)
	case "PINGRESP":
		return packets.NewControlPacket(packets.Pingresp).Write(w)
	}
	return fmt.Errorf("a hub sends no %s", p.kind)
}

func (codec311) answer(f *fakeHub, p packet) (packet, bool) {
	switch p.kind {
	case "CONNECT":
		return packet{kind: "CONNACK", codes: []byte{0}}, true
	case "SUBSCRIBE":
		return f.suback(p), true
	case "PINGREQ":
		return packet{kind: "PINGRESP"}, true
	case "PUBLISH":
		if p.qos == 1 {
			return packet{kind: "PUBACK", id: p.id}, true
		}
		return codec311{}.twin(f, p)
	}
	return packet{}, false
}

func (codec311) twin(f *fakeHub, p packet) (packet, bool) {
	if rid, ok := strings.CutPrefix(p.topic, "$iothub/twin/GET/?$rid="); ok {
		return packet{kind: "PUBLISH", topic: "$iothub/twin/res/200/?$rid=" + rid, payload: twinDocument}, true
	}
	if rid, ok := strings.CutPrefix(p.topic, "$iothub/twin/PATCH/properties/reported/?$rid="); ok {
		return packet{kind: "PUBLISH", topic: fmt.Sprintf("$iothub/twin/res/204/?$rid=%s&$version=%d", rid, f.bump())}, true
	}
	return packet{}, false
}

const twinDocument = `{"desired":{"interval":300,"$version":4},"reported":{"firmware":"1.2","$version":1}}`

func (f *fakeHub) bump() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	return f.version
}
