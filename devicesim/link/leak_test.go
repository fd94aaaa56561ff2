package link_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/devicesim/link"
)

// Every way a connection can end leaves nothing behind: the bubble would panic.
func TestNothingIsLeftBehind(t *testing.T) {
	ends := map[string]func(t *testing.T, f *fakeHub, h *recorder, l link.Link){
		"dial fails": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.mu.Lock()
			f.unreachable = errors.New("no route")
			f.mu.Unlock()
			fails(t, l.Connect(t.Context(), h))
		},
		"hub refuses": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.refuse = 5
			fails(t, l.Connect(t.Context(), h))
		},
		"no CONNACK": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.silence("CONNECT")
			fails(t, l.Connect(t.Context(), h))
		},
		"no SUBACK": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.silence("SUBSCRIBE")
			fails(t, l.Connect(t.Context(), h))
		},
		"closed while connecting": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.silence("CONNECT")
			time.AfterFunc(time.Second, func() { l.Close(context.Background()) })
			if err := l.Connect(t.Context(), h); !errors.Is(err, link.ErrClosed) {
				t.Errorf("connect: %v", err)
			}
		},
		"cancelled while connecting": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.silence("SUBSCRIBE")
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			fails(t, l.Connect(ctx, h))
		},
		"hub hangs up while connecting": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			f.silence("SUBSCRIBE")
			time.AfterFunc(time.Second, f.hangUp)
			start := time.Now()
			fails(t, l.Connect(t.Context(), h))
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("noticed after %v", d)
			}
		},
		"closed": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
		},
		"hub hangs up": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			f.hangUp()
		},
		"hub hangs up under load": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			f.silence("PUBLISH")
			for range 20 {
				go l.Send(context.Background(), link.Message{})
				go l.Twin(context.Background())
			}
			synctest.Wait()
			start := time.Now()
			f.hangUp()
			if err := l.Send(t.Context(), link.Message{}); err == nil || time.Since(start) > 0 {
				t.Errorf("send: %v after %v", err, time.Since(start))
			}
		},
		"closed under load": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			f.silence("PUBLISH")
			for range 20 {
				go l.Send(context.Background(), link.Message{})
				go l.Report(context.Background(), nil)
			}
			synctest.Wait()
		},
		"closed in a method": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			h.method = func(string, []byte) (int, []byte) { time.Sleep(time.Second); return 200, nil }
			connect(t, l, h)
			push(f, "method", "1", "{}")
			push(f, "method", "2", "{}")
			synctest.Wait()
		},
		"closed in a renewal": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			f.silence("CONNECT", "AUTH")
			time.Sleep(51*time.Minute + time.Second)
		},
		"renewal fails": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			f.silence("CONNECT", "AUTH")
			time.Sleep(2 * time.Hour)
		},
		"closed by a hurried caller": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := l.Close(ctx); err != nil {
				t.Error(err)
			}
		},
		"closed twice at once": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			go l.Close(context.Background())
		},
		"hub stops reading": func(t *testing.T, f *fakeHub, h *recorder, l link.Link) {
			connect(t, l, h)
			release := make(chan struct{})
			f.mu.Lock()
			f.received = func(packet) { <-release }
			f.mu.Unlock()
			l.Send(t.Context(), link.Message{}) // times out
			time.AfterFunc(5*time.Minute, func() { close(release) })
		},
	}
	var names []string
	for name := range ends {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			eachProtocol(t, func(t *testing.T, i int) {
				f, h, l := device(t, i, nil)
				lost := 0
				h.lost = func(error) { lost++ }
				ends[name](t, f, h, l)
				if err := l.Close(t.Context()); err != nil {
					t.Error(err)
				}
				f.take()
				if lost > 1 {
					t.Errorf("lost %d times", lost)
				}
				f.hangUp()
				time.Sleep(10 * time.Minute) // for the fake hub
				if n := f.count("handler: "); n > 0 {
					t.Errorf("%d callbacks after Close", n)
				}
			})
		})
	}
}

func fails(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("connected, against expectation")
	}
}

// Connecting again from within Lost is how the simplest device reconnects.
func TestReconnectFromLost(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		h.lost = func(error) {
			if f.connections() < 4 {
				if err := l.Connect(context.Background(), h); err != nil {
					t.Error(err)
				}
			}
		}
		connect(t, l, h)
		for range 3 {
			f.hangUp()
			time.Sleep(time.Second)
			if err := l.Send(t.Context(), link.Message{}); err != nil {
				t.Error(err)
			}
		}
		l.Close(t.Context())
		if n := f.count("handler: lost"); n != 3 {
			t.Errorf("lost %d times, want 3", n)
		}
	})
}

// A callback that never returns makes Close fail after a bound, not hang.
func TestCloseIsBounded(t *testing.T) {
	eachProtocol(t, func(t *testing.T, i int) {
		f, h, l := device(t, i, nil)
		stop := make(chan struct{})
		h.command = func(link.Command) { <-stop }
		connect(t, l, h)
		push(f, "command", "1", "c")
		synctest.Wait()
		start := time.Now()
		if err := l.Close(t.Context()); err == nil || time.Since(start) != time.Minute {
			t.Errorf("close: %v after %v, want an error after 1 min", err, time.Since(start))
		}
		close(stop)
		if err := l.Close(t.Context()); err != nil {
			t.Errorf("close, once the callback has returned: %v", err)
		}
	})
}

func TestConfigErrors(t *testing.T) {
	dial := func(context.Context) (net.Conn, error) { return nil, errors.New("dialled") }
	ok := link.Config{HostName: "h", DeviceID: "d", Key: "a2V5", Dial: dial}
	for name, change := range map[string]func(*link.Config){
		"host":   func(c *link.Config) { c.HostName = "" },
		"device": func(c *link.Config) { c.DeviceID = "" },
		"key":    func(c *link.Config) { c.Key = "no base64!" },
		"no key": func(c *link.Config) { c.Key = "" },
		"dial":   func(c *link.Config) { c.Dial = nil },
		"length": func(c *link.Config) { c.DeviceID = string(make([]byte, 129)) },
	} {
		c := ok
		change(&c)
		for _, p := range protocols {
			err := p.link(c).Connect(t.Context(), &recorder{})
			if err == nil || err.Error() == "connect d to h: dial: dialled" {
				t.Errorf("%s, %s: error %v", p.name, name, err)
			}
		}
	}
}
