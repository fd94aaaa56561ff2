package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
)

// signer is a certificate with its key.
type signer struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// certify makes a certificate that ends after life; without a parent it signs itself.
func certify(t *testing.T, name string, parent *signer, ca bool, life time.Duration) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(life), IsCA: ca, BasicConstraintsValid: true,
	}
	if parent == nil {
		parent = &signer{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.Certificate, &key.PublicKey, parent.key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{c, key}
}

func TestCertificateAuthorities(t *testing.T) {
	root := certify(t, "root", nil, true, 300*time.Hour)
	between := certify(t, "between", root, true, 200*time.Hour)
	leaf, module := certify(t, "truck", between, false, 100*time.Hour), certify(t, "truck/cooler", root, false, 100*time.Hour)
	long := certify(t, "truck", between, false, 400*time.Hour)
	stranger := certify(t, "root", nil, true, time.Hour)
	d := exampleDirectory()
	for _, id := range []string{"truck", "truck/cooler", "Truck"} {
		d.devices[id] = hub.Device{ID: id, Status: "enabled", Authentication: hub.Authentication{Type: hub.AuthCA}}
	}
	for _, c := range []struct {
		why, device string
		chain       []*signer
		roots       []*signer
		expires     time.Time
		refusal     string
	}{
		{"chain without its root", "truck", []*signer{leaf, between}, []*signer{root}, leaf.NotAfter, ""},
		{"chain with its root", "truck", []*signer{leaf, between, root}, []*signer{stranger, root}, leaf.NotAfter, ""},
		{"the grant ends with the CA that ends first", "truck", []*signer{long, between}, []*signer{root}, between.NotAfter, ""},
		{"an intermediate was registered", "truck", []*signer{leaf}, []*signer{between}, leaf.NotAfter, ""},
		{"module", "truck/cooler", []*signer{module}, []*signer{root}, module.NotAfter, ""},
		{"a module's certificate is not its device's", "truck", []*signer{module}, []*signer{root}, time.Time{}, "common name"},
		{"ids are case-sensitive", "Truck", []*signer{leaf, between}, []*signer{root}, time.Time{}, "common name"},
		{"no CA is verified", "truck", []*signer{leaf, between, root}, nil, time.Time{}, "no verified CA"},
		{"the client left the intermediate out", "truck", []*signer{leaf}, []*signer{root}, time.Time{}, "no verified CA"},
		{"a CA of the same name", "truck", []*signer{leaf, between}, []*signer{stranger}, time.Time{}, "no verified CA"},
		{"expired", "truck", []*signer{certify(t, "truck", root, false, -time.Minute)}, []*signer{root}, time.Time{}, "expired"},
		{"device of keys", "dev-1", []*signer{certify(t, "dev-1", root, false, time.Hour)}, []*signer{root}, time.Time{}, "not by certificate"},
	} {
		t.Run(c.why, func(t *testing.T) {
			d.roots = bare(c.roots)
			grant, err := auth.New(d).AuthenticateDevice(t.Context(), c.device, hub.Credential{Certificates: bare(c.chain)})
			if c.refusal != "" {
				wantRefusal(t, err, c.refusal)
				return
			}
			if err != nil || !grant.Expires.Equal(c.expires) || !anyAnchor(c.roots, grant.Anchor) {
				t.Errorf("%+v, %v; want it to last until %v", grant, err, c.expires)
			}
		})
	}
}

func bare(signers []*signer) (all []*x509.Certificate) {
	for _, s := range signers {
		all = append(all, s.Certificate)
	}
	return all
}

func anyAnchor(roots []*signer, a hub.Anchor) bool {
	for _, r := range roots {
		if hub.AuthorityAnchor(r.Certificate) == a {
			return true
		}
	}
	return false
}
