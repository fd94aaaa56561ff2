package mqtt

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// describe writes a packet from the server as one line.
func describe(pk *packets.Packet) string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	h := pk.FixedHeader
	put("%s", strings.ToUpper(packets.PacketNames[h.Type]))
	switch h.Type {
	case packets.Connack:
		put(" session=%v code=0x%02x", pk.SessionPresent, pk.ReasonCode)
	case packets.Publish:
		put(" qos=%d", h.Qos)
		if h.Qos > 0 {
			put(" id=%d", pk.PacketID)
		}
		if h.Dup {
			put(" dup")
		}
		if h.Retain {
			put(" retain")
		}
		put(" topic=%q", pk.TopicName)
	case packets.Puback, packets.Unsuback, packets.Suback:
		put(" id=%d", pk.PacketID)
		if h.Type == packets.Puback && pk.ProtocolVersion == 5 || len(pk.ReasonCodes) > 0 {
			put(" codes=%x", append(pk.ReasonCodes, pk.ReasonCode)[:max(1, len(pk.ReasonCodes))])
		}
	case packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		put(" id=%d", pk.PacketID)
		if pk.ProtocolVersion == 5 {
			put(" codes=%02x", pk.ReasonCode)
		}
	case packets.Disconnect:
		if h.Remaining > 0 {
			put(" code=0x%02x", pk.ReasonCode)
		}
	case packets.Auth:
		put(" code=0x%02x", pk.ReasonCode)
	}
	describeProperties(put, &pk.Properties)
	if h.Type == packets.Publish {
		put(" payload=%s", pk.Payload)
	}
	return b.String()
}

func describeProperties(put func(string, ...any), p *packets.Properties) {
	number := func(name string, v uint32, has bool) {
		if has {
			put(" %s=%d", name, v)
		}
	}
	text := func(name, v string) {
		if v != "" {
			put(" %s=%q", name, v)
		}
	}
	number("session-expiry", p.SessionExpiryInterval, p.SessionExpiryIntervalFlag)
	number("receive-maximum", uint32(p.ReceiveMaximum), p.ReceiveMaximum > 0)
	number("maximum-qos", uint32(p.MaximumQos), p.MaximumQosFlag)
	number("retain-available", uint32(p.RetainAvailable), p.RetainAvailableFlag)
	number("maximum-packet-size", p.MaximumPacketSize, p.MaximumPacketSize > 0)
	number("topic-alias-maximum", uint32(p.TopicAliasMaximum), p.TopicAliasMaximum > 0)
	number("topic-alias", uint32(p.TopicAlias), p.TopicAliasFlag)
	number("subscription-ids", uint32(p.SubIDAvailable), p.SubIDAvailableFlag)
	number("shared", uint32(p.SharedSubAvailable), p.SharedSubAvailableFlag)
	number("server-keep-alive", uint32(p.ServerKeepAlive), p.ServerKeepAliveFlag)
	text("content-type", p.ContentType)
	text("response-topic", p.ResponseTopic)
	text("correlation", string(p.CorrelationData))
	number("message-expiry", p.MessageExpiryInterval, p.MessageExpiryInterval > 0)
	number("payload-format", uint32(p.PayloadFormat), p.PayloadFormatFlag)
	if len(p.SubscriptionIdentifier) > 0 {
		put(" subscriptions=%d", p.SubscriptionIdentifier)
	}
	text("assigned-id", p.AssignedClientID)
	text("method", p.AuthenticationMethod)
	text("reason-string", p.ReasonString)
	for _, u := range p.User {
		put(" %s:%q", u.Key, u.Val)
	}
}

func describeEvent(e hub.Event) string {
	system, err := json.Marshal(e.System)
	if err != nil {
		return err.Error()
	}
	line := fmt.Sprintf("event device=%s body=%s system=%s", hub.Identity(e.Device, e.Module), e.Body, system)
	for _, p := range e.Properties {
		line += fmt.Sprintf(" %s:%q", p.Key, p.Value)
	}
	if e.ModelID != "" {
		line += " model=" + e.ModelID
	}
	if e.AuthMethod == "" {
		line += " no-auth-method"
	}
	return line
}
