package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCA makes a CA with its key in two PEM files.
func writeCA(t *testing.T) (chain, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Acme"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	chain, key = filepath.Join(dir, "ca.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{chain: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return chain, key
}

func TestHubCA(t *testing.T) {
	hub := beginHub(t, "--data", t.TempDir())
	chain, key := writeCA(t)
	other, otherKey := writeCA(t)
	for _, step := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"list"}, 0, ""},
		{[]string{"add", "acme", chain}, 0, "acme  CN=Acme  until " + time.Now().Add(time.Hour).UTC().Format(time.DateOnly) + "  not verified"},
		{[]string{"add", "acme", chain}, 1, "already exists"},
		{[]string{"code", "acme"}, 0, "wants proof with the common name "},
		{[]string{"verify", "acme", chain}, 1, "not the verification code"},
		{[]string{"prove", "acme", "--key", otherKey}, 2, "does not match"},
		{[]string{"prove", "acme", "--key", key}, 0, "  verified"},
		{[]string{"add", "mine", other, "--verified"}, 0, "  verified"},
		{[]string{"rm", "acme"}, 0, ""},
		{[]string{"rm", "acme"}, 1, "not registered"},
		{[]string{"list"}, 0, "mine  CN=Acme"},
		{[]string{"add", "acme", "nowhere.pem"}, 2, "nowhere.pem"},
	} {
		p := begin(t, append(append([]string{"hub", "ca"}, step.args...),
			"--login", hub.value("Service connection string"), "--ca", hub.value("CA certificate"))...)
		code := p.end()
		if said := strings.Join(p.said, "\n") + p.stderr.String(); code != step.code || !strings.Contains(said, step.says) {
			t.Errorf("ca %v: exit code %d, said %q; want %d and %q", step.args, code, said, step.code, step.says)
		}
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// The user's own certificate is shown; flags that do not fit are usage errors.
func TestHubTLSFlags(t *testing.T) {
	chain, key := writeCA(t)
	hub := beginHub(t, "--data", t.TempDir(), "--tls-certificate", chain, "--tls-key", key, "--tls-profile", "devkit-legacy")
	text, err := os.ReadFile(chain)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	_, address, _ := strings.Cut(hub.value("MQTT"), "://")
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if ca := hub.value("CA certificate"); ca != "yours" {
		t.Errorf("announced the CA %q", ca)
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
	p := begin(t, "hub", "--tls-certificate", chain)
	if code := p.end(); code != 2 || !strings.Contains(p.stderr.String(), "in pairs") {
		t.Errorf("exit code %d, %q", code, p.stderr.String())
	}
}
