package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/client"
	"twinrig/hub/server"
)

// startOnSockets starts a server with TLS on free ports of the loopback interface.
func startOnSockets(t *testing.T, cfg server.Config) *server.Server {
	t.Helper()
	cfg.MQTT, cfg.HTTP = server.Listen{Address: "127.0.0.1:0"}, server.Listen{Address: "127.0.0.1:0"}
	s, err := server.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *server.Server) {
	t.Helper()
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// trust is the pool of clients that were given the hub's CA file.
func trust(t *testing.T, s *server.Server) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) || string(pem) != string(s.CA()) {
		t.Fatal("the CA file holds no certificate, or not that of CA()")
	}
	return roots
}

func service(t *testing.T, s *server.Server) *client.Client {
	t.Helper()
	c, err := client.New(s.ServiceConnectionString(), client.Options{RootCAs: trust(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func address(endpoint string) string {
	_, address, _ := strings.Cut(endpoint, "://")
	return address
}

// The whole way over real sockets and TLS, and again after a restart on the same data.
func TestRestartKeepsEverything(t *testing.T) {
	cfg := server.Config{DataDir: filepath.Join(t.TempDir(), "data"), Partitions: 1, Devices: []server.DeviceSpec{{ID: "d", Desired: map[string]any{"interval": 5}}}}
	first := startOnSockets(t, cfg)
	device, err := first.DeviceConnectionString(t.Context(), "d")
	if err != nil {
		t.Fatal(err)
	}
	dial := func() (net.Conn, error) {
		return tls.Dial("tcp", address(first.Endpoints().MQTT), &tls.Config{RootCAs: trust(t, first), ServerName: "localhost"})
	}
	d := connect(t, dial, device)
	d.publish("d", `{"t":21.5}`)
	d.conn.Close()
	key, ca, leaf := keyOf(first), string(first.CA()), leafOf(t, first)
	c := service(t, first)
	if _, err := c.PatchTwin(t.Context(), "d", []byte(`{"properties":{"desired":{"interval":30}}}`), ""); err != nil {
		t.Error(err)
	}
	c.Close()
	stop(t, first)

	second := startOnSockets(t, cfg)
	defer stop(t, second)
	if keyOf(second) != key || string(second.CA()) != ca || !leafOf(t, second).Equal(leaf) {
		t.Error("policy key, CA or server certificate changed")
	}
	c = service(t, second)
	defer c.Close()
	for e, err := range c.Events(t.Context(), 0, client.Earliest, false) {
		if err != nil || string(e.Body) != `{"t":21.5}` || e.Number != 0 {
			t.Errorf("event %+v, %v", e, err)
		}
	}
	twin, err := c.Twin(t.Context(), "d")
	if err != nil || !strings.Contains(string(twin.Properties.Desired), `"interval":30,`) {
		t.Errorf("desired %s, %v; want what the service wrote, not the file", twin.Properties.Desired, err)
	}
	for name, want := range map[string]os.FileMode{"policies.json": 0o600, "ca-key.pem": 0o600, "server-key.pem": 0o600, "ca.pem": 0o644} {
		info, err := os.Stat(filepath.Join(cfg.DataDir, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want mode %v", name, info.Mode(), err, want)
		}
	}
	// Another hub on the same data would destroy them.
	if _, err := server.Start(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "in use by another hub") {
		t.Errorf("a second server on the data: %v", err)
	}
}

func keyOf(s *server.Server) string {
	_, key, _ := strings.Cut(s.ServiceConnectionString(), "SharedAccessKey=")
	return key
}

// leafOf shakes hands with the MQTT port and returns the server's certificate.
func leafOf(t *testing.T, s *server.Server) *x509.Certificate {
	t.Helper()
	conn, err := tls.Dial("tcp", address(s.Endpoints().MQTT), &tls.Config{RootCAs: trust(t, s), ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if chain := conn.ConnectionState().PeerCertificates; len(chain) != 2 || !chain[1].IsCA {
		t.Errorf("chain of %d certificates, want leaf and CA", len(chain))
	}
	return conn.ConnectionState().PeerCertificates[0]
}

func TestTLS(t *testing.T) {
	s := startOnSockets(t, server.Config{DataDir: t.TempDir(), HostName: "my-hub.azure-devices.net", Aliases: []string{"bench.local", "127.0.0.9"}})
	defer stop(t, s)
	roots := trust(t, s)
	for _, c := range []struct {
		why    string
		config *tls.Config
		fails  bool
	}{
		{"local name", &tls.Config{RootCAs: roots, ServerName: "localhost"}, false},
		{"address", &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}, false},
		{"IPv6 address", &tls.Config{RootCAs: roots, ServerName: "::1"}, false},
		{"own name", &tls.Config{RootCAs: roots, ServerName: "my-hub.azure-devices.net"}, false},
		{"any hub of Azure", &tls.Config{RootCAs: roots, ServerName: "other.azure-devices.net"}, false},
		{"alias", &tls.Config{RootCAs: roots, ServerName: "bench.local"}, false},
		{"alias that is an address", &tls.Config{RootCAs: roots, ServerName: "127.0.0.9"}, false},
		{"TLS 1.2, which embedded clients are bound to", &tls.Config{RootCAs: roots, ServerName: "localhost", MaxVersion: tls.VersionTLS12}, false},
		{"TLS 1.1", &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, true},
		{"another name", &tls.Config{RootCAs: roots, ServerName: "example.com"}, true},
		{"another CA", &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "localhost"}, true},
	} {
		for _, endpoint := range []string{s.Endpoints().MQTT, s.Endpoints().HTTP} {
			conn, err := tls.Dial("tcp", address(endpoint), c.config)
			if (err != nil) != c.fails {
				t.Errorf("%s on %s: %v", c.why, endpoint, err)
			}
			if err == nil {
				conn.Close()
			}
		}
	}
	want := "HostName=my-hub.azure-devices.net:" + s.Endpoints().HTTP[strings.LastIndex(s.Endpoints().HTTP, ":")+1:] + ";"
	if !strings.HasPrefix(s.ServiceConnectionString(), want) {
		t.Errorf("service connection string %s, want a port that is not standard in it: %s", s.ServiceConnectionString(), want)
	}
}

// A device with a certificate of its own making connects without a password, by either
// version of TLS, and with another certificate it does not.
func TestSelfSignedDevice(t *testing.T) {
	s := startOnSockets(t, server.Config{DataDir: t.TempDir()})
	defer stop(t, s)
	own, other := clientCertificate(t), clientCertificate(t)
	sum := sha256.Sum256(own.Certificate[0])
	thumbprint := hex.EncodeToString(sum[:])
	_, err := s.Hub().CreateDevice(t.Context(), hub.Device{ID: "d", Authentication: hub.Authentication{
		Type: hub.AuthSelfSigned, X509Thumbprint: hub.Thumbprint{Primary: &thumbprint}}})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := s.DeviceConnectionString(t.Context(), "d"); err != nil || !strings.HasSuffix(text, ";DeviceId=d;x509=true") {
		t.Errorf("connection string %q, %v", text, err)
	}
	for _, c := range []struct {
		why     string
		cert    tls.Certificate
		version uint16
		answer  string
	}{
		{"its certificate, TLS 1.3", own, tls.VersionTLS13, "\x20\x02\x00\x00"},
		{"its certificate, TLS 1.2", own, tls.VersionTLS12, "\x20\x02\x00\x00"},
		{"another certificate", other, tls.VersionTLS13, "\x20\x02\x00\x05"},
	} {
		conn, err := tls.Dial("tcp", address(s.Endpoints().MQTT), &tls.Config{RootCAs: trust(t, s), ServerName: "localhost",
			Certificates: []tls.Certificate{c.cert}, MaxVersion: c.version})
		if err != nil {
			t.Fatal(err)
		}
		t.Log(c.why)
		d := device{t, conn}
		d.hello("localhost", "d", "")
		d.expect(c.answer)
		conn.Close()
	}
}

func clientCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestWrongKeyIsSaidClearly(t *testing.T) {
	s := startOnSockets(t, server.Config{DataDir: t.TempDir()})
	defer stop(t, s)
	c, err := client.New(strings.Replace(s.ServiceConnectionString(), keyOf(s), "d3Jvbmc=", 1), client.Options{RootCAs: trust(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Device(t.Context(), "d")
	var refusal *client.Error
	if !errors.As(err, &refusal) || refusal.Status != 401 || !strings.Contains(refusal.Message, "check SharedAccessKey") {
		t.Errorf("got %v, want a 401 that says what to check", err)
	}
}

func TestStartErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	edited := t.TempDir()
	if err := os.WriteFile(filepath.Join(edited, "policies.json"), []byte(`[{"name":"p","primaryKey":"cA==","secondaryKey":"cA==","rights":["Everything"]}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	halfCA := t.TempDir()
	if err := os.WriteFile(filepath.Join(halfCA, "ca.pem"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	free := server.Listen{Address: "127.0.0.1:0"}
	for _, c := range []struct {
		why  string
		cfg  server.Config
		want []string
	}{
		{"port in use", server.Config{HTTP: server.Listen{Address: taken.Addr().String()}}, []string{"listen for HTTP on " + taken.Addr().String(), "is in use", "choose another"}},
		{"address of another machine", server.Config{HTTP: server.Listen{Address: "192.0.2.1:0"}}, []string{"192.0.2.1", "does not have that address"}},
		{"no port", server.Config{HTTP: server.Listen{Address: "localhost"}}, []string{"missing port"}},
		{"host name with a port", server.Config{HostName: "localhost:443"}, []string{`host name "localhost:443"`, "listen addresses"}},
		{"host name that is a URL", server.Config{HostName: "https://localhost"}, []string{"neither a DNS name"}},
		{"data directory that is a file", server.Config{DataDir: file}, []string{"make data directory"}},
		{"policy with a right misspelt", server.Config{DataDir: edited}, []string{"policies.json", "Everything", "ServiceConnect"}},
		{"CA without its key", server.Config{DataDir: halfCA}, []string{"key of the certificate authority", "remove ca.pem"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			c.cfg.MQTT = free
			if c.cfg.HTTP.Address == "" {
				c.cfg.HTTP = free
			}
			s, err := server.Start(t.Context(), c.cfg)
			if err == nil {
				stop(t, s)
				t.Fatal("started")
			}
			if !slices.ContainsFunc(c.want, func(w string) bool { return !strings.Contains(err.Error(), w) }) {
				return
			}
			t.Errorf("error %q, want it to say %q", err, c.want)
		})
	}
}
