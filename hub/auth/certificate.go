package auth

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"

	"twinrig/hub"
)

// certificate checks the client certificate of a device by its thumbprint.
// TLS has proved that the client holds the private key. The dates of a pinned
// certificate do not matter.
func certificate(d hub.Device, leaf *x509.Certificate) (hub.Grant, error) {
	switch d.Authentication.Type {
	case hub.AuthSelfSigned:
	case hub.AuthCA:
		return hub.Grant{}, unauthorized("device %q needs a registered certificate authority, and this hub has none", d.ID)
	default:
		return hub.Grant{}, unauthorized("device %q authenticates by %s, not by certificate", d.ID, d.Authentication.Type)
	}
	prints := d.Authentication.X509Thumbprint
	if !thumbprintOf(leaf, prints.Primary) && !thumbprintOf(leaf, prints.Secondary) {
		return hub.Grant{}, unauthorized("the certificate fits no thumbprint of device %q", d.ID)
	}
	return hub.Grant{AuthMethod: authMethod(scope(d.ID), "x509")}, nil
}

// thumbprintOf says whether print is the SHA-1 or SHA-256 digest of the
// certificate, in hex with or without colons and spaces.
func thumbprintOf(leaf *x509.Certificate, print *string) bool {
	if print == nil {
		return false
	}
	want, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(*print))
	if err != nil {
		return false
	}
	short, long := sha1.Sum(leaf.Raw), sha256.Sum256(leaf.Raw)
	return string(want) == string(short[:]) || string(want) == string(long[:])
}
