package server_test

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"twinrig/hub/server"
)

// Clients get the certificate whose algorithms they have.
func TestCertificateAndSuite(t *testing.T) {
	ecdhe := []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	legacy := []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA256}
	for _, profile := range []server.Profile{server.Modern, server.DevkitLegacy} {
		s := startOnSockets(t, server.Config{TLS: server.TLS{Profile: profile}})
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(s.CA())
		for _, c := range []struct {
			why     string
			max     uint16
			suites  []uint16
			rsa     bool
			refused bool
		}{
			{"TLS 1.3", tls.VersionTLS13, nil, false, false},
			{"TLS 1.2", tls.VersionTLS12, nil, false, false},
			{"TLS 1.2 without ECDSA", tls.VersionTLS12, ecdhe, true, false},
			{"the suite of the ThreadX quickstarts", tls.VersionTLS12, legacy, true, profile == server.Modern},
		} {
			conn, err := tls.Dial("tcp", address(s.Endpoints().MQTT), &tls.Config{RootCAs: roots, ServerName: "localhost", MaxVersion: c.max, CipherSuites: c.suites})
			if (err != nil) != c.refused {
				t.Errorf("profile %q, %s: %v", profile, c.why, err)
			}
			if err != nil {
				continue
			}
			state := conn.ConnectionState()
			_, isRSA := state.PeerCertificates[0].PublicKey.(*rsa.PublicKey)
			_, isECDSA := state.PeerCertificates[0].PublicKey.(*ecdsa.PublicKey)
			if isRSA != c.rsa || isECDSA == c.rsa || state.Version != c.max || c.suites != nil && state.CipherSuite != c.suites[0] {
				t.Errorf("profile %q, %s: RSA %v, ECDSA %v, version %#x, suite %#x", profile, c.why, isRSA, isECDSA, state.Version, state.CipherSuite)
			}
			conn.Close()
		}
		stop(t, s)
	}
}

func TestUnknownProfile(t *testing.T) {
	if _, err := server.Start(t.Context(), server.Config{TLS: server.TLS{Profile: "old"}}); err == nil {
		t.Error("started")
	}
}

// Who says nothing is sent away: before TLS, and between TLS and CONNECT.
func TestSilentClientsAreSentAway(t *testing.T) {
	s := startOnSockets(t, server.Config{Limits: server.Limits{AuthenticationWithin: 100 * time.Millisecond}})
	defer stop(t, s)
	raw, err := net.Dial("tcp", address(s.Endpoints().MQTT))
	if err != nil {
		t.Fatal(err)
	}
	secure, err := tls.Dial("tcp", address(s.Endpoints().MQTT), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	for why, c := range map[string]net.Conn{"before TLS": raw, "before CONNECT": secure} {
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err := c.Read(make([]byte, 1))
		if timeout, ok := err.(net.Error); err == nil || ok && timeout.Timeout() {
			t.Errorf("%s: still there after 10 s", why)
		}
		_ = c.Close()
	}
}
