package mqtt

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

func (s *step) connectStep(id string) {
	c := s.dial(s.arg("c", "a"))
	c.version = byte(s.num("v", 4))
	life, err := time.ParseDuration(s.arg("life", "1h"))
	if err != nil {
		s.d.Fatalf(s.t, "%v", err)
	}
	pk := connectPacket(s.t, id)
	if c.version == 5 {
		pk = connectPacket5(id, life)
		pk.Properties.User = append(pk.Properties.User, s.user()...)
		pk.Properties.User = slices.DeleteFunc(pk.Properties.User, func(u packets.UserProperty) bool { return u.Key == s.arg("without", "-") })
		pk.Properties.AuthenticationMethod = strings.TrimPrefix(s.arg("method", "SAS"), "none")
		if pk.Properties.AuthenticationMethod == "" {
			pk.Properties.AuthenticationData = nil
		}
		pk.Properties.ReceiveMaximum = uint16(s.num("receive-maximum", 0))
		pk.Properties.TopicAliasMaximum = uint16(s.num("topic-alias-maximum", 0))
		pk.Properties.MaximumPacketSize = uint32(s.num("maximum-packet-size", 0))
		if n := s.num("session-expiry", -1); n >= 0 {
			pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = uint32(n), true
		}
		pk.Properties.RequestProblemInfoFlag = s.arg("no-problem-info", "") != ""
	} else {
		pk.Connect.Password = []byte(token(s.t, id, life))
	}
	if user := s.get("username"); user != "" {
		pk.Connect.Username = []byte(user)
	}
	if password, ok := s.optional("password"); ok {
		pk.Connect.Password, pk.Connect.PasswordFlag = []byte(password), password != ""
	}
	pk.Connect.ClientIdentifier = s.arg("client-id", id)
	pk.Connect.Clean = s.arg("clean", "1") == "1"
	pk.Connect.Keepalive = uint16(s.num("keepalive", 60))
	if topic := s.get("will"); topic != "" {
		pk.Connect.WillFlag, pk.Connect.WillTopic, pk.Connect.WillPayload = true, topic, []byte(s.get("will-payload"))
		pk.Connect.WillQos = byte(s.num("will-qos", 0))
		pk.Connect.WillRetain = s.arg("will-retain", "") != ""
		pk.Connect.WillProperties.WillDelayInterval = uint32(s.num("will-delay", 0))
	}
	c.send(s.t, pk)
}

func (s *step) optional(name string) (string, bool) {
	i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return "", false
	}
	return s.fields[i].value, true
}

var ackTypes = map[string]byte{
	"puback": packets.Puback, "pubrec": packets.Pubrec, "pubrel": packets.Pubrel, "pubcomp": packets.Pubcomp,
}

// packetStep sends one packet.
func (s *step) packetStep() {
	c := s.client()
	pk := packets.Packet{PacketID: uint16(s.num("id", 0))}
	pk.Properties.User = s.user()
	switch s.d.Cmd {
	case "raw":
		c.write(s.t, s.hex())
		return
	case "publish":
		pk.FixedHeader = packets.FixedHeader{Type: packets.Publish, Qos: byte(s.num("qos", 0)), Dup: s.arg("dup", "") != "", Retain: s.arg("retain", "") != ""}
		pk.TopicName, pk.Payload = s.get("topic"), []byte(s.get("payload"))
		pk.Properties.ContentType = s.get("content-type")
		pk.Properties.CorrelationData = []byte(s.get("correlation"))
		pk.Properties.ResponseTopic = s.get("response-topic")
		pk.Properties.MessageExpiryInterval = uint32(s.num("expiry", 0))
		if n := s.num("alias", 0); n > 0 {
			pk.Properties.TopicAlias, pk.Properties.TopicAliasFlag = uint16(n), true
		}
	case "subscribe", "unsubscribe":
		pk.FixedHeader = packets.FixedHeader{Type: packets.Subscribe, Qos: 1}
		if s.d.Cmd == "unsubscribe" {
			pk.FixedHeader.Type = packets.Unsubscribe
		}
		for _, f := range s.fields {
			if qos, err := strconv.Atoi(strings.TrimPrefix(f.name, "qos")); err == nil {
				pk.Filters = append(pk.Filters, packets.Subscription{
					Filter: f.value, Qos: byte(qos), NoLocal: s.arg("no-local", "") != "",
					RetainAsPublished: s.arg("retain-as-published", "") != "", RetainHandling: byte(s.num("retain-handling", 0)),
				})
			}
		}
		if n := s.num("identifier", 0); n > 0 {
			pk.Properties.SubscriptionIdentifier = []int{n}
		}
	case "puback", "pubrec", "pubrel", "pubcomp":
		pk.FixedHeader.Type, pk.ReasonCode = ackTypes[s.d.Cmd], byte(s.num("code", 0))
		if s.d.Cmd == "pubrel" {
			pk.FixedHeader.Qos = 1 // its reserved flags
		}
	case "ping":
		pk.FixedHeader.Type = packets.Pingreq
	case "disconnect":
		pk.FixedHeader.Type, pk.ReasonCode = packets.Disconnect, byte(s.num("code", 0))
		if n := s.num("session-expiry", -1); n >= 0 {
			pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = uint32(n), true
		}
	case "auth":
		pk.FixedHeader.Type, pk.ReasonCode = packets.Auth, byte(s.num("code", 0x19))
		life, err := time.ParseDuration(s.arg("life", "1h"))
		if err != nil {
			s.d.Fatalf(s.t, "%v", err)
		}
		pk.Properties = signedProperties(s.arg("device", "dev-1"), life)
		pk.Properties.AuthenticationMethod = s.arg("method", "SAS")
		if s.arg("forged", "") != "" {
			pk.Properties.AuthenticationData[0] ^= 1
		}
	}
	c.send(s.t, pk)
}

// hex returns the bytes of a raw directive. What follows "#" in a line is a comment.
func (s *step) hex() (all []byte) {
	for line := range strings.SplitSeq(s.d.Input, "\n") {
		line, _, _ = strings.Cut(line, "#")
		b, err := hex.DecodeString(strings.ReplaceAll(line, " ", ""))
		if err != nil {
			s.d.Fatalf(s.t, "%v", err)
		}
		all = append(all, b...)
	}
	return all
}
