package server

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// writePair writes a certificate for localhost by a CA.
func writePair(t *testing.T, f CertificateFile, ca *authority, kind leafKind) *x509.Certificate {
	t.Helper()
	key, err := kind.key()
	if err != nil {
		t.Fatal(err)
	}
	made, err := issue(&x509.Certificate{DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}, key, ca)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{f.Chain: made.certPEM, f.Key: made.keyPEM} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return made.cert
}

// The user's certificates are read again when they change; what cannot be read leaves
// those in place that there are.
func TestCertificateReload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca, err := dataDir("").authority()
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		file := CertificateFile{filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")}
		first := writePair(t, file, ca, ecdsaLeaf)
		var log strings.Builder
		c, err := loadCertificates(&fileCertificates{files: []CertificateFile{file}}, slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		shown := func(want *x509.Certificate, why string) {
			t.Helper()
			pair, err := c.choose(&tls.ClientHelloInfo{ServerName: "localhost", SupportedVersions: []uint16{tls.VersionTLS13}})
			if err != nil || !pair.Leaf.Equal(want) {
				t.Errorf("%s: %v, %v", why, pair.Leaf.SerialNumber, err)
			}
		}
		shown(first, "the first")
		second := writePair(t, file, ca, rsaLeaf)
		shown(first, "a moment later")
		time.Sleep(recheck)
		shown(second, "after it was replaced")
		if err := os.WriteFile(file.Chain, []byte("half a certi"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recheck)
		shown(second, "while its file is being written")
		if !strings.Contains(log.String(), "not renewed") {
			t.Errorf("log: %s", &log)
		}
		third := writePair(t, file, ca, ecdsaLeaf)
		time.Sleep(recheck)
		shown(third, "when it is whole again")
		time.Sleep(2 * time.Hour)
		shown(third, "after it has expired")
		if _, err := loadCertificates(&fileCertificates{files: []CertificateFile{{"nowhere", "nowhere"}}}, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "server certificate nowhere") {
			t.Errorf("missing file: %v", err)
		}
	})
}

// A hub that runs for years renews the certificates it makes.
func TestOwnCertificatesAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca, err := dataDir("").authority()
		if err != nil {
			t.Fatal(err)
		}
		c, err := loadCertificates(ownCertificates{"", ca, []string{"localhost"}}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			for _, pair := range c.current() {
				left := time.Until(pair.Leaf.NotAfter)
				if _, err := pair.Leaf.Verify(x509.VerifyOptions{Roots: poolOf(ca.cert), DNSName: "localhost", CurrentTime: time.Now()}); err != nil || left < leafSpare {
					t.Errorf("%v left: %v", left, err)
				}
			}
			time.Sleep(200 * 24 * time.Hour)
		}
	})
}

func poolOf(c *x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(c)
	return p
}
