package dps

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"twinrig/hub"
)

// Certificates are a primary and perhaps a secondary certificate.
type Certificates struct {
	Primary   *Certificate `json:"primary,omitempty"`
	Secondary *Certificate `json:"secondary,omitempty"`
}

// Certificate is a certificate in base64 DER or PEM, with what it says.
type Certificate struct {
	Certificate string           `json:"certificate,omitempty"`
	Info        *CertificateInfo `json:"info,omitempty"`
}

// CertificateInfo describes a certificate.
type CertificateInfo struct {
	SubjectName      string `json:"subjectName"`
	SHA1Thumbprint   string `json:"sha1Thumbprint"`
	SHA256Thumbprint string `json:"sha256Thumbprint"`
	IssuerName       string `json:"issuerName"`
	NotBefore        stamp  `json:"notBeforeUtc"`
	NotAfter         stamp  `json:"notAfterUtc"`
	SerialNumber     string `json:"serialNumber"`
	Version          int    `json:"version"`
}

func describe(c *x509.Certificate) *CertificateInfo {
	short, long := sha1.Sum(c.Raw), sha256.Sum256(c.Raw)
	return &CertificateInfo{
		SubjectName: c.Subject.String(), IssuerName: c.Issuer.String(),
		SHA1Thumbprint: fmt.Sprintf("%X", short), SHA256Thumbprint: fmt.Sprintf("%X", long),
		NotBefore: stamp(c.NotBefore), NotAfter: stamp(c.NotAfter),
		SerialNumber: fmt.Sprintf("%X", c.SerialNumber), Version: c.Version,
	}
}

// parse returns the certificates there are.
func (c *Certificates) parse() (all []*x509.Certificate, err error) {
	for _, one := range c.both() {
		parsed, err := hub.ParseCertificate([]byte(one.Certificate))
		if err != nil {
			return nil, err
		}
		all = append(all, parsed)
	}
	return all, nil
}

func (c *Certificates) both() (all []*Certificate) {
	if c == nil {
		return nil
	}
	for _, one := range []*Certificate{c.Primary, c.Secondary} {
		if one != nil {
			all = append(all, one)
		}
	}
	return all
}

// described is c without the certificates themselves.
func (c *Certificates) described() *Certificates {
	if c == nil {
		return nil
	}
	d := &Certificates{}
	if c.Primary != nil {
		d.Primary = &Certificate{Info: c.Primary.Info}
	}
	if c.Secondary != nil {
		d.Secondary = &Certificate{Info: c.Secondary.Info}
	}
	return d
}

// normalize checks the certificates and describes them. authority says that they have to
// be of authorities.
func (c *Certificates) normalize(old *Certificates, authority bool) error {
	if c.Primary == nil {
		return errors.New("primary certificate is missing")
	}
	if c.Secondary != nil && c.Secondary.Certificate == "" && c.Secondary.Info == nil {
		c.Secondary = nil
	}
	for _, one := range c.both() {
		one.recall(old)
		parsed, err := hub.ParseCertificate([]byte(one.Certificate))
		if err != nil {
			return err
		}
		if authority && !(parsed.BasicConstraintsValid && parsed.IsCA) {
			return fmt.Errorf("certificate of %s is not a CA's: basic constraints do not say so", parsed.Subject)
		}
		one.Certificate = base64.StdEncoding.EncodeToString(parsed.Raw)
		one.Info = describe(parsed)
	}
	return nil
}

// recall fills in a certificate that the client has only the description of.
func (c *Certificate) recall(old *Certificates) {
	if c.Certificate != "" || c.Info == nil {
		return
	}
	for _, known := range old.both() {
		if strings.EqualFold(known.Info.SHA256Thumbprint, c.Info.SHA256Thumbprint) {
			c.Certificate = known.Certificate
		}
	}
}

// normalize checks that one of the three ways is chosen, and one that fits.
func (x *X509) normalize(group bool, old *X509) error {
	if old == nil {
		old = &X509{}
	}
	ways := 0
	for _, chosen := range []bool{x.Client != nil, x.Signing != nil, x.References != nil} {
		if chosen {
			ways++
		}
	}
	switch {
	case ways != 1:
		return errors.New("x509 needs one of clientCertificates, signingCertificates and caReferences")
	case x.References != nil:
		if len(x.References.names()) == 0 {
			return errors.New("caReferences names no certificate")
		}
		return nil
	case group && x.Client != nil:
		return errors.New("clientCertificates are for individual enrollments; a group has signingCertificates or caReferences")
	case !group && x.Signing != nil:
		return errors.New("signingCertificates are for groups; an individual enrollment has clientCertificates or caReferences")
	case group:
		return x.Signing.normalize(old.Signing, true)
	}
	return x.Client.normalize(old.Client, false)
}
