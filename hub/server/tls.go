package server

import (
	"crypto/tls"
	"fmt"
)

// TLS says what the listeners show and speak. The zero value is TLS 1.2 and 1.3 with
// certificates, ECDSA and RSA, that the hub's own CA makes.
type TLS struct {
	Certificates []CertificateFile // used instead of the hub's own
	Profile      Profile
}

// CertificateFile is a certificate chain, leaf first, and its key, both in PEM. The files
// are read anew when they change.
type CertificateFile struct {
	Chain, Key string
}

// Profile is a choice of cipher suites.
type Profile string

// The profiles.
const (
	// Modern has suites with forward secrecy only.
	Modern Profile = ""
	// DevkitLegacy adds the one suite that the ThreadX quickstarts of development kits have:
	// TLS_RSA_WITH_AES_128_CBC_SHA256, for which the server needs an RSA certificate. Other
	// clients go on with what they had.
	DevkitLegacy Profile = "devkit-legacy"
)

func (p Profile) check() error {
	if p != Modern && p != DevkitLegacy {
		return fmt.Errorf("TLS profile %q is unknown; there is %s", p, DevkitLegacy)
	}
	return nil
}

// suites of TLS 1.2; nil = what package tls thinks best.
func (p Profile) suites() (ids []uint16) {
	if p != DevkitLegacy {
		return nil
	}
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	return append(ids, tls.TLS_RSA_WITH_AES_128_CBC_SHA256)
}

// tlsConfig is the configuration of all listeners. Client certificates are asked for and
// not verified here: who may use which is package auth's business.
func (t TLS) tlsConfig(c *certificates) *tls.Config {
	return &tls.Config{
		GetCertificate: c.choose,
		ClientAuth:     tls.RequestClientCert,
		MinVersion:     tls.VersionTLS12,
		CipherSuites:   t.Profile.suites(),
		// Without the post-quantum hybrid, a third of the work of a handshake: no device has
		// it, and what a fleet of simulated ones measures would be that.
		CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
	}
}
