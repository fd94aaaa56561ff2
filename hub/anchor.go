package hub

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strings"
)

// Anchor is what a grant rests on: a key, a thumbprint or a CA certificate, known by its
// digest. While a device is connected the hub holds on to it, to end the session when
// just that is taken away: who renews the other of two keys keeps his connection. The
// zero value rests on the device's credentials as they are.
type Anchor struct {
	kind   string
	digest [sha256.Size]byte
}

const anchorPolicy = "policy"

// PolicyAnchor is that of a token which a hub policy signed: the device's own credentials
// do not matter.
func PolicyAnchor() Anchor { return Anchor{kind: anchorPolicy} }

// KeyAnchor is that of a symmetric key of the device, in base64.
func KeyAnchor(key string) Anchor { return Anchor{AuthSAS, sha256.Sum256([]byte(key))} }

// ThumbprintAnchor is that of a self-signed certificate's thumbprint.
func ThumbprintAnchor(thumbprint string) Anchor {
	raw, _ := ParseThumbprint(thumbprint) // the empty one is nobody's
	return Anchor{AuthSelfSigned, sha256.Sum256(raw)}
}

// AuthorityAnchor is that of a CA certificate.
func AuthorityAnchor(ca *x509.Certificate) Anchor { return Anchor{AuthCA, sha256.Sum256(ca.Raw)} }

// ParseThumbprint reads the hex text of a digest; colons and spaces may part the digits.
func ParseThumbprint(text string) ([]byte, error) {
	return hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(text))
}

// holds says whether a device with these credentials may still connect by the anchor.
func (a Anchor) holds(now Authentication) bool {
	switch a.kind {
	case AuthSAS:
		return now.Type == AuthSAS && a.isOneOf(KeyAnchor, now.SymmetricKey.Primary, now.SymmetricKey.Secondary)
	case AuthSelfSigned:
		return now.Type == AuthSelfSigned && a.isOneOf(ThumbprintAnchor, now.X509Thumbprint.Primary, now.X509Thumbprint.Secondary)
	case AuthCA:
		return now.Type == AuthCA
	}
	return true
}

func (a Anchor) isOneOf(anchor func(string) Anchor, texts ...*string) bool {
	for _, text := range texts {
		if text == nil {
			continue
		}
		if other := anchor(*text); hmac.Equal(a.digest[:], other.digest[:]) {
			return true
		}
	}
	return false
}
