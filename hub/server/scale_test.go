package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/query"
	"twinrig/hub/server"
)

// BenchmarkMethods measures direct methods called at the hub's core, with devices that
// answer over MQTT and TCP: one after another, and 256 at a time.
func BenchmarkMethods(b *testing.B) {
	for _, parallel := range []int{1, 256} {
		b.Run(fmt.Sprintf("parallel=%d", parallel), func(b *testing.B) {
			const devices = 64
			s := startForBench(b, devices)
			p := &peer{"hub", address(s.Endpoints().MQTT), true, os.Getpid()}
			for i := range devices {
				d, err := dialPublisher(p, i)
				if err != nil {
					b.Fatal(err)
				}
				defer d.conn.Close()
				if err := answerMethods(d.conn); err != nil {
					b.Fatal(err)
				}
			}
			times := make([][]time.Duration, parallel)
			var next atomic.Int64
			b.ResetTimer()
			var all sync.WaitGroup
			for worker := range parallel {
				all.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						at := time.Now()
						r, err := s.Hub().Invoke(context.Background(), peerDevice(int(i)%devices), hub.MethodCall{Name: "echo", Payload: json.RawMessage(`{"n":1}`)})
						if err != nil || r.Status != 200 {
							b.Errorf("%+v, %v", r, err)
							return
						}
						times[worker] = append(times[worker], time.Since(at))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			sorted := slices.Concat(times...)
			slices.Sort(sorted)
			b.ReportMetric(float64(quantile(sorted, 0.99).Microseconds()), "p99-µs")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

func startForBench(b *testing.B, devices int) *server.Server {
	b.Helper()
	s, err := server.Start(context.Background(), server.Config{
		HostName: "hub.example", Plaintext: true, DataDir: filepath.Join(b.TempDir(), "data"),
		MQTT: server.Listen{Address: "127.0.0.1:0"}, HTTP: server.Listen{Address: "127.0.0.1:0"},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.Background()) })
	for i := range devices {
		_, err := s.Hub().CreateDevice(context.Background(), hub.Device{ID: peerDevice(i), Authentication: hub.Authentication{
			Type: hub.AuthSAS, SymmetricKey: hub.SymmetricKey{Primary: &peerKey, Secondary: &peerKey},
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// answerMethods subscribes to methods, and answers each with 200 and its own payload until
// the connection ends.
func answerMethods(conn net.Conn) error {
	subscribe := append([]byte{0, 1}, mqttString("$iothub/methods/POST/#")...)
	if _, err := conn.Write(mqttPacket(0x82, append(subscribe, 0))); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	if _, err := in.Discard(5); err != nil { // SUBACK
		return err
	}
	go func() {
		for {
			first, body, err := readPacket(in)
			if err != nil {
				return
			}
			if first>>4 != 3 {
				continue
			}
			n := int(binary.BigEndian.Uint16(body))
			topic, payload := string(body[2:2+n]), body[2+n:]
			_, rid, _ := strings.Cut(topic, "$rid=")
			answer := append(mqttString("$iothub/methods/res/200/?$rid="+rid), payload...)
			if _, err := conn.Write(mqttPacket(0x30, answer)); err != nil {
				return
			}
		}
	}()
	return nil
}

func readPacket(in *bufio.Reader) (first byte, body []byte, err error) {
	if first, err = in.ReadByte(); err != nil {
		return 0, nil, err
	}
	n, err := binary.ReadUvarint(in) // MQTT's lengths are such
	if err != nil {
		return 0, nil, err
	}
	body = make([]byte, n)
	_, err = io.ReadFull(in, body)
	return first, body, err
}

// BenchmarkMillion registers a million devices by the bulk call of the service API, and
// looks at what they cost. Run it with -benchtime 1x: it takes a minute or two.
func BenchmarkMillion(b *testing.B) {
	if b.N > 1 {
		b.Skip("run with -benchtime 1x")
	}
	const devices, sites = 1_000_000, 1000
	s := startForBench(b, 0)
	api := newBulkClient(b, s)
	var next atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range 16 {
		all.Go(func() {
			for first := int(next.Add(100)) - 100; first < devices; first = int(next.Add(100)) - 100 {
				if err := api.create(first, 100, sites); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(devices/time.Since(start).Seconds(), "creates/s")
	runtime.GC()
	debug.FreeOSMemory()
	b.ReportMetric(residentKiB(b, os.Getpid())/1024, "MiB")
	q, err := query.Parse("SELECT * FROM devices WHERE tags.site = 's7'")
	if err != nil {
		b.Fatal(err)
	}
	var slowest time.Duration
	for token := ""; ; {
		at := time.Now()
		page, err := q.Run(context.Background(), s.Hub(), 100, token)
		if err != nil || len(page.Items) != 100 {
			b.Fatalf("%d items, %v", len(page.Items), err)
		}
		slowest = max(slowest, time.Since(at))
		if token = page.Continuation; token == "" {
			break
		}
	}
	b.ReportMetric(float64(slowest.Microseconds())/1000, "slowest-page-ms")
	b.ReportMetric(0, "ns/op")
}

// bulkClient makes bulk calls without an SDK in between.
type bulkClient struct {
	conn chan net.Conn
	host string
	auth string
}

func newBulkClient(b *testing.B, s *server.Server) *bulkClient {
	b.Helper()
	policy, ok := s.Hub().Policy("iothubowner")
	if !ok {
		b.Fatal("no policy iothubowner")
	}
	token, err := signService(policy.PrimaryKey)
	if err != nil {
		b.Fatal(err)
	}
	c := &bulkClient{conn: make(chan net.Conn, 16), host: address(s.Endpoints().HTTP), auth: token}
	for range cap(c.conn) {
		conn, err := net.Dial("tcp", c.host)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = conn.Close() })
		c.conn <- conn
	}
	return c
}

func (c *bulkClient) create(first, n, sites int) error {
	var body bytes.Buffer
	for i := first; i < first+n; i++ {
		body.WriteString(map[bool]string{true: "[", false: ","}[i == first])
		fmt.Fprintf(&body, `{"id":"device-%07d","importMode":"create","authentication":{"type":"sas","symmetricKey":{"primaryKey":"%s","secondaryKey":"%s"}},"tags":{"site":"s%d","model":"m%d"}}`,
			i, peerKey, peerKey, i%sites, i%7)
	}
	body.WriteByte(']')
	conn := <-c.conn
	defer func() { c.conn <- conn }()
	head := fmt.Sprintf("POST /devices?api-version=2021-04-12 HTTP/1.1\r\nHost: hub.example\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n", c.auth, body.Len())
	if _, err := conn.Write(append([]byte(head), body.Bytes()...)); err != nil {
		return err
	}
	return readOK(conn)
}

func signService(key string) (string, error) {
	return auth.Sign("hub.example", "iothubowner", key, time.Now().Add(time.Hour))
}

// readOK reads an answer, which has to be 200.
func readOK(conn net.Conn) error {
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", r.Status, text)
	}
	return err
}
