package mqtt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
	"twinrig/hub/store"
)

// heldStore delays or fails appends.
type heldStore struct {
	hub.Store
	mu   sync.Mutex
	held chan struct{} // appends wait until it is closed; nil = they do not
	fail error
}

func (s *heldStore) Log(ctx context.Context, partition int) (hub.Log, error) {
	l, err := s.Store.Log(ctx, partition)
	return &heldLog{l, s}, err
}

type heldLog struct {
	hub.Log
	store *heldStore
}

func (l *heldLog) Append(ctx context.Context, record []byte, last uint64) (uint64, error) {
	l.store.mu.Lock()
	held, fail := l.store.held, l.store.fail
	l.store.mu.Unlock()
	if held != nil {
		<-held
	}
	if fail != nil {
		return 0, fail
	}
	return l.Log.Append(ctx, record, last)
}

// hold makes appends wait until release.
func (s *heldStore) hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = make(chan struct{})
}

func (s *heldStore) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held != nil {
		close(s.held)
		s.held = nil
	}
}

func (s *heldStore) failWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

func withHeldStore(t *testing.T, test func(*testing.T, *rig, *heldStore)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(context.Background(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		held := &heldStore{Store: s}
		r := newRigOn(t, Config{}, s, held)
		defer r.close()
		defer held.release()
		r.device("dev-1")
		test(t, r, held)
	})
}

func publish311(id uint16, topic, payload string) packets.Packet {
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish}, TopicName: topic, PacketID: id, Payload: []byte(payload)}
	if id > 0 {
		pk.FixedHeader.Qos = 1
	}
	return pk
}

const events1 = "devices/dev-1/messages/events/"

func TestPubackWaitsForTheAppend(t *testing.T) {
	withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
		c := r.connect("a", 4, "dev-1", nil)
		s.hold()
		c.send(t, publish311(7, events1, "x"))
		time.Sleep(5 * time.Second)
		if got := c.take(); got != nil {
			t.Errorf("before the append: %v", got)
		}
		s.release()
		synctest.Wait()
		if got := c.take(); len(got) != 1 || got[0] != "PUBACK id=7" {
			t.Errorf("after the append: %v", got)
		}
	})
}

// PUBACKs come in the order of the publishes, whatever became ready first.
func TestPubacksKeepTheOrder(t *testing.T) {
	withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
		c := r.connect("a", 4, "dev-1", nil)
		s.hold()
		var b bytes.Buffer
		var want []string
		for id := uint16(1); id <= 200; id++ {
			topic := events1
			if id%3 == 0 {
				topic = "$iothub/twin/GET/?$rid=1" // done at once
			}
			b.Write(encodeClient(t, publish311(id, topic, "x"), 4))
			want = append(want, fmt.Sprintf("PUBACK id=%d", id))
		}
		c.write(t, b.Bytes())
		synctest.Wait()
		if got := c.take(); got != nil {
			t.Fatalf("before the append: %v", got)
		}
		s.release()
		synctest.Wait()
		if got := c.take(); strings.Join(got, ",") != strings.Join(want, ",") {
			t.Errorf("%v", got)
		}
	})
}

func TestFailedAppend(t *testing.T) {
	for _, c := range []struct {
		why     string
		version byte
		id      uint16
		want    []string
	}{
		{"3.1.1 has no other answer than to close", 4, 1, []string{"closed"}},
		{"3.1.1, QoS 0", 4, 0, []string{"closed"}},
		{"MQTT 5 is told by PUBACK", 5, 1, []string{`PUBACK id=1 codes=83 status:"0601" reason:"the hub could not do this now" trace-id:"dev-1-1"`}},
		{"MQTT 5, QoS 0, by DISCONNECT", 5, 0, []string{`DISCONNECT code=0x83 reason-string="the hub could not do this now" status:"0601" reason:"the hub could not do this now" trace-id:"dev-1-1"`, "closed"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
				client := r.connect("a", c.version, "dev-1", nil)
				s.failWith(errors.New("disk is full"))
				topic := events1
				if c.version == 5 {
					topic = topicTelemetry
				}
				client.send(t, publish311(c.id, topic, "x"))
				synctest.Wait()
				if got := client.take(); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
					t.Errorf("%v", got)
				}
			})
		})
	}
}

func TestReceiveMaximum(t *testing.T) {
	withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
		c := r.connect("a", 5, "dev-1", nil)
		s.hold()
		for id := uint16(1); id <= 16; id++ {
			c.send(t, publish311(id, topicTelemetry, "x"))
		}
		synctest.Wait()
		if got := c.take(); got != nil {
			t.Fatalf("16 publishes: %v", got)
		}
		c.send(t, publish311(17, topicTelemetry, "x"))
		synctest.Wait()
		if got := c.take(); len(got) != 2 || !strings.HasPrefix(got[0], "DISCONNECT code=0x93") {
			t.Errorf("17th publish: %v", got)
		}
		s.release()
	})
}

// A client of MQTT 3.1.1 that outruns the log is not read any further until it catches up.
func TestOutrunningTheLogStopsTheReader(t *testing.T) {
	withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
		c := r.connect("a", 4, "dev-1", nil)
		s.hold()
		_ = c.conn.SetWriteDeadline(time.Time{})
		const n = 3 * maxPending
		sent := make(chan int, 1)
		r.serving.Go(func() {
			for id := range n {
				if _, err := c.conn.Write(encodeClient(t, publish311(uint16(id+1), events1, "x"), 4)); err != nil {
					sent <- id
					return
				}
			}
			sent <- n
		})
		time.Sleep(10 * time.Second)
		select {
		case n := <-sent:
			t.Fatalf("all %d publishes were read", n)
		default:
		}
		s.release()
		if got := <-sent; got != n {
			t.Fatalf("%d publishes were read", got)
		}
		synctest.Wait()
		if got := c.take(); len(got) != n || got[n-1] != fmt.Sprintf("PUBACK id=%d", n) {
			t.Errorf("%d packets came back", len(got))
		}
		if got := len(r.events()); got != n {
			t.Errorf("%d events were stored", got)
		}
	})
}

// The hub refuses what is too large in all; the gate and payload limits come before.
func TestMessageTooLarge(t *testing.T) {
	for _, c := range []struct {
		why     string
		bag     string
		payload int
	}{
		{"payload", "", 256<<10 + 1},
		{"payload and properties", "a=1", 256 << 10},
		{"beyond any packet of this API", "", 400 << 10},
	} {
		t.Run(c.why, func(t *testing.T) {
			inBubble(t, Config{}, func(t *testing.T, r *rig) {
				r.device("dev-1")
				client := r.connect("a", 4, "dev-1", nil)
				client.send(t, publish311(1, events1+c.bag, strings.Repeat("x", c.payload)))
				synctest.Wait()
				if got := client.take(); len(got) != 1 || got[0] != "closed" {
					t.Errorf("%v", got)
				}
			})
		})
	}
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		client := r.connect("a", 4, "dev-1", nil)
		client.send(t, publish311(1, events1, strings.Repeat("x", 256<<10)))
		synctest.Wait()
		if got := client.take(); len(got) != 1 || got[0] != "PUBACK id=1" {
			t.Errorf("256 KiB: %v", got)
		}
		client = r.connect("a", 5, "dev-1", nil)
		client.send(t, publish311(1, topicTelemetry, strings.Repeat("x", 256<<10)))
		synctest.Wait()
		if got := client.take(); len(got) != 2 || !strings.HasPrefix(got[0], "DISCONNECT code=0x95") {
			t.Errorf("MQTT 5, more than the maximum packet size: %v", got)
		}
	})
}

// A client that subscribes and then reads nothing is given up, and costs bounded memory.
func TestDeafClientIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		why     string
		patches int
		wait    time.Duration
	}{
		{"nothing is read for 30 s", 1, 31 * time.Second},
		{"a mebibyte waits", 100, 2 * closeLinger},
	} {
		t.Run(c.why, func(t *testing.T) {
			inBubble(t, Config{}, func(t *testing.T, r *rig) {
				r.device("dev-1")
				client := deaf(t, r)
				big := strings.Repeat("x", 4000)
				for i := range c.patches {
					patch := fmt.Sprintf(`{"properties":{"desired":{"a":"%s","b":"%s","c":"%s","d":%d}}}`, big, big, big, i)
					if _, err := r.hub.PatchTwin(t.Context(), "dev-1", []byte(patch), ""); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(c.wait)
				if _, _, _, connected, err := r.hub.Statistics(t.Context()); connected != 0 || err != nil {
					t.Errorf("%d clients are connected, %v", connected, err)
				}
				_ = client.Close()
			})
		})
	}
}

// deaf connects a client that reads until it has subscribed, and not any more.
func deaf(t *testing.T, r *rig) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	r.serving.Go(func() { r.front.ServeConn(far) })
	subscribe := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1,
		Filters: packets.Subscriptions{{Filter: topicDesired + "#"}}}
	for _, b := range [][]byte{encodeClient(t, connectPacket(t, "dev-1"), 4), encodeClient(t, subscribe, 4)} {
		if _, err := near.Write(b); err != nil {
			t.Fatal(err)
		}
		if _, err := near.Read(make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
	}
	return near
}

// A full queue of 50 commands comes in order, and waits for no acknowledgement of MQTT 3.1.1.
func TestFullCommandQueue(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		for i := range hub.CommandLimit {
			if _, err := r.hub.Enqueue(t.Context(), "dev-1", hub.Message{Body: fmt.Appendf(nil, "%d", i)}); err != nil {
				t.Fatal(err)
			}
		}
		c := r.connect("a", 4, "dev-1", nil)
		c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1,
			Filters: packets.Subscriptions{{Filter: "devices/dev-1/messages/devicebound/#", Qos: 1}}})
		synctest.Wait()
		got := c.take()
		if len(got) != hub.CommandLimit+1 {
			t.Fatalf("%d packets: %v", len(got), got)
		}
		for i, line := range got[1:] {
			if !strings.HasSuffix(line, fmt.Sprintf("payload=%d", i)) {
				t.Errorf("command %d: %s", i, line)
			}
		}
	})
}

// Properties that no MQTT string can hold make a command undeliverable, not a broken packet.
func TestCommandThatDoesNotFitIsRejected(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		m := hub.Message{Properties: []hub.Property{{Key: "k", Value: strings.Repeat("ü", 15000)}}} // 3 bytes of topic for each byte
		for _, body := range []string{"", "next"} {
			if _, err := r.hub.Enqueue(t.Context(), "dev-1", m); err != nil {
				t.Fatal(err)
			}
			m = hub.Message{Body: []byte(body)}
		}
		c := r.connect("a", 4, "dev-1", nil)
		c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1,
			Filters: packets.Subscriptions{{Filter: "devices/dev-1/messages/devicebound/#", Qos: 1}}})
		synctest.Wait()
		if got := c.take(); len(got) != 2 || !strings.Contains(got[1], "PUBLISH qos=1 id=") {
			t.Errorf("%v", got)
		}
		if d, err := r.hub.Device(t.Context(), "dev-1"); err != nil || d.CommandCount != 1 {
			t.Errorf("%d commands wait, %v", d.CommandCount, err)
		}
	})
}

// Desired properties at QoS 1 wait for room in the window, in order and not for ever.
func TestFullWindow(t *testing.T) {
	inBubble(t, Config{}, func(t *testing.T, r *rig) {
		r.device("dev-1")
		c := r.connect("a", 5, "dev-1", func(pk *packets.Packet) { pk.Properties.ReceiveMaximum = 2 })
		c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1,
			Filters: packets.Subscriptions{{Filter: topicPatchDesired, Qos: 1}}})
		synctest.Wait()
		patch := func(i int) {
			if _, err := r.hub.PatchTwin(t.Context(), "dev-1", fmt.Appendf(nil, `{"properties":{"desired":{"n":%d}}}`, i), ""); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 5 {
			patch(i)
		}
		synctest.Wait()
		var ns []string
		for id := uint16(1); id <= 5; id++ {
			for _, line := range c.take() {
				if _, n, ok := strings.Cut(line, `payload={"n":`); ok {
					ns = append(ns, n[:1])
				}
			}
			if want := min(int(id)+1, 5); len(ns) != want {
				t.Fatalf("%d sent before PUBACK %d, want %d", len(ns), id, want)
			}
			c.send(t, packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: id})
			synctest.Wait()
		}
		if got := strings.Join(ns, ""); got != "01234" {
			t.Errorf("order %s", got)
		}
		for i := range 2 + maxWaiting {
			patch(10 + i)
		}
		synctest.Wait()
		if got := c.take(); len(got) != 2 {
			t.Fatalf("%v", got)
		}
		patch(0)
		synctest.Wait()
		if got := c.take(); len(got) != 1 || got[0] != "closed" {
			t.Errorf("client that acknowledges nothing: %v", got)
		}
	})
}

// Large messages are held back by their bytes, before their number counts.
func TestOutrunningTheLogWithLargeMessages(t *testing.T) {
	withHeldStore(t, func(t *testing.T, r *rig, s *heldStore) {
		c := r.connect("a", 4, "dev-1", nil)
		_ = c.conn.SetWriteDeadline(time.Time{})
		s.hold()
		const n, size = 20, 200 << 10
		written := make(chan struct{}, n)
		r.serving.Go(func() {
			for id := range n {
				if _, err := c.conn.Write(encodeClient(t, publish311(uint16(id+1), events1, strings.Repeat("x", size)), 4)); err != nil {
					return
				}
				written <- struct{}{}
			}
		})
		time.Sleep(10 * time.Second)
		if got := len(written); got*size > maxPendingBytes+2*size {
			t.Errorf("%d messages of 200 KiB were read ahead", got)
		}
		s.release()
		time.Sleep(time.Second)
		if got := c.take(); len(got) != n {
			t.Errorf("%d of %d were acknowledged", len(got), n)
		}
	})
}

func TestSubscriptionLimit(t *testing.T) {
	for version, want := range map[byte]string{4: "80", 5: "97"} {
		inBubble(t, Config{}, func(t *testing.T, r *rig) {
			r.device("dev-1")
			c := r.connect("a", version, "dev-1", nil)
			pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, PacketID: 1}
			for i := range maxSubscriptions + 1 {
				filter := fmt.Sprintf("$iothub/methods/m%d", i)
				if version == 4 {
					filter = fmt.Sprintf("$iothub/methods/POST/m%d/#", i)
				}
				pk.Filters = append(pk.Filters, packets.Subscription{Filter: filter})
			}
			pk.Filters = append(pk.Filters, pk.Filters[0]) // again: no new one
			c.send(t, pk)
			synctest.Wait()
			if got := c.take(); len(got) != 1 || !strings.HasSuffix(got[0], strings.Repeat("00", maxSubscriptions)+want+"00") {
				t.Errorf("version %d: %v", version, got)
			}
		})
	}
}
