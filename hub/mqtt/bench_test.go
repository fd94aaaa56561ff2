package mqtt

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// BenchmarkPublish measures QoS 1 telemetry of 256 bytes from PUBLISH to PUBACK, over
// TCP and with the store in memory, client included.
func BenchmarkPublish(b *testing.B) {
	for _, c := range []struct{ clients, window int }{{1, 1}, {1, 16}, {100, 1}, {100, 16}} {
		b.Run(fmt.Sprintf("clients=%d/window=%d", c.clients, c.window), func(b *testing.B) {
			r := newRig(b, Config{})
			defer r.close()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				b.Fatal(err)
			}
			r.serving.Go(func() { _ = r.front.Serve(l) })
			loads := make([]*load, c.clients)
			for i := range loads {
				id := fmt.Sprintf("dev-%d", i)
				r.device(id)
				loads[i] = newLoad(b, l.Addr().String(), id, c.window)
			}
			b.ReportAllocs()
			b.ResetTimer()
			done := make(chan error, c.clients)
			for _, l := range loads {
				go func() { done <- l.run((b.N + c.clients - 1) / c.clients) }()
			}
			for range loads {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
			for _, l := range loads {
				_ = l.conn.Close()
			}
		})
	}
}

// load is a minimal client that keeps a window of publishes unacknowledged.
type load struct {
	conn    net.Conn
	in      *bufio.Reader
	window  int
	packets []byte // a window full
}

func newLoad(b *testing.B, address, id string, window int) *load {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	l := &load{conn: conn, in: bufio.NewReader(conn), window: window}
	publish := publish311(1, "devices/"+id+"/messages/events/%24.ct=application%2Fjson", string(make([]byte, 256)))
	l.packets = bytes.Repeat(encodeClient(b, publish, 4), window)
	pk := connectPacket(b, id)
	pk.Connect.Keepalive = 600
	if _, err := conn.Write(encodeClient(b, pk, 4)); err != nil {
		b.Fatal(err)
	}
	if _, err := l.in.Discard(4); err != nil {
		b.Fatal(err)
	}
	return l
}

func (l *load) run(n int) error {
	for n > 0 {
		k := min(n, l.window)
		if _, err := l.conn.Write(l.packets[:k*len(l.packets)/l.window]); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, l.in, int64(4*k)); err != nil {
			return err
		}
		n -= k
	}
	return nil
}

// BenchmarkConnect measures CONNECT to CONNACK with a SAS token, over TCP and with the
// store in memory, client included.
func BenchmarkConnect(b *testing.B) {
	r := newRig(b, Config{})
	defer r.close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	r.serving.Go(func() { _ = r.front.Serve(l) })
	const devices = 100
	var packets [devices][]byte
	for i := range packets {
		id := fmt.Sprintf("dev-%d", i)
		r.device(id)
		packets[i] = encodeClient(b, connectPacket(b, id), 4)
	}
	b.ReportAllocs()
	b.SetParallelism(16)
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			var ack [4]byte
			if _, err = conn.Write(packets[next.Add(1)%devices]); err == nil {
				_, err = io.ReadFull(conn, ack[:])
			}
			if err != nil || ack[3] != 0 {
				b.Errorf("%v, return code %d", err, ack[3])
			}
			_ = conn.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "connects/s")
}
