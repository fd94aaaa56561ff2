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
	all, codes := c.with(granted)
	err = c.replace(all, &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Suback}, PacketID: pk.PacketID, ReasonCodes: codes})
	if err == nil && listens(all, channelMethods) {
		c.link.MethodsReady()
	}
	return err
}

// replace puts all in the place of the subscriptions, and answers when they are kept.
// Only the reader does that, so that nothing can change in between.
func (c *conn) replace(all []subscription, answer *packets.Packet) error {
	if err := c.preserve(all); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscriptions = all
	_ = c.sendLocked(answer)
	c.fetchLocked(true)
	return nil
}

// with returns the subscriptions with those granted, and the codes for these.
func (c *conn) with(granted []grant) (all []subscription, codes []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all = slices.Clone(c.subscriptions)
	for _, g := range granted {
		if g.code == 0 {
			all, g.code = c.add(all, g.subscription)
		}
		codes = append(codes, g.code)
	}
	return all, codes
}

// listens says whether one of the subscriptions is to a channel.
func listens(all []subscription, ch channel) bool {
	return slices.ContainsFunc(all, func(s subscription) bool { return s.channel == ch })
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

// add adds a subscription and returns the code for it.
func (c *conn) add(all []subscription, s subscription) ([]subscription, byte) {
	for i, old := range all {
		if old.filter == s.filter {
			all[i] = s
			return all, s.qos
		}
	}
	if len(all) >= maxSubscriptions {
		if c.version == 5 {
			return all, codeQuotaExceeded
		}
		return all, codeUnspecified
	}
	return append(all, s), s.qos
}

// unsubscribe handles an UNSUBSCRIBE.
func (c *conn) unsubscribe(pk *packets.Packet) error {
	c.mu.Lock()
	all := slices.Clone(c.subscriptions)
	c.mu.Unlock()
	codes := make([]byte, 0, len(pk.Filters))
	for _, f := range pk.Filters {
		n := len(all)
		all = slices.DeleteFunc(all, func(s subscription) bool { return s.filter == f.Filter })
		if len(all) == n {
			codes = append(codes, codeNoSubscriptionExisted)
		} else {
			codes = append(codes, codeSuccess)
		}
	}
	return c.replace(all, &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Unsuback}, PacketID: pk.PacketID, ReasonCodes: codes})
}
