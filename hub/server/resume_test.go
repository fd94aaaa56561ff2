package server_test

import (
	"crypto/tls"
	"testing"

	"twinrig/hub"
	"twinrig/hub/server"
)

// A resumed TLS session brings the client's certificate back, but not the trust in it.
func TestResumedSessionIsJudgedAnew(t *testing.T) {
	s := startOnSockets(t, server.Config{DataDir: t.TempDir()})
	defer stop(t, s)
	ca, caKey := newCertificate(t, "ca", nil, nil)
	leaf, key := newCertificate(t, "d", ca, caKey)
	if _, err := s.Hub().Authorities().Register(t.Context(), "ca", ca.Raw, true); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Hub().CreateDevice(t.Context(), hub.Device{ID: "d", Authentication: hub.Authentication{Type: hub.AuthCA}}); err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: trust(t, s), ServerName: "localhost", ClientSessionCache: tls.NewLRUClientSessionCache(1),
		Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}}
	for _, c := range []struct {
		why     string
		resumed bool
		before  func() error
		answer  string
	}{
		{"the first", false, nil, "\x20\x02\x00\x00"},
		{"the next", true, nil, "\x20\x02\x00\x00"},
		{"when its CA has been deleted", true, func() error { return s.Hub().Authorities().Delete(t.Context(), "ca", "") }, "\x20\x02\x00\x05"},
	} {
		if c.before != nil {
			if err := c.before(); err != nil {
				t.Fatal(err)
			}
		}
		conn, err := tls.Dial("tcp", address(s.Endpoints().MQTT), config)
		if err != nil {
			t.Fatalf("%s: %v", c.why, err)
		}
		if conn.ConnectionState().DidResume != c.resumed {
			t.Errorf("%s: resumed is %v", c.why, !c.resumed)
		}
		t.Log(c.why)
		d := device{t, conn}
		d.hello("localhost", "d", "")
		d.expect(c.answer)
		_ = conn.Close()
	}
	if text, err := s.DeviceConnectionString(t.Context(), "d"); err != nil || text[len(text)-10:] != ";x509=true" {
		t.Errorf("connection string %q, %v", text, err)
	}
}
