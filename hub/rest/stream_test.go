package rest_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
)

// pipeListener hands out in-memory connections.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}
func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (l *pipeListener) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	l.conns <- server
	return client, nil
}

// serve puts the rig's API behind a real http.Server in memory and returns a client of it.
func (r *rig) serve(t *testing.T) *http.Client {
	t.Helper()
	l := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: r.api}
	go func() { _ = server.Serve(l) }()
	transport := &http.Transport{DialContext: l.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &http.Client{Transport: transport}
}

func get(t *testing.T, c *http.Client, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://hub.example"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "read write service")
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

const follow = "/$twinrig/events?partition=3&from=latest&follow=true" // device "d" is in partition 3

func (r *rig) createConnected(t *testing.T, id string) {
	t.Helper()
	if _, err := r.hub.CreateDevice(t.Context(), hub.Device{ID: id}); err != nil {
		t.Fatal(err)
	}
	r.connect(t, id, false)
}

// An open stream delivers each event at once, however far apart they are.
func TestFollowDeliversAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.createConnected(t, "d")
		r.telemetry(t, "d", hub.Message{Body: []byte("before")})
		resp := get(t, r.serve(t), follow)
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		for _, body := range []string{"1", "2", "3"} {
			time.Sleep(24 * time.Hour)
			sent := time.Now()
			r.telemetry(t, "d", hub.Message{Body: []byte(body)})
			if !lines.Scan() || !strings.Contains(lines.Text(), `"body":`+body) {
				t.Fatalf("got %q, %v; want event %s", lines.Text(), lines.Err(), body)
			}
			if took := time.Since(sent); took != 0 {
				t.Errorf("event %s took %v", body, took)
			}
		}
	})
}

// A hub that shuts down says so on open streams, and lets waiting method calls go.
func TestCloseEndsPatientCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.createConnected(t, "d")
		client := r.serve(t)
		resp := get(t, client, follow)
		defer resp.Body.Close()

		method := make(chan string, 1)
		go func() {
			req, err := http.NewRequest(http.MethodPost, "http://hub.example/twins/d/methods?api-version=2021-04-12",
				strings.NewReader(`{"methodName":"m","connectTimeoutInSeconds":300}`))
			if err != nil {
				method <- err.Error()
				return
			}
			req.Header.Set("Authorization", "service")
			resp, err := client.Do(req)
			if err != nil {
				method <- err.Error()
				return
			}
			defer resp.Body.Close()
			method <- resp.Status + " " + resp.Header.Get("Retry-After")
		}()
		r.connections["d"].Close()
		synctest.Wait()
		r.api.Close()
		body, err := io.ReadAll(resp.Body)
		if want := `{"error":"The hub is shutting down."}` + "\n"; string(body) != want || err != nil {
			t.Errorf("stream ended with %q, %v; want %q", body, err, want)
		}
		if got := <-method; got != "503 Service Unavailable 5" {
			t.Errorf("method call: %s", got)
		}
	})
}

// A reader that leaves ends the handler: the bubble would not end with a goroutine left.
func TestFollowEndsWithItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.createConnected(t, "d")
		resp := get(t, r.serve(t), follow)
		resp.Body.Close()
	})
}

// A reader that stops reading is given up after 30 s and keeps nothing of the hub.
func TestFollowDropsAStuckReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.createConnected(t, "d")
		resp := get(t, r.serve(t), follow)
		defer resp.Body.Close()
		big := strings.Repeat("x", 100<<10)
		for range 100 { // more than the buffers of both ends hold
			r.telemetry(t, "d", hub.Message{Body: []byte(big)})
		}
		start := time.Now()
		time.Sleep(31 * time.Second)
		n, err := io.Copy(io.Discard, resp.Body)
		if err == nil || n > 5<<20 {
			t.Errorf("read %d bytes, %v; want an error after what was buffered", n, err)
		}
		if waited := time.Since(start); waited != 31*time.Second {
			t.Errorf("the stream went on for %v", waited)
		}
	})
}

// A body that does not come is not waited for.
func TestSlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		client := r.serve(t)
		pr, pw := io.Pipe()
		defer pw.Close()
		req, err := http.NewRequest(http.MethodPatch, "http://hub.example/twins/d?api-version=2021-04-12", pr)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "service")
		start := time.Now()
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if took := time.Since(start); resp.StatusCode != 400 || took != 30*time.Second {
			t.Errorf("status %d after %v", resp.StatusCode, took)
		}
	})
}

func TestBodiesAreBounded(t *testing.T) {
	r := newRig(t)
	if _, err := r.hub.CreateDevice(t.Context(), hub.Device{ID: "d"}); err != nil {
		t.Fatal(err)
	}
	client := r.serve(t)
	for _, c := range []struct {
		method, path string
		size         int
	}{
		{"PUT", "/devices/e?api-version=2021-04-12", 64<<10 + 1},
		{"POST", "/devices?api-version=2021-04-12", 16<<20 + 1},
		{"PATCH", "/twins/d?api-version=2021-04-12", 1<<20 + 1},
		{"POST", "/twins/d/methods?api-version=2021-04-12", 256<<10 + 1},
		{"POST", "/$twinrig/devices/d/messages", 64<<10 + 1},
	} {
		req, err := http.NewRequest(c.method, "http://hub.example"+c.path, strings.NewReader(strings.Repeat(" ", c.size)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "read write service")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 413 || resp.Header.Get("iothub-errorcode") != "MessageTooLarge" {
			t.Errorf("%s %s with %d bytes: %s %s", c.method, c.path, c.size, resp.Status, resp.Header.Get("iothub-errorcode"))
		}
	}
}

// A stream does not outlive the token it was opened with.
func TestStreamEndsWithItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		start := time.Now()
		req := httptest.NewRequest(http.MethodGet, follow, nil)
		req.Header.Set("Authorization", "service briefly")
		answer := httptest.NewRecorder()
		r.api.ServeHTTP(answer, req)
		if took := time.Since(start); took != time.Minute || !strings.Contains(answer.Body.String(), `{"error":"The token expired.","next":0}`) {
			t.Errorf("after %v: %s", took, answer.Body)
		}
	})
}
