package mqtt

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// connect takes the CONNECT and, if all is well, makes the connection the device's
// session in the hub.
func (c *conn) connect(deadline time.Time) error {
	f, err := c.gate.next()
	c.version = c.gate.version
	if err == nil {
		err = f.decode(c.version, &c.packet)
	}
	if err == nil {
		err = c.open(&c.packet, deadline)
	}
	var bad *fault
	if errors.As(err, &bad) {
		c.refuse(bad)
	}
	return err
}

// open authenticates the client and registers it.
func (c *conn) open(pk *packets.Packet, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(c.ctx, deadline)
	defer cancel()
	if c.front.broker != nil {
		return c.join(pk)
	}
	if r, ok := parseRegistrant(string(pk.Connect.Username)); ok && c.version == 4 {
		return c.openRegistration(ctx, pk, r)
	}
	if bad := checkClientID(pk.Connect.ClientIdentifier); bad != nil {
		return bad
	}
	c.device = pk.Connect.ClientIdentifier
	h, bad := c.hello(pk)
	if bad != nil {
		return bad
	}
	c.will = h.will
	c.moveTo(h.host)
	var err error
	if c.grant, err = c.front.auth.AuthenticateDevice(ctx, c.device, h.credential); err != nil {
		return connectFault(err)
	}
	info := hub.ConnectInfo{DeviceID: c.device, ModelID: h.modelID, Anchor: c.grant.Anchor}
	if c.version == 4 {
		info.AuthMethod = c.grant.AuthMethod
	}
	link, err := c.front.hub.Connect(ctx, info, c)
	if err != nil {
		return connectFault(err)
	}
	c.link = link
	c.limits(pk)
	state, present, old := c.front.sessions.enter(c, pk.Connect.Clean)
	if old != nil {
		old.sendWill() // before anything of its successor
	}
	if !present {
		if state.subscriptions, err = c.recall(ctx, pk.Connect.Clean); err != nil {
			return connectFault(err)
		}
		present = len(state.subscriptions) > 0
	}
	c.welcome(pk, state, present)
	if listens(state.subscriptions, channelMethods) {
		c.link.MethodsReady()
	}
	return nil
}

func (c *conn) hello(pk *packets.Packet) (hello, *fault) {
	if c.version == 5 {
		c.dialect = &preview{c}
		c.client.noProblemInfo = pk.Properties.RequestProblemInfoFlag && pk.Properties.RequestProblemInfo == 0
		c.client.maxPacketSize = pk.Properties.MaximumPacketSize
		return c.hello5(pk)
	}
	c.dialect = &classic{c}
	return c.hello311(pk)
}

// moveTo makes the connection one of the hub that the client names, where several share a
// listener. The front that accepted it goes on to end it with itself.
func (c *conn) moveTo(host string) {
	if c.front.cfg.Other == nil {
		return
	}
	if other := c.front.cfg.Other(host); other != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.front = other
	}
}

// connectFault turns a refusal by the hub into one by MQTT. There is one code for all
// that has to do with credentials, as with IoT Hub, and one text: a stranger does not learn
// which devices there are. The log says more.
func connectFault(err error) *fault {
	var e *hub.Error
	if errors.As(err, &e) && e.Code/100000 == 4 && e.Code/1000 != 429 {
		return &fault{code: codeNotAuthorized, status: statusNotAuthorized, text: "not authorized", detail: e.Message}
	}
	return &fault{code: codeServerUnavailable, status: statusServerBusy, text: "the hub is not available", detail: err.Error()}
}

// limits takes over what the client asked for.
func (c *conn) limits(pk *packets.Packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patience = c.keepAlive(pk.Connect.Keepalive) * 3 / 2
	c.window = window{size: maxWindow, inflight: map[uint16]delivery{}}
	if c.version == 4 {
		c.gate.limit = c.front.cfg.MaxPacketSize + 2 + maxString + 2 // payload, topic, packet identifier
		if !pk.Connect.Clean {
			c.sessionExpiry = never
		}
		return
	}
	c.gate.limit = c.front.cfg.MaxPacketSize - fixedHeaderSize(c.front.cfg.MaxPacketSize)
	c.sessionExpiry = sessionExpiry(pk.Properties.SessionExpiryInterval)
	c.client.aliasMaximum = min(int(pk.Properties.TopicAliasMaximum), c.front.cfg.TopicAliasMaximum)
	if asked := int(pk.Properties.ReceiveMaximum); asked > 0 {
		c.window.size = min(asked, maxWindow)
	}
}

// fixedHeaderSize returns the size of the fixed header of a packet of the size given.
func fixedHeaderSize(packet int) int {
	n := 2
	for length := packet >> 7; length > 0; length >>= 7 {
		n++
	}
	return n
}

// welcome sends the CONNACK; from then on the hub reaches the device.
func (c *conn) welcome(pk *packets.Packet, state kept, present bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.subscriptions, c.window.resend = state.subscriptions, state.resend
	ack := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connack}, SessionPresent: present}
	if c.version == 5 {
		ack.Properties = c.offer(pk)
	}
	if err := c.sendLocked(ack); err != nil {
		c.shutLocked(nil, err)
		return
	}
	c.ready = true
	hub.Admit(c.net)
	c.armExpiryLocked(c.grant)
	c.fetchLocked(true)
	c.front.cfg.Log.Debug("MQTT device connected", "device", c.device, "version", c.version, "session", present)
}

// offer returns the properties of an MQTT 5 CONNACK.
func (c *conn) offer(pk *packets.Packet) packets.Properties {
	p := packets.Properties{
		ReceiveMaximum:         uint16(min(c.front.cfg.ReceiveMaximum, math.MaxUint16)),
		MaximumQos:             1,
		MaximumQosFlag:         true,
		RetainAvailableFlag:    true,
		MaximumPacketSize:      uint32(c.front.cfg.MaxPacketSize),
		TopicAliasMaximum:      uint16(min(c.front.cfg.TopicAliasMaximum, math.MaxUint16)),
		SubIDAvailableFlag:     true,
		SharedSubAvailableFlag: true,
		AuthenticationMethod:   pk.Properties.AuthenticationMethod,
	}
	if asked := pk.Properties.SessionExpiryInterval; asked > 0 && asked < math.MaxUint32 {
		p.SessionExpiryInterval, p.SessionExpiryIntervalFlag = asked, true
	}
	p.ServerKeepAlive, p.ServerKeepAliveFlag = c.serverKeepAlive(pk.Connect.Keepalive)
	return p
}

// serverKeepAlive returns the keep-alive that a client is told, if it is another than it
// asked for.
func (c *conn) serverKeepAlive(asked uint16) (seconds uint16, other bool) {
	granted := c.keepAlive(asked)
	return uint16(granted / time.Second), granted != time.Duration(asked)*time.Second
}

// refuse answers a CONNECT that failed, where the standard has an answer.
func (c *conn) refuse(f *fault) {
	c.front.refusals.Add(f.reason())
	c.front.cfg.Log.Info("MQTT connection refused", "device", c.device, "address", c.net.RemoteAddr(), "cause", f)
	ack := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connack}, ReasonCode: f.code}
	switch c.version {
	case 5:
		ack.Properties = packets.Properties{ReasonString: f.text, User: c.statusProperties(f)}
	case 4:
		if ack.ReasonCode = returnCode(f.code); ack.ReasonCode == 0 {
			return
		}
	default:
		return
	}
	_ = c.send(ack)
}

// returnCode converts a reason code to an MQTT 3.1.1 return code; 0 when there is none.
func returnCode(reason byte) byte {
	switch reason {
	case codeUnsupportedVersion:
		return 1
	case codeClientIDInvalid:
		return 2
	case codeServerUnavailable, codeQuotaExceeded:
		return 3
	case codeBadUserName:
		return 4
	case codeNotAuthorized:
		return 5
	}
	return 0
}
