package auth

import (
	"time"

	"twinrig/hub"
)

// tokenFits checks what does not depend on a key: time and resource.
func (a *Authenticator) tokenFits(t Token, path string) error {
	if time.Now().After(t.Expiry.Add(skew)) {
		return unauthorized("the token expired at %s: make a new one or set the clock", stamp(t.Expiry))
	}
	if !covers(t.Resource, path, a.hosts) {
		return unauthorized("the token is for another resource than %s", a.hosts[0]+"/"+path)
	}
	return nil
}

func (a *Authenticator) deviceToken(d hub.Device, text string) (hub.Grant, error) {
	t, err := ParseToken(text)
	if err != nil {
		return hub.Grant{}, unauthorized("%v", err)
	}
	if err := a.tokenFits(t, path(d.ID)); err != nil {
		return hub.Grant{}, err
	}
	return a.keyGrant(d, t.Policy, t.Expiry, t.SignedWith)
}

// keyGrant checks a signature against the named policy or, when there is none,
// the device's own keys.
func (a *Authenticator) keyGrant(d hub.Device, policy string, expiry time.Time, signedWith func([]byte) bool) (hub.Grant, error) {
	grant := hub.Grant{Policy: policy, Expires: expiry.Add(skew)}
	if policy != "" {
		p, err := a.policy(policy, signedWith)
		if err != nil {
			return hub.Grant{}, err
		}
		grant.AuthMethod, grant.Anchor = authMethod("hub", "sas"), hub.PolicyAnchor()
		return grant, allows(p, hub.DeviceConnect)
	}
	if d.Authentication.Type != hub.AuthSAS {
		return hub.Grant{}, unauthorized("device %q authenticates by %s, not by token", d.ID, d.Authentication.Type)
	}
	key := signer(signedWith, d.Authentication.SymmetricKey.Primary, d.Authentication.SymmetricKey.Secondary)
	if key == nil {
		return hub.Grant{}, unauthorized("the signature fits no key of device %q: check SharedAccessKey", d.ID)
	}
	grant.AuthMethod, grant.Anchor = authMethod(scope(d.ID), "sas"), hub.KeyAnchor(*key)
	return grant, nil
}

// path is where an identity lies below the host in tokens.
func path(id string) string {
	device, module := hub.SplitIdentity(id)
	if module == "" {
		return "devices/" + device
	}
	return "devices/" + device + "/modules/" + module
}

// scope says whose own credential was used.
func scope(id string) string {
	if _, module := hub.SplitIdentity(id); module != "" {
		return "module"
	}
	return "device"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
