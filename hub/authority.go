package hub

import (
	"crypto/hmac"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// AuthorityLimit is the number of CA certificates that a hub or a provisioning service keeps.
const AuthorityLimit = 25

const (
	maxAuthorityName = 64
	maxCertificate   = 64 << 10 // bytes of an upload
)

// Authority is a CA certificate whose owner has devices certified by it.
type Authority struct {
	Name     string    `json:"name"`
	ETag     string    `json:"etag"`
	Raw      []byte    `json:"certificate"` // DER
	Verified bool      `json:"isVerified"`
	Code     string    `json:"verificationCode,omitempty"` // asked for and not yet proved
	Created  time.Time `json:"created"`
	Updated  time.Time `json:"updated"`
}

// Certificate parses the certificate of a.
func (a Authority) Certificate() (*x509.Certificate, error) {
	c, err := x509.ParseCertificate(a.Raw)
	if err != nil {
		return nil, fmt.Errorf("parse CA certificate %s: %w", a.Name, err)
	}
	return c, nil
}

func (a *Authority) proved(ca, leaf *x509.Certificate) error {
	switch {
	case a.Code == "":
		return errors.New("no verification code is open; ask for one first")
	case !hmac.Equal([]byte(leaf.Subject.CommonName), []byte(a.Code)):
		return errors.New("its common name is not the verification code")
	}
	if err := inForce(leaf); err != nil {
		return err
	}
	if err := leaf.CheckSignatureFrom(ca); err != nil {
		return fmt.Errorf("it was not signed by the CA: %w", err)
	}
	return nil
}

func decodeAuthority(d Document) (Authority, error) {
	var o Authority
	if err := json.Unmarshal(d.Body, &o); err != nil {
		return o, fmt.Errorf("decode document %s: %w", d.Key, err)
	}
	return o, nil
}

func checkAuthorityName(name string) error {
	bad := func(r rune) bool { return r == '/' || !legalInID(r) }
	if name == "" || len(name) > maxAuthorityName || strings.ContainsFunc(name, bad) {
		return fmt.Errorf("the name of a CA certificate has 1 to %d of the characters that device ids have; %q is not one", maxAuthorityName, name)
	}
	return nil
}

// ParseCertificate reads one certificate in PEM, DER or base64 DER.
func ParseCertificate(text []byte) (*x509.Certificate, error) {
	if len(text) > maxCertificate {
		return nil, fmt.Errorf("%d bytes are too many for a certificate", len(text))
	}
	if block, _ := pem.Decode(text); block != nil {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("PEM block is a %s, not a CERTIFICATE", block.Type)
		}
		text = block.Bytes
	} else if der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text))); err == nil {
		text = der
	}
	c, err := x509.ParseCertificate(text)
	if err != nil {
		return nil, fmt.Errorf("not a certificate in PEM or DER: %w", err)
	}
	return c, nil
}

// parseAuthority reads a certificate that may sign others.
func parseAuthority(text []byte) (*x509.Certificate, error) {
	c, err := ParseCertificate(text)
	switch {
	case err != nil:
		return nil, err
	case !c.BasicConstraintsValid || !c.IsCA:
		return nil, errors.New("it is not a CA: basic constraints do not say so")
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return nil, errors.New("its key usage does not allow it to sign certificates")
	}
	return c, inForce(c)
}

func inForce(c *x509.Certificate) error {
	switch at := time.Now(); {
	case at.Before(c.NotBefore):
		return fmt.Errorf("it is valid from %s only", c.NotBefore.UTC().Format(time.RFC3339))
	case at.After(c.NotAfter):
		return fmt.Errorf("it expired at %s", c.NotAfter.UTC().Format(time.RFC3339))
	}
	return nil
}
