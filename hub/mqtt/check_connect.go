package mqtt

import (
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Bits of the connect flags.
const (
	flagReserved   = 0x01
	flagWill       = 0x04
	flagWillQoS    = 0x18
	flagWillRetain = 0x20
	flagPassword   = 0x40
	flagUsername   = 0x80
)

// connect checks a CONNECT. It stores the protocol level as soon as it is known to be
// one we speak, since a refusal has to be written in the client's version.
func (c *cursor) connect(version *byte) {
	name := c.text("protocol name")
	level := c.byte("protocol level")
	switch {
	case c.fault != nil:
	case name == "MQIsdp" && level == 3:
		*version = 4
		c.fail(faultf(codeUnsupportedVersion, "protocol level 3; 4 and 5 are spoken here"))
	case name != "MQTT":
		c.fail(malformed("protocol name is not MQTT"))
	case level != 4 && level != 5:
		*version = 4
		if level > 5 {
			*version = 5
		}
		c.fail(faultf(codeUnsupportedVersion, "protocol level %d; 4 and 5 are spoken here", level))
	default:
		*version = level
		c.connectPayload(level)
	}
}

func (c *cursor) connectPayload(version byte) {
	flags := c.connectFlags(version)
	c.uint16("keep alive")
	if version == 5 {
		seen := c.properties(packets.Connect)
		if seen.has(packets.PropAuthenticationData) && !seen.has(packets.PropAuthenticationMethod) {
			c.fail(protocolError("authentication data without a method"))
		}
	}
	c.text("client identifier")
	if flags&flagWill != 0 {
		if version == 5 {
			c.properties(will)
		}
		if topic := c.text("will topic"); topic == "" || strings.ContainsAny(topic, "+#") {
			c.fail(faultf(codeTopicNameInvalid, "will topic is empty or has a wildcard"))
		}
		c.binary("will payload")
	}
	if flags&flagUsername != 0 {
		c.text("user name")
	}
	if flags&flagPassword != 0 {
		c.binary("password")
	}
}

func (c *cursor) connectFlags(version byte) byte {
	flags := c.byte("connect flags")
	switch {
	case flags&flagReserved != 0:
		c.fail(malformed("reserved connect flag is set"))
	case flags&flagWill == 0 && flags&(flagWillQoS|flagWillRetain) != 0:
		c.fail(malformed("will flags without a will"))
	case flags&flagWillQoS == flagWillQoS:
		c.fail(malformed("will QoS 3"))
	case version == 4 && flags&flagPassword != 0 && flags&flagUsername == 0:
		c.fail(malformed("password without user name"))
	}
	return flags
}
