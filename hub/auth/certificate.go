package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"slices"
	"time"

	"twinrig/hub"
)

// certificate checks the client certificate of a device, leaf first. TLS has proved that
// the client holds the private key of the leaf.
func (a *Authenticator) certificate(ctx context.Context, d hub.Device, chain []*x509.Certificate) (hub.Grant, error) {
	switch d.Authentication.Type {
	case hub.AuthSelfSigned:
		return thumbprint(d, chain[0])
	case hub.AuthCA:
		return a.certified(ctx, d, chain)
	}
	return hub.Grant{}, unauthorized("device %q authenticates by %s, not by certificate", d.ID, d.Authentication.Type)
}

// thumbprint checks a pinned certificate. Its dates do not matter.
func thumbprint(d hub.Device, leaf *x509.Certificate) (hub.Grant, error) {
	for _, print := range []*string{d.Authentication.X509Thumbprint.Primary, d.Authentication.X509Thumbprint.Secondary} {
		if print != nil && thumbprintOf(leaf, *print) {
			return hub.Grant{AuthMethod: authMethod(scope(d.ID), "x509"), Anchor: hub.ThumbprintAnchor(*print)}, nil
		}
	}
	return hub.Grant{}, unauthorized("the certificate fits no thumbprint of device %q", d.ID)
}

// thumbprintOf says whether print is the SHA-1 or SHA-256 digest of the certificate.
func thumbprintOf(leaf *x509.Certificate, print string) bool {
	want, err := hub.ParseThumbprint(print)
	if err != nil {
		return false
	}
	short, long := sha1.Sum(leaf.Raw), sha256.Sum256(leaf.Raw)
	return hmac.Equal(want, short[:]) || hmac.Equal(want, long[:])
}

// certified checks a certificate that a registered authority vouches for: it names the
// device, and the chain that the client sent ends in the authority. The grant ends with
// the first certificate of the chain that expires.
func (a *Authenticator) certified(ctx context.Context, d hub.Device, chain []*x509.Certificate) (hub.Grant, error) {
	if name := chain[0].Subject.CommonName; name != d.ID {
		return hub.Grant{}, unauthorized("the certificate's common name is %q and not %q", name, d.ID)
	}
	roots, err := a.directory.VerifiedAuthorities(ctx)
	if err != nil {
		return hub.Grant{}, err
	}
	way, err := hub.VerifyChain(chain, roots)
	if err != nil {
		return hub.Grant{}, unauthorized("the certificate of device %q leads to no verified CA certificate of this hub: %v", d.ID, err)
	}
	root := way[len(way)-1]
	return hub.Grant{Expires: end(way), AuthMethod: authMethod(scope(d.ID), "x509"), Anchor: hub.AuthorityAnchor(root)}, nil
}

// end is when the first of the certificates expires.
func end(way []*x509.Certificate) time.Time {
	return slices.MinFunc(way, func(a, b *x509.Certificate) int { return a.NotAfter.Compare(b.NotAfter) }).NotAfter.UTC()
}
