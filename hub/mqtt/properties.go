package mqtt

import (
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"
)

// form is the data type of a property.
type form byte

const (
	formFlag form = iota + 1 // a byte of 0 or 1
	formUint16
	formUint32
	formVarint
	formText
	formPair
	formBinary
)

// property is a row of the standard's table 2-4, for packets that clients send.
type property struct {
	name  string
	form  form
	in    uint32 // bit set of packet types; bit 0 is the will
	zero  byte   // reason code for the value 0; 0 = allowed
	many  bool
	topic bool // text that may not have wildcards
}

const will = 0 // stands for "will properties" where a packet type is wanted

func in(types ...byte) (set uint32) {
	for _, t := range types {
		set |= 1 << t
	}
	return set
}

var properties = [...]property{
	packets.PropPayloadFormat:          {name: "payload format indicator", form: formFlag, in: in(packets.Publish, will)},
	packets.PropMessageExpiryInterval:  {name: "message expiry interval", form: formUint32, in: in(packets.Publish, will)},
	packets.PropContentType:            {name: "content type", form: formText, in: in(packets.Publish, will)},
	packets.PropResponseTopic:          {name: "response topic", form: formText, in: in(packets.Publish, will), topic: true},
	packets.PropCorrelationData:        {name: "correlation data", form: formBinary, in: in(packets.Publish, will)},
	packets.PropSubscriptionIdentifier: {name: "subscription identifier", form: formVarint, in: in(packets.Subscribe), zero: codeProtocolError},
	packets.PropSessionExpiryInterval:  {name: "session expiry interval", form: formUint32, in: in(packets.Connect, packets.Disconnect)},
	packets.PropAuthenticationMethod:   {name: "authentication method", form: formText, in: in(packets.Connect, packets.Auth)},
	packets.PropAuthenticationData:     {name: "authentication data", form: formBinary, in: in(packets.Connect, packets.Auth)},
	packets.PropRequestProblemInfo:     {name: "request problem information", form: formFlag, in: in(packets.Connect)},
	packets.PropWillDelayInterval:      {name: "will delay interval", form: formUint32, in: in(will)},
	packets.PropRequestResponseInfo:    {name: "request response information", form: formFlag, in: in(packets.Connect)},
	packets.PropReasonString: {name: "reason string", form: formText, in: in(packets.Puback, packets.Pubrec, packets.Pubrel,
		packets.Pubcomp, packets.Disconnect, packets.Auth)},
	packets.PropReceiveMaximum:    {name: "receive maximum", form: formUint16, in: in(packets.Connect), zero: codeProtocolError},
	packets.PropTopicAliasMaximum: {name: "topic alias maximum", form: formUint16, in: in(packets.Connect)},
	packets.PropTopicAlias:        {name: "topic alias", form: formUint16, in: in(packets.Publish), zero: codeTopicAliasInvalid},
	packets.PropUser: {name: "user property", form: formPair, many: true, in: in(packets.Connect, packets.Publish, packets.Puback,
		packets.Pubrec, packets.Pubrel, packets.Pubcomp, packets.Subscribe, packets.Unsubscribe, packets.Disconnect, packets.Auth, will)},
	packets.PropMaximumPacketSize: {name: "maximum packet size", form: formUint32, in: in(packets.Connect), zero: codeProtocolError},
}

// propertySet says which properties a packet has.
type propertySet uint64

func (s propertySet) has(id byte) bool { return s&(1<<id) != 0 }

// properties checks the properties of a packet of the type given.
func (c *cursor) properties(packet byte) (seen propertySet) {
	section := cursor{rest: c.take(c.varint("property length"), "properties")}
	for c.fault == nil && len(section.rest) > 0 {
		id := section.byte("property")
		if id == packets.PropSubscriptionIdentifier && packet == packets.Publish {
			section.fail(protocolError("a client may not send a subscription identifier in PUBLISH"))
		} else if int(id) >= len(properties) || properties[id].in&(1<<packet) == 0 {
			section.fail(malformed("property 0x%02x does not belong here", id))
		} else if seen.has(id) && !properties[id].many {
			section.fail(protocolError("%s is given twice", properties[id].name))
		} else {
			section.property(properties[id])
			seen |= 1 << id
		}
		if section.fault != nil {
			c.fail(section.fault)
		}
	}
	return seen
}

func (c *cursor) property(p property) {
	value := 1
	switch p.form {
	case formFlag:
		if c.byte(p.name) > 1 {
			c.fail(protocolError("%s is neither 0 nor 1", p.name))
		}
	case formUint16:
		value = int(c.uint16(p.name))
	case formUint32:
		value = int(c.uint32(p.name))
	case formVarint:
		value = c.varint(p.name)
	case formText:
		if text := c.text(p.name); p.topic && strings.ContainsAny(text, "+#") {
			c.fail(protocolError("%s has a wildcard", p.name))
		}
	case formPair:
		c.text(p.name)
		c.text(p.name)
	case formBinary:
		c.binary(p.name)
	}
	if p.zero != 0 && value == 0 {
		c.fail(faultf(p.zero, "%s is 0", p.name))
	}
}
