package server_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub/auth"
	"twinrig/hub/client"
	"twinrig/hub/server"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	if role := os.Getenv(peerRole); role != "" {
		playPeer(role)
	}
	os.Exit(m.Run())
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "memory"} }

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inMemory is a server without sockets and a client of its service API.
type inMemory struct {
	*server.Server
	mqtt, http *pipes
	service    *client.Client
}

func startInMemory(t testing.TB, cfg server.Config) inMemory {
	t.Helper()
	mqtt, http := newPipes(), newPipes()
	cfg.HostName, cfg.Plaintext = "hub.example", true
	cfg.MQTT, cfg.HTTP = server.Listen{Listener: mqtt}, server.Listen{Listener: http}
	cfg.Random = rand.NewChaCha8([32]byte{1})
	s, err := server.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return inMemory{Server: s, mqtt: mqtt, http: http, service: newClient(t, s.ServiceConnectionString(), http)}
}

func newClient(t testing.TB, text string, l *pipes) *client.Client {
	t.Helper()
	c, err := client.New(text, client.Options{Scheme: "http", Transport: &http.Transport{DialContext: l.dial}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (m inMemory) stop(t testing.TB) {
	t.Helper()
	m.service.Close()
	if err := m.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// device is the least an MQTT 3.1.1 client can be, written from the standard.
type device struct {
	t    testing.TB
	conn net.Conn
}

// connect dials and sends CONNECT with a token made from the connection string.
func connect(t testing.TB, dial func() (net.Conn, error), connectionString string) device {
	t.Helper()
	fields := map[string]string{}
	for pair := range strings.SplitSeq(connectionString, ";") {
		key, value, _ := strings.Cut(pair, "=")
		fields[key] = value
	}
	host, id := fields["HostName"], fields["DeviceId"]
	token, err := auth.Sign(host+"/devices/"+id, "", fields["SharedAccessKey"], time.Now().Add(48*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	d := device{t, conn}
	d.hello(host, id, token)
	d.expect("\x20\x02\x00\x00")
	return d
}

// hello sends CONNECT, without a password when there is no token.
func (d device) hello(host, id, token string) {
	d.t.Helper()
	flags, password := "\x82", ""
	if token != "" {
		flags, password = "\xc2", text(token)
	}
	d.send(0x10, text("MQTT")+"\x04"+flags+"\x00\x3c"+text(id)+text(host+"/"+id+"/?api-version=2021-04-12")+password)
}

func text(s string) string { return string([]byte{byte(len(s) >> 8), byte(len(s))}) + s }

func (d device) send(kind byte, body string) {
	d.t.Helper()
	packet := []byte{kind}
	for n := len(body); ; {
		b := byte(n & 0x7f)
		if n >>= 7; n > 0 {
			b |= 0x80
		}
		if packet = append(packet, b); n == 0 {
			break
		}
	}
	if _, err := d.conn.Write(append(packet, body...)); err != nil {
		d.t.Fatal(err)
	}
}

func (d device) expect(packet string) {
	d.t.Helper()
	got := make([]byte, len(packet))
	if _, err := io.ReadFull(d.conn, got); err != nil || string(got) != packet {
		d.t.Fatalf("got %x, %v; want %x", got, err, packet)
	}
}

// publish sends telemetry with QoS 1 and waits until the hub has it.
func (d device) publish(id, body string) {
	d.t.Helper()
	d.send(0x32, text("devices/"+id+"/messages/events/")+"\x00\x01"+body)
	d.expect("\x40\x02\x00\x01")
}

// A day in the life of a hub, in a moment: a device sends telemetry every hour over MQTT, and
// a service that follows the stream sees each message at the time it was sent.
func TestDayInMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := startInMemory(t, server.Config{Partitions: 1, Devices: []server.DeviceSpec{{ID: "truck-1"}}})
		defer m.stop(t)
		connectionString, err := m.DeviceConnectionString(t.Context(), "truck-1")
		if err != nil {
			t.Fatal(err)
		}
		d := connect(t, func() (net.Conn, error) { return m.mqtt.dial(t.Context(), "", "") }, connectionString)
		defer d.conn.Close()

		type arrival struct {
			event client.Event
			err   error
			at    time.Time
		}
		arrivals := make(chan arrival, 30)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			defer close(arrivals)
			for e, err := range m.service.Events(ctx, 0, client.Earliest, true) {
				arrivals <- arrival{e, err, time.Now()}
			}
		}()
		start := time.Now()
		for range 24 * 60 { // a minute is the keep-alive
			if time.Since(start)%time.Hour == 0 {
				d.publish("truck-1", fmt.Sprint(int(time.Since(start).Hours())))
			} else {
				d.send(0xc0, "")
				d.expect("\xd0\x00")
			}
			time.Sleep(time.Minute)
		}
		cancel()
		hour := 0
		for a := range arrivals {
			if a.err != nil {
				break
			}
			want := start.Add(time.Duration(hour) * time.Hour)
			if string(a.event.Body) != fmt.Sprint(hour) || a.event.Number != uint64(hour) || !a.at.Equal(want) || !a.event.Enqueued.Equal(want) {
				t.Errorf("hour %d: event %d %q enqueued %v came at %v", hour, a.event.Number, a.event.Body, a.event.Enqueued, a.at)
			}
			hour++
		}
		if hour != 24 {
			t.Errorf("%d events, want 24", hour)
		}
	})
}

// Law: the same seed gives the same keys.
func TestSeedDecidesKeys(t *testing.T) {
	var texts [2]string
	for i := range texts {
		synctest.Test(t, func(t *testing.T) {
			m := startInMemory(t, server.Config{Devices: []server.DeviceSpec{{ID: "d"}}})
			defer m.stop(t)
			d, err := m.DeviceConnectionString(t.Context(), "d")
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = m.ServiceConnectionString() + " " + d
		})
	}
	if texts[0] != texts[1] || !strings.HasPrefix(texts[0], "HostName=hub.example;SharedAccessKeyName=iothubowner;SharedAccessKey=") {
		t.Errorf("first  %s\nsecond %s", texts[0], texts[1])
	}
}

// Close does not wait for clients that hold on: an open stream, a method call that
// waits for its device, a connection on which nothing was asked, a device.
func TestCloseWithClientsHoldingOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := startInMemory(t, server.Config{Partitions: 1, Devices: []server.DeviceSpec{{ID: "d"}, {ID: "off"}}})
		connectionString, err := m.DeviceConnectionString(t.Context(), "d")
		if err != nil {
			t.Fatal(err)
		}
		d := connect(t, func() (net.Conn, error) { return m.mqtt.dial(t.Context(), "", "") }, connectionString)
		silent, err := m.http.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		stream, method := make(chan error, 1), make(chan error, 1)
		go func() {
			var last error
			for _, err := range m.service.Events(t.Context(), 0, client.Latest, true) {
				last = err
			}
			stream <- last
		}()
		go func() {
			_, err := m.service.Invoke(t.Context(), "off", client.MethodCall{Name: "m", ConnectTimeout: 300 * time.Second})
			method <- err
		}()
		synctest.Wait()
		start := time.Now()
		m.stop(t)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("Close took %v", took)
		}
		if err := <-stream; err == nil || !strings.Contains(err.Error(), "shutting down") {
			t.Errorf("the stream ended with %v", err)
		}
		if err := <-method; err == nil || !strings.Contains(err.Error(), "shutting down") {
			t.Errorf("the method call ended with %v", err)
		}
		for _, c := range []net.Conn{silent, d.conn} {
			if _, err := io.ReadAll(c); err != nil {
				t.Errorf("connection ended with %v", err)
			}
		}
	})
}
