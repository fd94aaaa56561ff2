package server

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The certificate is made anew when it lacks a name, runs out soon or was signed by
// another authority, and only then.
func TestLeafRenewal(t *testing.T) {
	dir := dataDir(t.TempDir())
	ca, err := dir.authority()
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(names ...string) *x509.Certificate {
		t.Helper()
		pair, err := dir.leaf(rsaLeaf, ca, names)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf
	}
	first := leaf("localhost", "127.0.0.1")
	if !leaf("LOCALHOST", "127.0.0.1").Equal(first) || !leaf("localhost").Equal(first) {
		t.Error("a certificate that serves was replaced")
	}
	second := leaf("localhost", "127.0.0.2")
	if second.Equal(first) {
		t.Error("a certificate without the address 127.0.0.2 was kept")
	}
	soon := *second
	soon.NotAfter = time.Now().Add(29 * 24 * time.Hour)
	if serves(&soon, ca, []string{"localhost"}) {
		t.Error("a certificate with 29 days left counts as good")
	}
	other, err := dataDir("").authority()
	if err != nil {
		t.Fatal(err)
	}
	if serves(second, other, []string{"localhost"}) {
		t.Error("a certificate of another authority counts as good")
	}
	if err := dir.write(leafFile, []byte("damaged"), publicMode); err != nil {
		t.Fatal(err)
	}
	if leaf("localhost").Equal(second) {
		t.Error("a damaged certificate was read")
	}
	long := strings.Repeat("a.", 50) + "example"
	if got := leaf(long); got.Subject.CommonName != "" || got.VerifyHostname(long) != nil {
		t.Errorf("name of %d characters: common name %q", len(long), got.Subject.CommonName)
	}
	// What is read back is a pair that TLS takes.
	if pair, ok := dir.readLeaf(rsaLeaf); !ok || len((&tls.Config{Certificates: []tls.Certificate{pair}}).Certificates) != 1 {
		t.Error("the certificate written cannot be read")
	}
}

func TestListenHints(t *testing.T) {
	for _, c := range []struct {
		why, address string
		err          error
		want         string
	}{
		{"a low port", "127.0.0.1:443", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)}, "port 443 is below 1024"},
		{"a high port is not helped by root", "127.0.0.1:8443", os.NewSyscallError("bind", syscall.EACCES), ""},
		{"in use", "127.0.0.1:8883", os.NewSyscallError("bind", syscall.EADDRINUSE), "port 8883 is in use"},
		{"anything else", "127.0.0.1:8883", fmt.Errorf("odd"), ""},
	} {
		got := listenHint(c.address, c.err)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func FuzzParsePolicies(f *testing.F) {
	f.Add([]byte(`[{"name":"p","primaryKey":"cA==","secondaryKey":"cA==","rights":["DeviceConnect"]}]`))
	f.Add([]byte(`[{"rights":[""]}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		policies, err := parsePolicies(text)
		for _, p := range policies {
			if err == nil && (p.PrimaryKey == "" || p.SecondaryKey == "") {
				t.Errorf("policy %q without a key", p.Name)
			}
		}
	})
}

// A small heap has the headroom, a large one is collected as by default.
func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 16000, 1 << 20: 16000, 16 << 20: 1000, 80 << 20: 200, 160 << 20: 100, 4 << 30: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MiB live: %d %%, want %d", live>>20, got, want)
		}
	}
}
