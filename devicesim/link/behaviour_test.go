package link_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/devicesim/link"
)

// eachProtocol runs f in a bubble of its own for both versions. A goroutine left
// behind by a link makes the bubble panic.
func eachProtocol(t *testing.T, f func(t *testing.T, protocol int)) {
	for i, p := range protocols {
		t.Run(p.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { f(t, i) })
		})
	}
}

func connect(t *testing.T, l link.Link, h link.Handler) {
	t.Helper()
	if err := l.Connect(t.Context(), h); err != nil {
		t.Fatal(err)
	}
}

// push sends a method call, desired properties or a command in either version.
func push(f *fakeHub, kind, id, payload string) {
	_, v5 := f.codec.(codec5)
	var n uint16
	fmt.Sscan(id, &n)
	p := packet{kind: "PUBLISH", payload: payload}
	switch {
	case kind == "method" && v5:
		p.topic, p.correlation = "$iothub/methods/run", id
	case kind == "method":
		p.topic = "$iothub/methods/POST/run/?$rid=" + id
	case kind == "desired" && v5:
		p.topic, p.user = "$iothub/twin/patch/desired", [][2]string{{"version", id}}
	case kind == "desired":
		p.topic = "$iothub/twin/PATCH/properties/desired/?$version=" + id
	case v5:
		p.topic, p.qos, p.id = "$iothub/commands", 1, n
	default:
		p.topic, p.qos, p.id = "devices/truck-1/messages/devicebound/%24.to=x", 1, n
	}
	f.push(p)
}

// A callback may wait for another goroutine that uses the link.
func TestCallbacksMayWaitForRequests(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		use := func() {
			done := make(chan error)
			go func() {
				_, _, err := l.Twin(context.Background())
				_, err2 := l.Report(context.Background(), map[string]any{"a": 1})
				done <- errors.Join(err, err2, l.Send(context.Background(), link.Message{Body: []byte("x")}))
			}()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		h.method = func(string, []byte) (int, []byte) { use(); return 200, nil }
		h.command = func(link.Command) { use() }
		connect(t, l, h)
		start := time.Now()
		push(f, "command", "5", "c")
		push(f, "method", "1", "{}")
		synctest.Wait()
		if !strings.Contains(strings.Join(f.take(), "\n"), "device: PUBACK id=5") || time.Since(start) != 0 {
			t.Errorf("the command is not acknowledged after %v", time.Since(start))
		}
		l.Close(t.Context())
	})
}

// Calls of one kind wait for each other, other traffic does not wait for them.
func TestSlowMethod(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		var mu sync.Mutex
		running := 0
		h.method = func(string, []byte) (int, []byte) {
			mu.Lock()
			running++
			if running > 1 {
				t.Error("two methods at a time")
			}
			mu.Unlock()
			time.Sleep(time.Minute)
			mu.Lock()
			running--
			mu.Unlock()
			return 200, nil
		}
		connect(t, l, h)
		for id := 1; id <= 3; id++ {
			push(f, "method", fmt.Sprint(id), "{}")
		}
		push(f, "desired", "3", `{"a":1}`)
		start := time.Now()
		if err := l.Send(t.Context(), link.Message{}); err != nil || time.Since(start) != 0 {
			t.Errorf("telemetry beside a method: %v after %v", err, time.Since(start))
		}
		synctest.Wait()
		if f.count("handler: desired") != 1 || f.count("handler: method") != 1 {
			t.Error("desired properties waited for a method, or methods did not")
		}
		time.Sleep(3*time.Minute + time.Second)
		if n := f.count("handler: method"); n != 3 {
			t.Errorf("%d of 3 methods ran", n)
		}
		l.Close(t.Context())
	})
}

// Half open: the hub still reads but never answers. The loss is found one
// keep-alive and one acknowledgement time after the last sign of life.
func TestKeepAlive(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, func(c *link.Config) {
			c.KeepAlive, c.AckTimeout = time.Minute, 10*time.Second
		})
		var lost time.Time
		h.lost = func(err error) {
			lost = time.Now()
			if !errors.Is(err, link.ErrKeepAlive) {
				t.Errorf("lost: %v", err)
			}
		}
		connect(t, l, h)
		time.Sleep(30 * time.Second)
		if err := l.Send(t.Context(), link.Message{}); err != nil {
			t.Error(err)
		}
		alive := time.Now()
		f.silence("PINGREQ", "PUBLISH")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if d := lost.Sub(alive); d != 70*time.Second {
			t.Errorf("loss found after %v, want 70 s", d)
		}
		if n := f.count("device: PINGREQ"); n != 1 {
			t.Errorf("%d pings, want 1: traffic stands for a ping", n)
		}
		l.Close(t.Context())
	})
}

// A hub that reads nothing: requests fail at their time and the loss is found.
func TestHubThatDoesNotRead(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, func(c *link.Config) { c.AckTimeout = 10 * time.Second })
		connect(t, l, h)
		release := make(chan struct{})
		f.mu.Lock()
		f.received = func(packet) { <-release }
		f.mu.Unlock()
		for range 3 {
			start := time.Now()
			err := l.Send(t.Context(), link.Message{Body: make([]byte, 200<<10)})
			if err == nil || time.Since(start) > 10*time.Second {
				t.Errorf("send: %v after %v", err, time.Since(start))
			}
		}
		close(release)
		l.Close(t.Context())
	})
}

// The hub gets no more than 16 messages ahead of its acknowledgements.
func TestInFlight(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		connect(t, l, h)
		f.silence("PUBLISH")
		f.take()
		var all sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		for range 40 {
			all.Go(func() {
				if err := l.Send(ctx, link.Message{}); !errors.Is(err, context.Canceled) {
					t.Errorf("send: %v", err)
				}
			})
		}
		synctest.Wait()
		if n := f.count("device: PUBLISH"); n != 16 {
			t.Errorf("%d messages in flight, want 16", n)
		}
		cancel()
		all.Wait()
		l.Close(t.Context())
	})
}

// Too many waiting calls are refused; too many commands end the connection, for
// the hub repeats those.
func TestFloods(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		stop := make(chan struct{})
		h.method = func(string, []byte) (int, []byte) { <-stop; return 200, nil }
		h.command = func(link.Command) { <-stop }
		connect(t, l, h)
		f.take()
		for id := 1; id <= 70; id++ {
			push(f, "method", fmt.Sprint(id), "{}")
			synctest.Wait()
		}
		if n := f.count("device: PUBLISH"); n != 5 { // one runs, 64 wait
			t.Errorf("%d calls refused, want 5", n)
		}
		for id := 1; id <= 66; id++ {
			push(f, "command", fmt.Sprint(id), "c")
			synctest.Wait()
		}
		if f.count("handler: lost: the device does not keep up") != 1 {
			t.Error("66 commands and the connection still stands")
		}
		close(stop)
		l.Close(t.Context())
		if n := f.count("device: PUBACK"); n != 0 {
			t.Errorf("%d commands acknowledged on a lost connection", n)
		}
	})
}

// A renewal lets what is under way finish and holds new requests back, unnoticed.
func TestRenewalUnderLoad(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, func(c *link.Config) { c.TokenTTL = 10 * time.Minute })
		f.silence("AUTH")             // MQTT 5 has to reconnect as well
		f.received = func(p packet) { // a slow hub
			switch {
			case p.kind == "CONNECT":
				time.Sleep(3 * time.Second)
			case p.qos == 1:
				time.Sleep(time.Second)
			}
		}
		h.method = func(string, []byte) (int, []byte) { time.Sleep(5 * time.Second); return 200, nil }
		h.lost = func(err error) { t.Errorf("lost: %v", err) }
		connect(t, l, h)
		var all sync.WaitGroup
		for range 3000 {
			all.Go(func() {
				if err := l.Send(context.Background(), link.Message{}); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(1100 * time.Millisecond)
		}
		all.Wait()
		if n := f.connections(); n < 6 || f.count("hub: PUBACK") != 3000 {
			t.Errorf("%d connections, %d messages", n, f.count("hub: PUBACK"))
		}
		l.Close(context.Background())
	})
}

// A method call under way when the token has to be renewed is still answered.
func TestRenewalWaitsForMethods(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		f.silence("AUTH")
		h.method = func(string, []byte) (int, []byte) { time.Sleep(20 * time.Second); return 200, nil }
		connect(t, l, h)
		const renewal = 51 * time.Minute
		time.Sleep(renewal - 10*time.Second)
		if i == 1 {
			time.Sleep(30 * time.Second) // for AUTH in vain
		}
		push(f, "method", "7", "{}")
		time.Sleep(time.Minute)
		if f.connections() != 2 || f.count("device: PUBLISH qos=0") != 1 {
			t.Errorf("%d connections, %d answers", f.connections(), f.count("device: PUBLISH qos=0"))
		}
		l.Close(t.Context())
	})
}

// The hub may ask for a shorter keep-alive in MQTT 5.
func TestServerKeepAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h, l := device(t, 1, nil)
		f.serverKeepAlive = 30
		connect(t, l, h)
		time.Sleep(31 * time.Second)
		if n := f.count("device: PINGREQ"); n != 1 {
			t.Errorf("%d pings in 31 s", n)
		}
		l.Close(t.Context())
	})
}

func TestSubscriptionRefused(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		f.subscribed = []byte{0x80, 0x8f}[i]
		if err := l.Connect(t.Context(), h); err == nil || !strings.Contains(err.Error(), "the hub refused with code") {
			t.Errorf("connect: %v", err)
		}
		l.Close(t.Context())
	})
}

func TestErrorsCanBeTold(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		f.refuse = []byte{5, 135}[i]
		if err := l.Connect(t.Context(), h); !errors.Is(err, link.ErrUnauthorized) {
			t.Errorf("refused: %v", err)
		}
		f.refuse = []byte{3, 136}[i]
		if err := l.Connect(t.Context(), h); err == nil || errors.Is(err, link.ErrUnauthorized) {
			t.Errorf("unavailable: %v", err)
		}
		f.refuse = 0
		if err := l.Send(t.Context(), link.Message{}); !errors.Is(err, link.ErrNotConnected) {
			t.Errorf("send before connect: %v", err)
		}
		connect(t, l, h)
		for _, m := range []link.Message{
			{Body: make([]byte, 1<<20)},
			{Properties: map[string]string{"a": strings.Repeat("x", 1<<16)}},
			{Properties: map[string]string{"a\xff": "b"}},
			{MessageID: "a\x00b"},
		} {
			if err := l.Send(t.Context(), m); err == nil {
				t.Error("sent a message that MQTT cannot carry")
			}
		}
		if _, err := l.Report(t.Context(), map[string]any{"f": func() {}}); err == nil {
			t.Error("reported a function")
		}
		f.silence("PUBLISH")
		if err := l.Send(t.Context(), link.Message{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("no acknowledgement: %v", err)
		}
		var failed error
		go func() { failed = l.Send(context.Background(), link.Message{}) }()
		synctest.Wait()
		l.Close(t.Context())
		synctest.Wait()
		if !errors.Is(failed, link.ErrClosed) {
			t.Errorf("send when the link is closed: %v", failed)
		}
	})
}
