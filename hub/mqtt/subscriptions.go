package mqtt

import (
	"slices"

	"github.com/mochi-mqtt/server/v2/packets"
)

// channel is what a client can listen to.
type channel byte

const (
	channelCommands channel = iota + 1
	channelDesired
	channelMethods
	channelResponses
)

// subscription of a client to a channel.
type subscription struct {
	filter  string
	channel channel
	method  string // the only method listened for; empty = all
	qos     byte
}

// subscription returns the best subscription to a channel, nil when there is none. mu
// is held.
func (c *conn) subscription(ch channel, method string) *subscription {
	var best *subscription
	for i := range c.subscriptions {
		s := &c.subscriptions[i]
		if s.channel == ch && (s.method == "" || s.method == method) && (best == nil || s.qos > best.qos) {
			best = s
		}
	}
	return best
}

// subscribe handles a SUBSCRIBE.
func (c *conn) subscribe(pk *packets.Packet) error {
	if len(pk.Properties.SubscriptionIdentifier) > 0 {
		return faultf(codeSubscriptionIDNotSupport, "subscription identifiers are not offered")
	}
	granted, err := c.grantAll(pk.Filters)
	if err != nil {
		return err
	}
	if c.addAll(pk.PacketID, granted) {
		c.link.MethodsReady()
	}
	return nil
}

// addAll stores what was granted, answers, and says whether the client now listens to
// methods.
func (c *conn) addAll(id uint16, granted []grant) (methods bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	codes := make([]byte, 0, len(granted))
	for _, g := range granted {
		if g.code == 0 {
			g.code = c.addLocked(g.subscription)
			methods = methods || g.channel == channelMethods
		}
		codes = append(codes, g.code)
	}
	_ = c.sendLocked(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Suback}, PacketID: id, ReasonCodes: codes})
	c.fetchLocked(true)
	return methods
}

// grant is the judgement on one filter of a SUBSCRIBE.
type grant struct {
	subscription
	code byte // refusal
}

func (c *conn) grantAll(filters packets.Subscriptions) ([]grant, error) {
	all := make([]grant, 0, len(filters))
	for _, wanted := range filters {
		if shared(wanted.Filter) && c.version == 5 {
			return nil, faultf(codeSharedNotSupported, "shared subscriptions are not offered")
		}
		s, code := c.dialect.grant(wanted.Filter)
		s.filter, s.qos = wanted.Filter, min(wanted.Qos, 1)
		all = append(all, grant{s, code})
	}
	return all, nil
}

// addLocked stores a subscription and returns the code for it.
func (c *conn) addLocked(s subscription) byte {
	for i, old := range c.subscriptions {
		if old.filter == s.filter {
			c.subscriptions[i] = s
			return s.qos
		}
	}
	if len(c.subscriptions) >= maxSubscriptions {
		if c.version == 5 {
			return codeQuotaExceeded
		}
		return codeUnspecified
	}
	c.subscriptions = append(c.subscriptions, s)
	return s.qos
}

// unsubscribe handles an UNSUBSCRIBE.
func (c *conn) unsubscribe(pk *packets.Packet) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	codes := make([]byte, 0, len(pk.Filters))
	for _, f := range pk.Filters {
		n := len(c.subscriptions)
		c.subscriptions = slices.DeleteFunc(c.subscriptions, func(s subscription) bool { return s.filter == f.Filter })
		if len(c.subscriptions) == n {
			codes = append(codes, codeNoSubscriptionExisted)
		} else {
			codes = append(codes, codeSuccess)
		}
	}
	return c.sendLocked(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Unsuback}, PacketID: pk.PacketID, ReasonCodes: codes})
}
