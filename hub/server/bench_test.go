package server_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"runtime"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/server"
)

// BenchmarkCertifiedConnect connects a device by TLS 1.3 with a certificate of a registered
// CA, from TCP to CONNACK. Client and hub share the machine.
func BenchmarkCertifiedConnect(b *testing.B) {
	s, err := server.Start(b.Context(), server.Config{MQTT: server.Listen{Address: "127.0.0.1:0"}, HTTP: server.Listen{Address: "127.0.0.1:0"}})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close(context.Background())
	ca, caKey := newCertificate(b, "ca", nil, nil)
	if _, err := s.Hub().Authorities().Register(b.Context(), "ca", ca.Raw, true); err != nil {
		b.Fatal(err)
	}
	type identity struct {
		id     string
		config *tls.Config
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	const parallel = 8
	devices := make(chan identity, parallel*runtime.GOMAXPROCS(0)) // each has a device of its own
	for i := range cap(devices) {
		id := fmt.Sprint("d", i)
		leaf, key := newCertificate(b, id, ca, caKey)
		if _, err := s.Hub().CreateDevice(b.Context(), hub.Device{ID: id, Authentication: hub.Authentication{Type: hub.AuthCA}}); err != nil {
			b.Fatal(err)
		}
		devices <- identity{id, &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS13,
			Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}}}}
	}
	b.SetParallelism(parallel)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		me := <-devices
		for pb.Next() {
			conn, err := tls.Dial("tcp", address(s.Endpoints().MQTT), me.config)
			if err != nil {
				b.Error(err)
				return
			}
			d := device{b, conn}
			d.hello("localhost", me.id, "")
			answer := make([]byte, 4)
			if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "\x20\x02\x00\x00" {
				b.Errorf("CONNACK %x, %v", answer, err)
			}
			conn.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "connects/s")
}

func newCertificate(tb testing.TB, name string, ca *x509.Certificate, caKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true, IsCA: ca == nil,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	if ca == nil {
		ca, caKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, key.Public(), caKey)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c, key
}
