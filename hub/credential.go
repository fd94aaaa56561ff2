package hub

import (
	"context"
	"crypto/x509"
	"time"
)

// Credential is what a device presented to prove who it is. One field is set.
type Credential struct {
	Token        string              // SharedAccessSignature text (MQTT 3.1.1 password, HTTP header, CBS)
	Signed       *SignedConnect      // MQTT 5 enhanced authentication
	Certificates []*x509.Certificate // TLS client chain, leaf first
}

// SignedConnect is the SAS authentication of the MQTT 5 preview API: an HMAC over
// host, client id, policy and times, sent raw.
type SignedConnect struct {
	Host      string
	ClientID  string
	Policy    string // "sas-policy", empty for the device's own key
	At        string // "sas-at" as sent, may be empty
	Expiry    string // "sas-expiry" as sent: ms since the epoch
	Signature []byte
}

// Grant is the result of a successful authentication.
type Grant struct {
	Policy     string    // hub policy used; empty when the device's own credential was
	Expires    time.Time // zero = does not expire
	AuthMethod string    // iothub-connection-auth-method JSON text
	Anchor     Anchor    // what it rests on
}

// Authenticator checks device credentials for the front ends. An error is an
// *Error of class 401.
type Authenticator interface {
	AuthenticateDevice(ctx context.Context, deviceID string, c Credential) (Grant, error)
}
