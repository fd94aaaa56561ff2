package link_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"strconv"

	"github.com/eclipse/paho.golang/packets"
)

// codec5 is paho's MQTT 5 codec, which the link uses, too.
type codec5 struct{}

func (codec5) read(r io.Reader) (packet, error) {
	cp, err := packets.ReadPacket(r)
	if err != nil {
		return packet{}, err
	}
	out := packet{kind: cp.PacketType(), id: cp.PacketID()}
	switch p := cp.Content.(type) {
	case *packets.Connect:
		out.fields = append([]string{"client=" + p.ClientID, fmt.Sprint("keepalive=", p.KeepAlive),
			fmt.Sprint("clean=", p.CleanStart), fmt.Sprint("receive-maximum=", *p.Properties.ReceiveMaximum)}, authFields(p.Properties)...)
		out.user = users(p.Properties)
	case *packets.Auth:
		out.codes, out.fields, out.user = []byte{p.ReasonCode}, authFields(p.Properties), users(p.Properties)
	case *packets.Subscribe:
		for _, s := range p.Subscriptions {
			out.filters = append(out.filters, fmt.Sprintf("%s:%d", s.Topic, s.QoS))
		}
	case *packets.Publish:
		out.qos, out.topic, out.payload = p.QoS, p.Topic, string(p.Payload)
		out.contentType, out.correlation = p.Properties.ContentType, string(p.Properties.CorrelationData)
		out.user = users(p.Properties)
	case *packets.Disconnect:
		out.codes = []byte{p.ReasonCode}
	}
	return out, nil
}

func authFields(p *packets.Properties) []string {
	return []string{"auth-method=" + p.AuthMethod, "auth-data=" + base64.StdEncoding.EncodeToString(p.AuthData)}
}

func users(p *packets.Properties) (out [][2]string) {
	for _, u := range p.User {
		out = append(out, [2]string{u.Key, u.Value})
	}
	return out
}

func (codec5) write(w io.Writer, p packet) error {
	props := &packets.Properties{ContentType: p.contentType}
	if p.correlation != "" {
		props.CorrelationData = []byte(p.correlation)
	}
	for _, u := range p.user {
		props.User = append(props.User, packets.User{Key: u[0], Value: u[1]})
	}
	var out io.WriterTo
	switch p.kind {
	case "CONNACK":
		props.AuthMethod = "SAS"
		if p.keepAlive > 0 {
			props.ServerKeepAlive = &p.keepAlive
		}
		out = &packets.Connack{ReasonCode: p.codes[0], Properties: props}
	case "SUBACK":
		out = &packets.Suback{PacketID: p.id, Reasons: p.codes, Properties: props}
	case "PUBACK":
		out = &packets.Puback{PacketID: p.id, ReasonCode: p.codes[0], Properties: props}
	case "PUBLISH":
		out = &packets.Publish{PacketID: p.id, QoS: p.qos, Topic: p.topic, Payload: []byte(p.payload), Properties: props}
	case "AUTH":
		props.AuthMethod = "SAS"
		out = &packets.Auth{ReasonCode: p.codes[0], Properties: props}
	case "DISCONNECT":
		out = &packets.Disconnect{ReasonCode: p.codes[0], Properties: props}
	case "PINGRESP":
		out = &packets.Pingresp{}
	default:
		return fmt.Errorf("a hub sends no %s", p.kind)
	}
	_, err := out.WriteTo(w)
	return err
}

func (codec5) answer(f *fakeHub, p packet) (packet, bool) {
	switch p.kind {
	case "CONNECT":
		return packet{kind: "CONNACK", codes: []byte{0}, keepAlive: f.serverKeepAlive}, true
	case "SUBSCRIBE":
		return f.suback(p), true
	case "PINGREQ":
		return packet{kind: "PINGRESP"}, true
	case "AUTH":
		return packet{kind: "AUTH", codes: []byte{0}}, true
	case "PUBLISH":
		return codec5{}.published(f, p)
	}
	return packet{}, false
}

func (codec5) published(f *fakeHub, p packet) (packet, bool) {
	a := packet{kind: "PUBLISH", topic: "$iothub/responses", correlation: p.correlation}
	switch {
	case p.qos == 1:
		return packet{kind: "PUBACK", id: p.id, codes: []byte{0}}, true
	case p.topic == "$iothub/twin/get":
		a.payload = twinDocument
	case p.topic == "$iothub/twin/patch/reported":
		a.user = [][2]string{{"version", strconv.Itoa(f.bump())}}
	default:
		return packet{}, false
	}
	return a, true
}
