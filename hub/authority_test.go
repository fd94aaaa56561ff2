package hub

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

// signer is a certificate with its key.
type signer struct {
	*x509.Certificate
	key *ecdsa.PrivateKey
}

// certify makes a certificate; without a parent it signs itself.
func certify(t *testing.T, name string, ca bool, parent *signer, edit ...func(*x509.Certificate)) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true, IsCA: ca,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	for _, e := range edit {
		e(template)
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

func (s *signer) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Raw})
}

func TestProofOfPossession(t *testing.T) {
	inBubble(t, func(r *rig) {
		list, root := r.hub.Authorities(), certify(t, "Acme Root", true, nil)
		registered, err := list.Register(t.Context(), "acme", root.pem(), false)
		if err != nil || registered.Verified || registered.Code != "" {
			t.Fatalf("registered as %+v, %v", registered, err)
		}
		if v, err := list.Verified(t.Context()); err != nil || len(v) != 0 {
			t.Fatalf("an unverified CA vouches: %v, %v", v, err)
		}
		_, err = list.Verify(t.Context(), "acme", "", certify(t, "guess", false, root).pem())
		refusedWith(t, err, 400004, "no verification code")
		issued, err := list.Issue(t.Context(), "acme", registered.ETag)
		if err != nil || len(issued.Code) != 48 || issued.ETag == registered.ETag {
			t.Fatalf("issued %+v, %v", issued, err)
		}
		_, err = list.Issue(t.Context(), "acme", registered.ETag)
		refusedWith(t, err, 412001, "changed by someone else")
		_, err = list.Verify(t.Context(), "acme", "", certify(t, "guess", false, root).pem())
		refusedWith(t, err, 400004, "not the verification code")
		_, err = list.Verify(t.Context(), "acme", "", certify(t, issued.Code, false, certify(t, "Acme Root", true, nil)).pem())
		refusedWith(t, err, 400004, "not signed by the CA")
		late := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }
		_, err = list.Verify(t.Context(), "acme", "", certify(t, issued.Code, false, root, late).pem())
		refusedWith(t, err, 400004, "expired")

		proof := certify(t, issued.Code, false, root)
		verified, err := list.Verify(t.Context(), "acme", `"`+issued.ETag+`"`, proof.pem())
		if err != nil || !verified.Verified || verified.Code != "" {
			t.Fatalf("verified as %+v, %v", verified, err)
		}
		_, err = list.Verify(t.Context(), "acme", "", proof.pem()) // a code serves once
		refusedWith(t, err, 400004, "no verification code")
		if v, err := list.Verified(t.Context()); err != nil || len(v) != 1 || !v[0].Equal(root.Certificate) {
			t.Fatalf("verified are %v, %v", v, err)
		}
	})
}

func TestAuthoritiesLast(t *testing.T) {
	inBubble(t, func(r *rig) {
		root := certify(t, "root", true, nil)
		if _, err := r.hub.Authorities().Register(t.Context(), "acme", root.Raw, true); err != nil {
			t.Fatal(err)
		}
		other := NewAuthorities(r.store.Documents(), "authority", rand.Reader) // another process
		if v, err := other.Verified(t.Context()); err != nil || len(v) != 1 {
			t.Fatalf("verified are %v, %v", v, err)
		}
		r.stop()
		r.start()
		if err := r.hub.Authorities().Delete(t.Context(), "acme", ""); err != nil {
			t.Fatal(err)
		}
		if v, err := r.hub.Authorities().Verified(t.Context()); err != nil || len(v) != 0 {
			t.Fatalf("a deleted CA vouches: %v, %v", v, err)
		}
		time.Sleep(rootsLife)
		if v, err := other.Verified(t.Context()); err != nil || len(v) != 0 {
			t.Fatalf("a CA deleted elsewhere vouches for long: %v, %v", v, err)
		}
		refusedWith(t, r.hub.Authorities().Delete(t.Context(), "acme", ""), 404000, "not registered")
	})
}

func TestAuthorityRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		list := r.hub.Authorities()
		root := certify(t, "root", true, nil)
		noSigning := func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }
		expired := func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Second) }
		for _, row := range []struct {
			name, certificate, why string
		}{
			{"a b", string(root.Raw), "characters"},
			{"", string(root.Raw), "characters"},
			{strings.Repeat("n", 65), string(root.Raw), "1 to 64"},
			{"leaf", string(certify(t, "leaf", false, nil).pem()), "not a CA"},
			{"usage", string(certify(t, "usage", true, nil, noSigning).pem()), "key usage"},
			{"old", string(certify(t, "old", true, nil, expired).pem()), "expired"},
			{"text", "not a certificate", "PEM or DER"},
			{"key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "PRIVATE KEY"},
			{"big", strings.Repeat("A", 64<<10+1), "too many"},
		} {
			_, err := list.Register(t.Context(), row.name, []byte(row.certificate), true)
			refusedWith(t, err, 400004, row.why)
		}
		if all, err := list.List(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("kept %v, %v", all, err)
		}
	})
}

func TestAuthorityLimit(t *testing.T) {
	inBubble(t, func(r *rig) {
		list, root := r.hub.Authorities(), certify(t, "root", true, nil)
		text := []byte(base64.StdEncoding.EncodeToString(root.Raw))
		for i := range AuthorityLimit {
			if _, err := list.Register(t.Context(), fmt.Sprint("ca", i), text, false); err != nil {
				t.Fatal(err)
			}
		}
		_, err := list.Register(t.Context(), "more", text, false)
		refusedWith(t, err, 403002, "25")
		_, err = list.Register(t.Context(), "ca3", text, false)
		refusedWith(t, err, 409000, "already exists")
		if err := list.Delete(t.Context(), "ca3", "*"); err != nil {
			t.Fatal(err)
		}
		if _, err = list.Register(t.Context(), "more", text, false); err != nil {
			t.Error(err)
		}
	})
}

func TestCheckChain(t *testing.T) {
	root := certify(t, "root", true, nil)
	between := certify(t, "between", true, root)
	leaf := certify(t, "device", false, between)
	stranger := certify(t, "root", true, nil)
	expired := certify(t, "device", false, between, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Second) })
	chain := func(s ...*signer) (all []*x509.Certificate) {
		for _, c := range s {
			all = append(all, c.Certificate)
		}
		return all
	}
	for _, row := range []struct {
		sentence     string
		chain, roots []*x509.Certificate
		why          string
	}{
		{"the whole chain to a root", chain(leaf, between, root), chain(root), ""},
		{"the root may be left out", chain(leaf, between), chain(root), ""},
		{"an intermediate that is trusted needs no root", chain(leaf), chain(between), ""},
		{"one of several", chain(leaf, between), chain(stranger, root), ""},
		{"the intermediate is missing", chain(leaf), chain(root), "unknown authority"},
		{"another root of the same name", chain(leaf, between, root), chain(stranger), "unknown authority"},
		{"a root that the client brings counts for nothing", chain(leaf, between, root), nil, "unknown authority"},
		{"expired", chain(expired, between), chain(root), "expired"},
		{"the authority itself", chain(root), chain(root), "the authority itself"},
		{"nothing", nil, chain(root), "no certificate"},
	} {
		err := CheckChain(row.chain, row.roots)
		if (err == nil) != (row.why == "") || err != nil && !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: %v", row.sentence, err)
		}
	}
}

// refusedWith checks code and text of a refusal.
func refusedWith(t *testing.T, err error, want int, text string) {
	t.Helper()
	if code(err) != want || !strings.Contains(fmt.Sprint(err), text) {
		t.Errorf("got %v; want code %d and %q", err, want, text)
	}
}

func FuzzParseCertificate(f *testing.F) {
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"))
	f.Add([]byte("MIIB"))
	f.Add([]byte{0x30, 0x82, 1, 0})
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseAuthority(text)
		if err == nil && (!c.IsCA || CheckChain([]*x509.Certificate{c}, nil) == nil) {
			t.Error("a certificate that is no CA was taken for one, or vouched for itself")
		}
	})
}
