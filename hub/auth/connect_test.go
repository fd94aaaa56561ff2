package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
)

// Signatures computed with Python's hmac over host\nclient\npolicy\nat\nexpiry\n.
const (
	signedByDevice = "JsWp3BJi1Rj/6oOiXEleOXUs8/rYpXT2WuxyNi9cCTQ="
	signedByPolicy = "SSUMShEeAwbRbrren1yvOK+/FogezKcvemu5F0Fx/Ro="
)

func TestSignedConnect(t *testing.T) {
	own := hub.SignedConnect{Host: "hub.example", ClientID: "dev-1", Expiry: "2000000000000"}
	policy := hub.SignedConnect{Host: "hub.example", ClientID: "dev-1", Policy: "device", At: "946684800000", Expiry: "2000000000000"}
	for _, c := range []struct {
		why     string
		base    hub.SignedConnect
		sig     string
		change  func(*hub.SignedConnect)
		refusal string
	}{
		{"the device's key", own, signedByDevice, nil, ""},
		{"a hub policy's key", policy, signedByPolicy, nil, ""},
		{"host in other case was not signed", own, signedByDevice, func(s *hub.SignedConnect) { s.Host = "HUB.example" }, "fits no key"},
		{"another host", own, signedByDevice, func(s *hub.SignedConnect) { s.Host = "other" }, "host is not"},
		{"another client id", own, signedByDevice, func(s *hub.SignedConnect) { s.ClientID = "dev-2" }, "client id"},
		{"expiry changed after signing", own, signedByDevice, func(s *hub.SignedConnect) { s.Expiry = "2000000000001" }, "fits no key"},
		{"expiry missing", own, signedByDevice, func(s *hub.SignedConnect) { s.Expiry = "" }, "sas-expiry"},
		{"expiry in seconds lies in the past", own, signedByDevice, func(s *hub.SignedConnect) { s.Expiry = "2000000000" }, "expired"},
		{"sas-at in the future", policy, signedByPolicy, func(s *hub.SignedConnect) { s.At = "1999999999999" }, "future"},
		{"sas-at no number", policy, signedByPolicy, func(s *hub.SignedConnect) { s.At = "now" }, "sas-at"},
		{"no signature", own, "", nil, "fits no key"},
	} {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // the bubble's 2000-01-01 lies between at and expiry
				s := c.base
				s.Signature, _ = base64.StdEncoding.DecodeString(c.sig)
				if c.change != nil {
					c.change(&s)
				}
				grant, err := auth.New(exampleDirectory()).AuthenticateDevice(t.Context(), "dev-1", hub.Credential{Signed: &s})
				if c.refusal != "" {
					wantRefusal(t, err, c.refusal, c.sig)
					return
				}
				if want := time.UnixMilli(2000000000000).Add(300 * time.Second); err != nil || !grant.Expires.Equal(want) || grant.Policy != s.Policy {
					t.Errorf("got %+v, %v", grant, err)
				}
			})
		})
	}
}

func selfSigned(t *testing.T) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// long expired: the dates of a pinned certificate do not matter
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestThumbprints(t *testing.T) {
	cert, other := selfSigned(t), selfSigned(t)
	s1, s256 := sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw)
	short, long := hex.EncodeToString(s1[:]), hex.EncodeToString(s256[:])
	colons := strings.ToUpper(long[:2] + ":" + long[2:4] + " " + long[4:])
	for _, c := range []struct {
		why, kind          string
		primary, secondary *string
		cert               *x509.Certificate
		refusal            string
	}{
		{"SHA-256", hub.AuthSelfSigned, &long, nil, cert, ""},
		{"SHA-1 as secondary", hub.AuthSelfSigned, nil, &short, cert, ""},
		{"upper case with colons and spaces", hub.AuthSelfSigned, &colons, nil, cert, ""},
		{"another certificate", hub.AuthSelfSigned, &long, &short, other, "no thumbprint"},
		{"no thumbprint set", hub.AuthSelfSigned, nil, nil, cert, "no thumbprint"},
		{"a sas device with a certificate only", hub.AuthSAS, &long, nil, cert, "not by certificate"},
		{"a device of certificate authorities has no thumbprints", hub.AuthCA, &long, nil, cert, "common name"},
	} {
		t.Run(c.why, func(t *testing.T) {
			d := exampleDirectory()
			d.devices["cert"] = hub.Device{ID: "cert", Status: "enabled", Authentication: hub.Authentication{
				Type: c.kind, X509Thumbprint: hub.Thumbprint{Primary: c.primary, Secondary: c.secondary}}}
			grant, err := auth.New(d).AuthenticateDevice(t.Context(), "cert", hub.Credential{Certificates: []*x509.Certificate{c.cert}})
			if c.refusal != "" {
				wantRefusal(t, err, c.refusal)
				return
			}
			used := c.primary
			if used == nil {
				used = c.secondary
			}
			want := hub.Grant{AuthMethod: `{"scope":"device","type":"x509","issuer":"iothub","acceptingIpFilterRule":null}`, Anchor: hub.ThumbprintAnchor(*used)}
			if err != nil || grant != want {
				t.Errorf("got %+v, %v", grant, err)
			}
		})
	}
}
