package broker

import (
	"github.com/mochi-mqtt/server/v2/packets"
)

// authenticate returns the name whose rules hold for a client; empty for one that has not
// proved any.
func (b *Broker) authenticate(pk *packets.Packet, local bool) (user string, err error) {
	if pk.Properties.AuthenticationMethod != "" {
		return "", refuse(codeBadAuthentication, "authentication methods are not offered")
	}
	name := string(pk.Connect.Username)
	if b.cfg.Passwords != nil && pk.Connect.UsernameFlag {
		if !b.cfg.Passwords.check(name, pk.Connect.Password) {
			return "", refuse(codeBadUserName, "user name or password is wrong")
		}
		return name, nil
	}
	if b.cfg.Anonymous || local && b.cfg.Passwords == nil {
		return "", nil
	}
	return "", refuse(codeNotAuthorized, "clients without user name and password are not let in from here")
}
