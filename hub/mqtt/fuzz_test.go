package mqtt

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// errorLog counts records of level Error, which a Front writes for a panic only.
type errorLog struct {
	slog.Handler
	mu     sync.Mutex
	errors []string
}

func (l *errorLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

func (l *errorLog) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += "\n" + a.String(); return true })
	l.errors = append(l.errors, text)
	return nil
}

func (l *errorLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.errors
	l.errors = nil
	return e
}

// FuzzFront sends whatever it likes after a CONNECT that is accepted: no input may
// panic, hang the connection or keep the next one of the device out.
func FuzzFront(f *testing.F) {
	log := &errorLog{}
	r := newRig(f, Config{WriteTimeout: time.Second, Log: slog.New(log)})
	f.Cleanup(r.close)
	r.device("dev-1")
	for _, pk := range []packets.Packet{
		publish311(1, events1+"a=b", "x"), publish311(0, "$iothub/twin/GET/?$rid=1", ""),
		publish311(2, "$iothub/twin/PATCH/properties/reported/?$rid=1&$version=1", `{"a":1}`),
		publish311(0, "$iothub/methods/res/200/?$rid=1", "1"),
		{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1, Filters: packets.Subscriptions{{Filter: "$iothub/twin/res/#", Qos: 1}}},
	} {
		f.Add(false, encodeClient(f, pk, 4))
	}
	for _, pk := range []packets.Packet{
		publish311(1, topicTelemetry, "x"),
		{FixedHeader: packets.FixedHeader{Type: packets.Publish}, TopicName: topicTwinGet, Properties: packets.Properties{CorrelationData: []byte("1")}},
		{FixedHeader: packets.FixedHeader{Type: packets.Auth}, ReasonCode: codeReauthenticate, Properties: signedProperties("dev-1", time.Hour)},
		{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}, ReasonCode: 4},
	} {
		f.Add(true, encodeClient(f, pk, 5))
	}
	f.Fuzz(func(t *testing.T, five bool, stream []byte) {
		hello := encodeClient(t, connectPacket(t, "dev-1"), 4)
		if five {
			hello = encodeClient(t, connectPacket5("dev-1", time.Hour), 5)
		}
		near, far := net.Pipe()
		ended := make(chan struct{})
		go func() { r.front.ServeConn(far); close(ended) }()
		go func() { _, _ = io.Copy(io.Discard, near) }()
		_, err := near.Write(hello)
		if err == nil {
			_, _ = near.Write(stream) // the hub may hang up in the middle of it
		}
		_ = near.Close()
		<-ended
		if err != nil {
			t.Fatalf("CONNECT: %v", err)
		}
		if e := log.take(); e != nil {
			t.Fatal(e)
		}
	})
}

// TestMutatedPackets flips, cuts and inserts bytes in well-formed packets, which gets
// deeper than random bytes do: what the gate lets through must decode.
func TestMutatedPackets(t *testing.T) {
	seeds := [][]byte{
		unhex(t, hello4Hex), unhex(t, hello5Hex),
		unhex(t, "1026 0004 4d515454 05 ce 003c 06 210010 220005 0001 61 0a 1800000001 01 01 03000178 0001 62 0001 63 0001 75 0001 70"),
		unhex(t, "3213 0001 61 0001 0c 0101 080001 72 09000163 230001 78"),
		unhex(t, "8210 0001 07 0b01 26000161 0000 0001 61 01 0001 62 02"),
		unhex(t, "a20c 0001 00 0001 61 0004 2473 2f2b"), unhex(t, "400c0001 83 08 1f000178 26000161 000162"),
		unhex(t, "e007 04 05 1100000001"), unhex(t, "f00a 19 08 15000161 16000162"),
	}
	random := rand.New(rand.NewPCG(1, 2))
	passed := 0
	for range 60_000 {
		b := mutate(random, seeds[random.IntN(len(seeds))])
		for _, version := range []byte{4, 5} {
			if len(b) > 0 && b[0]>>4 != packets.Connect {
				b = append(unhex(t, map[byte]string{4: hello4Hex, 5: hello5Hex}[version]), b...)
			}
			g := newGate(bytes.NewReader(b))
			for {
				fr, err := g.next()
				if err != nil {
					break
				}
				passed++
				var pk packets.Packet
				if err := fr.decode(g.version, &pk); err != nil {
					t.Fatalf("%x: passed the gate and does not decode: %v", b, err)
				}
			}
		}
	}
	if passed < 10_000 {
		t.Errorf("only %d packets passed: the test does not test", passed)
	}
}

// mutate changes a few bytes of a packet and mends its length.
func mutate(random *rand.Rand, seed []byte) []byte {
	b := bytes.Clone(seed)
	for range 1 + random.IntN(3) {
		i := 2 + random.IntN(len(b)-2)
		switch random.IntN(4) {
		case 0:
			b[i] ^= 1 << random.IntN(8)
		case 1:
			b[i] = byte(random.IntN(256))
		case 2:
			b = append(b[:i], b[min(i+1+random.IntN(3), len(b)):]...)
		case 3:
			b = append(b[:i], append([]byte{byte(random.IntN(256))}, b[i:]...)...)
		}
		if len(b) <= 3 {
			break
		}
	}
	if random.IntN(8) == 0 {
		b[0] = byte(random.IntN(256))
	}
	b[1] = byte(len(b) - 2)
	return b
}
