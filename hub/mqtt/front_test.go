package mqtt

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

func TestConnectTimeout(t *testing.T) {
	for _, c := range []struct {
		why   string
		bytes []byte
	}{
		{"silence", nil},
		{"half a CONNECT", []byte{0x10, 0x20, 0x00}},
	} {
		t.Run(c.why, func(t *testing.T) {
			inBubble(t, Config{}, func(t *testing.T, r *rig) {
				client := r.dial("a")
				if c.bytes != nil {
					client.write(t, c.bytes)
				}
				time.Sleep(29 * time.Second)
				if got := client.take(); got != nil {
					t.Errorf("after 29 s: %v", got)
				}
				time.Sleep(2 * time.Second)
				if got := client.take(); len(got) != 1 || got[0] != "closed" {
					t.Errorf("after 31 s: %v", got)
				}
			})
		})
	}
}

// Bytes of a packet that never gets complete do not keep a client alive.
func TestKeepAliveCountsPackets(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		c := r.connect("a", 4, "dev-1", func(pk *packets.Packet) { pk.Connect.Keepalive = 10 })
		for range 5 { // 14 s apart: alive
			time.Sleep(14 * time.Second)
			c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingreq}})
		}
		synctest.Wait()
		if got := c.take(); len(got) != 5 || got[4] != "PINGRESP" {
			t.Fatalf("pings: %v", got)
		}
		for _, b := range []byte{0x30, 0x20, 0x00, 0x01} {
			c.write(t, []byte{b})
			time.Sleep(4 * time.Second)
		}
		if got := c.take(); len(got) != 1 || got[0] != "closed" {
			t.Errorf("after 16 s of trickle: %v", got)
		}
	})
}

func TestMaxKeepAlive(t *testing.T) {
	inBubble(t, Config{MaxKeepAlive: 20 * time.Second}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		c := r.connect("a", 5, "dev-1", nil)
		time.Sleep(31 * time.Second)
		if got := c.take(); len(got) != 2 || !strings.HasPrefix(got[0], "DISCONNECT code=0x8d") {
			t.Errorf("after 31 s: %v", got)
		}
	})
}

// scripted is an Authenticator that does what a test says.
type scripted func(context.Context, string, hub.Credential) (hub.Grant, error)

func (s scripted) AuthenticateDevice(ctx context.Context, id string, c hub.Credential) (hub.Grant, error) {
	return s(ctx, id, c)
}

// One connection that makes the code panic costs the others nothing.
func TestPanicEndsOneConnection(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		r.device("dev-2")
		c := r.connect("a", 4, "dev-1", nil)
		real := r.front.auth
		r.front.auth = scripted(func(context.Context, string, hub.Credential) (hub.Grant, error) { panic("boom") })
		bad := r.dial("b")
		bad.send(t, connectPacket(t, "dev-2"))
		synctest.Wait()
		if got := bad.take(); len(got) != 1 || got[0] != "closed" {
			t.Errorf("client of the panic: %v", got)
		}
		r.front.auth = real
		r.connect("b", 4, "dev-2", nil)
		c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingreq}})
		synctest.Wait()
		if got := c.take(); len(got) != 1 || got[0] != "PINGRESP" {
			t.Errorf("other client: %v", got)
		}
	})
}

// Trouble of the hub is not the client's fault: SDKs stop retrying after 4 and 5.
func TestHubTroubleIsTryAgain(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		real := r.front.auth
		r.front.auth = scripted(func(context.Context, string, hub.Credential) (hub.Grant, error) {
			return hub.Grant{}, errors.New("store is gone")
		})
		for version, want := range map[byte]string{4: "code=0x03", 5: "code=0x88"} {
			c := r.dial("a")
			c.version = version
			pk := connectPacket(t, "dev-1")
			if version == 5 {
				pk = connectPacket5("dev-1", time.Hour)
			}
			c.send(t, pk)
			synctest.Wait()
			if got := c.take(); len(got) != 2 || !strings.Contains(got[0], want) || got[1] != "closed" {
				t.Errorf("version %d: %v", version, got)
			}
		}
		r.front.auth = real
	})
}

// A client of TLS without a password is known by its certificate.
func TestClientCertificateReachesAuthenticator(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		var seen []hub.Credential
		r.front.auth = scripted(func(_ context.Context, _ string, c hub.Credential) (hub.Grant, error) {
			seen = append(seen, c)
			return hub.Grant{}, nil
		})
		cert := selfSigned(t)
		near, far := net.Pipe()
		r.serving.Go(func() {
			r.front.ServeConn(tls.Server(far, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}))
		})
		c := &testClient{version: 4, conn: tls.Client(near, &tls.Config{InsecureSkipVerify: true, Certificates: []tls.Certificate{cert}})}
		r.clients["a"] = c
		pk := connectPacket(t, "dev-1")
		pk.Connect.PasswordFlag, pk.Connect.Password = false, nil
		c.send(t, pk)
		r.serving.Go(c.listen)
		synctest.Wait()
		if got := c.take(); len(got) != 1 || got[0] != "CONNACK session=false code=0x00" {
			t.Fatalf("%v", got)
		}
		if len(seen) != 1 || seen[0].Token != "" || len(seen[0].Certificates) != 1 || !seen[0].Certificates[0].Equal(cert.Leaf) {
			t.Errorf("%+v", seen)
		}
	})
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// listener hands out what a test puts into it.
type listener struct {
	accepts chan any // net.Conn or error
	closed  chan struct{}
}

func newListener() *listener { return &listener{make(chan any, 8), make(chan struct{})} }

func (l *listener) Accept() (net.Conn, error) {
	select {
	case a := <-l.accepts:
		if err, ok := a.(error); ok {
			return nil, err
		}
		return a.(net.Conn), nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *listener) Addr() net.Addr { return &net.TCPAddr{} }

func TestServeOutlivesPassingErrors(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		l := newListener()
		for range 3 {
			l.accepts <- error(&net.OpError{Op: "accept", Err: syscall.EMFILE})
		}
		near, far := net.Pipe()
		l.accepts <- far
		served := make(chan error, 1)
		r.serving.Go(func() { served <- r.front.Serve(l) })
		start := time.Now()
		c := &testClient{conn: near, version: 4}
		r.clients["a"] = c
		r.serving.Go(c.listen)
		_ = near.SetWriteDeadline(time.Now().Add(time.Minute))
		if _, err := near.Write(encodeClient(t, connectPacket(t, "dev-1"), 4)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := c.take(); len(got) != 1 || !strings.Contains(got[0], "code=0x00") {
			t.Errorf("%v", got)
		}
		if pause := time.Since(start); pause != 35*time.Millisecond {
			t.Errorf("paused for %v, want 5 + 10 + 20 ms", pause)
		}
		if err := r.front.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Errorf("Serve after Close: %v", err)
		}
	})
}

func TestServeReportsLastingErrors(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		l := newListener()
		l.accepts <- io.ErrNoProgress
		if err := r.front.Serve(l); !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("%v", err)
		}
		if err := r.front.Close(t.Context()); err != nil {
			t.Error(err)
		}
		l = newListener()
		if err := r.front.Serve(l); err != nil {
			t.Errorf("Serve on a closed Front: %v", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Error("listener was left open")
		}
		near, far := net.Pipe()
		r.front.ServeConn(far)
		if _, err := near.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("connection to a closed Front: %v", err)
		}
	})
}

// A client that reads nothing cannot keep Close waiting for longer than a farewell takes.
func TestCloseWithADeafClient(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		near, far := net.Pipe()
		defer near.Close()
		r.serving.Go(func() { r.front.ServeConn(far) })
		b := encodeClient(t, connectPacket5("dev-1", time.Hour), 5)
		if _, err := near.Write(b); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // CONNACK is being written, for ever
		start := time.Now()
		if err := r.front.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > closeLinger {
			t.Errorf("took %v", took)
		}
	})
}

func TestCloseCutsOffAtItsDeadline(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		near, far := net.Pipe()
		defer near.Close()
		r.serving.Go(func() { r.front.ServeConn(far) })
		if _, err := near.Write(encodeClient(t, connectPacket5("dev-1", time.Hour), 5)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), closeLinger/10)
		defer cancel()
		if err := r.front.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}
