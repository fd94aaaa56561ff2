package mqtt

import (
	"slices"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"
)

// publish checks a PUBLISH. What the API makes of it is not the gate's business.
func (c *cursor) publish(flags, version byte) {
	qos := flags >> 1 & 3
	if qos == 3 {
		c.fail(malformed("QoS 3"))
	}
	if qos == 0 && flags&8 != 0 {
		c.fail(malformed("DUP is set with QoS 0"))
	}
	topic := c.text("topic name")
	if strings.ContainsAny(topic, "+#") {
		c.fail(faultf(codeTopicNameInvalid, "topic name has a wildcard"))
	}
	if qos > 0 {
		c.packetID()
	}
	aliased := false
	if version == 5 {
		aliased = c.properties(packets.Publish).has(packets.PropTopicAlias)
	}
	if topic == "" && !aliased {
		c.fail(protocolError("topic name is empty"))
	}
	c.rest = nil
}

// ackCodes are the reason codes a client may put into an acknowledgement.
var ackCodes = map[byte][]byte{
	packets.Puback:  {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99},
	packets.Pubrec:  {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99},
	packets.Pubrel:  {0x00, 0x92},
	packets.Pubcomp: {0x00, 0x92},
}

func (c *cursor) ack(kind, version byte) {
	c.packetID()
	if version != 5 || len(c.rest) == 0 {
		return
	}
	if code := c.byte("reason code"); !slices.Contains(ackCodes[kind], code) {
		c.fail(protocolError("reason code 0x%02x does not exist here", code))
	}
	if len(c.rest) > 0 {
		c.properties(kind)
	}
}

// subscribe checks SUBSCRIBE and UNSUBSCRIBE.
func (c *cursor) subscribe(kind, version byte) {
	c.packetID()
	if version == 5 {
		c.properties(kind)
	}
	if len(c.rest) == 0 {
		c.fail(protocolError("no topic filter"))
	}
	for len(c.rest) > 0 {
		filter := c.text("topic filter")
		c.filter(filter)
		if kind == packets.Subscribe {
			c.subscriptionOptions(filter, version)
		}
	}
}

func (c *cursor) subscriptionOptions(filter string, version byte) {
	options := c.byte("subscription options")
	reserved := byte(0xc0)
	if version == 4 {
		reserved = 0xfc
	}
	switch {
	case options&reserved != 0:
		c.fail(malformed("reserved bits of the subscription options are set"))
	case options&3 == 3:
		c.fail(malformed("subscription asks for QoS 3"))
	case options>>4&3 == 3:
		c.fail(protocolError("retain handling is 3"))
	case options&4 != 0 && shared(filter):
		c.fail(protocolError("no local is set on a shared subscription"))
	}
}

// filter checks the syntax of a topic filter.
func (c *cursor) filter(filter string) {
	if c.fault != nil {
		return
	}
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		last := i == len(levels)-1
		if level != "#" && strings.Contains(level, "#") || level == "#" && !last || level != "+" && strings.Contains(level, "+") {
			c.fail(malformed("topic filter has a misplaced wildcard"))
			return
		}
	}
	if filter == "" {
		c.fail(malformed("topic filter is empty"))
	}
	if shared(filter) && (len(levels) < 3 || strings.ContainsAny(levels[1], "+#") || levels[1] == "" || filter == "$share/"+levels[1]+"/") {
		c.fail(malformed("shared subscription has no share name or no filter"))
	}
}

func shared(filter string) bool {
	return filter == "$share" || strings.HasPrefix(filter, "$share/")
}

var disconnectCodes = []byte{0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99}

func (c *cursor) disconnect(version byte) {
	if version != 5 || len(c.rest) == 0 {
		return
	}
	if code := c.byte("reason code"); !slices.Contains(disconnectCodes, code) {
		c.fail(protocolError("reason code 0x%02x does not exist here", code))
	}
	if len(c.rest) > 0 {
		c.properties(packets.Disconnect)
	}
}

func (c *cursor) auth() {
	code := c.byte("reason code")
	if code != codeContinueAuthentication && code != codeReauthenticate {
		c.fail(protocolError("reason code 0x%02x does not exist here", code))
	}
	if !c.properties(packets.Auth).has(packets.PropAuthenticationMethod) {
		c.fail(protocolError("authentication method is missing"))
	}
}
