package mqtt

import (
	"errors"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// armExpiryLocked ends the connection when its credential expires.
func (c *conn) armExpiryLocked(g hub.Grant) {
	if c.expiry != nil {
		c.expiry.Stop()
	}
	if g.Expires.IsZero() || c.ending {
		return
	}
	c.expiry = time.AfterFunc(time.Until(g.Expires), func() { c.Close(hub.CloseTokenExpired) })
}

func (c *conn) stopExpiry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expiry != nil {
		c.expiry.Stop()
	}
}

// reauthenticate handles AUTH, with which an MQTT 5 client renews its credential.
func (c *conn) reauthenticate(pk *packets.Packet) error {
	if pk.ReasonCode != codeReauthenticate {
		return protocolError("no authentication exchange is under way")
	}
	p, bad := parseClientProperties(pk.Properties.User)
	if bad != nil {
		return bad
	}
	if pk.Properties.AuthenticationMethod != c.signed.method || p.policy != c.grant.Policy {
		return statusFault(statusNotAuthorized, "authentication method or policy is another than in CONNECT")
	}
	p.host = c.signed.host
	credential, bad := c.credential5(p, &pk.Properties)
	if bad != nil {
		return bad
	}
	ctx, cancel := c.hubContext()
	defer cancel()
	g, err := c.front.auth.AuthenticateDevice(ctx, c.device, credential)
	if f := new(hub.Error); errors.As(err, &f) {
		return connectFault(err)
	}
	if err == nil {
		err = c.link.Renew(ctx, g.Anchor)
	}
	if err != nil {
		return asFault(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armExpiryLocked(g)
	return c.sendLocked(&packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Auth},
		Properties:  packets.Properties{AuthenticationMethod: pk.Properties.AuthenticationMethod},
	})
}
