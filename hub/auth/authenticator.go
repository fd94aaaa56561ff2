package auth

import (
	"context"
	"crypto/x509"
	"time"

	"twinrig/hub"
)

// skew is how far the clocks of hub and client may differ.
const skew = 300 * time.Second

// Directory is where keys and CA certificates are looked up; *hub.Hub is one.
type Directory interface {
	HostName() string
	Policy(name string) (hub.Policy, bool)
	Device(ctx context.Context, id string) (hub.Device, error)
	VerifiedAuthorities(ctx context.Context) ([]*x509.Certificate, error)
}

// Authenticator checks credentials. It is safe for concurrent use.
type Authenticator struct {
	directory Directory
	hosts     []string
}

var _ hub.Authenticator = (*Authenticator)(nil)

// New returns an Authenticator for the hub's own host name and its aliases:
// the other names and addresses under which clients reach it and which their
// tokens may carry.
func New(d Directory, aliases ...string) *Authenticator {
	return &Authenticator{directory: d, hosts: append([]string{d.HostName()}, aliases...)}
}

// AuthenticateDevice checks the credential a device or module presented. A hub policy
// with DeviceConnect may stand for the device's own key.
func (a *Authenticator) AuthenticateDevice(ctx context.Context, deviceID string, c hub.Credential) (hub.Grant, error) {
	d, err := a.device(ctx, deviceID)
	if err != nil {
		return hub.Grant{}, err
	}
	switch {
	case c.Token != "":
		return a.deviceToken(d, c.Token)
	case c.Signed != nil:
		return a.signedConnect(d, *c.Signed)
	case len(c.Certificates) > 0:
		return a.certificate(ctx, d, c.Certificates)
	}
	return hub.Grant{}, unauthorized("device %q gave neither a token nor a certificate", deviceID)
}

// AuthenticateService checks an HTTP Authorization header of a service that
// needs the rights given, which it has until the time returned.
func (a *Authenticator) AuthenticateService(_ context.Context, authorization string, need hub.Rights) (expires time.Time, err error) {
	if authorization == "" {
		return expires, unauthorized("the Authorization header is missing")
	}
	t, err := ParseToken(authorization)
	if err != nil {
		return expires, unauthorized("%v", err)
	}
	if t.Policy == "" {
		return expires, unauthorized("a service token names its policy in skn")
	}
	if err := a.tokenFits(t, ""); err != nil {
		return expires, err
	}
	p, err := a.policy(t.Policy, t.SignedWith)
	if err != nil {
		return expires, err
	}
	return t.Expiry.Add(skew), allows(p, need)
}

// device returns the registered, enabled device of that id.
func (a *Authenticator) device(ctx context.Context, id string) (hub.Device, error) {
	d, err := a.directory.Device(ctx, id)
	if err != nil {
		return hub.Device{}, asUnauthorized(err, "device %q is not registered", id)
	}
	if d.Status == "disabled" {
		return hub.Device{}, unauthorized("device %q is disabled", id)
	}
	return d, nil
}

// policy returns the named policy if one of its keys signed.
func (a *Authenticator) policy(name string, signedWith func([]byte) bool) (hub.Policy, error) {
	p, ok := a.directory.Policy(name)
	if !ok {
		return hub.Policy{}, unauthorized("there is no policy %q", name)
	}
	if signer(signedWith, &p.PrimaryKey, &p.SecondaryKey) == nil {
		return hub.Policy{}, unauthorized("the signature fits no key of policy %q: check SharedAccessKey", name)
	}
	return p, nil
}

// signer returns the one of the base64 keys that signed, or nil. Keys that are not set or
// not base64 never do.
func signer(signedWith func([]byte) bool, keys ...*string) *string {
	for _, key := range keys {
		if key == nil {
			continue
		}
		if secret, err := DecodeKey(*key); err == nil && signedWith(secret) {
			return key
		}
	}
	return nil
}

func allows(p hub.Policy, need hub.Rights) error {
	if !p.Rights.Has(need) {
		return forbidden("policy %q lacks the right %s", p.Name, lacking(p.Rights, need))
	}
	return nil
}
