package hub

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// answering makes a session answer each call after a delay.
func answering(c **Connection, delay time.Duration, status int, payload string) func(MethodRequest) {
	return func(m MethodRequest) {
		time.Sleep(delay)
		(*c).MethodResponse(m.ID, status, []byte(payload))
	}
}

func TestInvoke(t *testing.T) {
	for _, row := range []struct {
		why           string
		call          MethodCall
		delay         time.Duration
		answer        string
		code          int
		status        int
		payload       string
		heard         string
		took          time.Duration
		info, message string
	}{
		{why: "an answer with a payload", call: MethodCall{Name: "stop", Payload: []byte(`{"now":true}`)}, delay: time.Second, answer: `{"ok":1}`,
			status: 200, payload: `{"ok":1}`, heard: `method stop {"now":true}`, took: time.Second},
		{why: "no payload either way", call: MethodCall{Name: "stop"}, status: 200, heard: "method stop null"},
		{why: "the default timeout is 30 s", call: MethodCall{Name: "stop"}, delay: time.Minute,
			code: 504101, info: "00:00:30", took: 30 * time.Second, heard: "method stop null", message: "Timed out waiting for the response from device."},
		{why: "a timeout of its own", call: MethodCall{Name: "stop", ResponseTimeout: 65 * time.Second}, delay: time.Hour,
			code: 504101, info: "00:01:05", took: 65 * time.Second, heard: "method stop null"},
		{why: "an answer in the last instant counts", call: MethodCall{Name: "stop", ResponseTimeout: 5 * time.Second}, delay: 5*time.Second - 1,
			status: 200, took: 5*time.Second - 1, heard: "method stop null"},
		{why: "an answer that is no JSON", call: MethodCall{Name: "stop"}, answer: "ok", code: 500001, heard: "method stop null"},
		{why: "an answer that is too large", call: MethodCall{Name: "stop"}, answer: `"` + strings.Repeat("x", 128<<10) + `"`, code: 413001, heard: "method stop null"},
		{why: "no name", call: MethodCall{}, code: 400004},
		{why: "a timeout that is too short", call: MethodCall{Name: "a", ResponseTimeout: time.Second}, code: 400004},
		{why: "a timeout that is too long", call: MethodCall{Name: "a", ResponseTimeout: 301 * time.Second}, code: 400004},
		{why: "a connect timeout that is too long", call: MethodCall{Name: "a", ConnectTimeout: 301 * time.Second}, code: 400004},
		{why: "a payload that is no JSON", call: MethodCall{Name: "a", Payload: []byte("{")}, code: 400004},
		{why: "a payload that is too large", call: MethodCall{Name: "a", Payload: []byte(`"` + strings.Repeat("x", 128<<10) + `"`)}, code: 413001},
	} {
		inBubble(t, func(r *rig) {
			c, session := r.device("d")
			session.method = answering(&c, row.delay, 200, row.answer)
			start := time.Now()
			result, err := r.hub.Invoke(r.Context(), "d", row.call)
			r.wantCode(row.why, err, row.code)
			if took := time.Since(start); took != row.took {
				r.Errorf("%s: took %v", row.why, took)
			}
			if result.Status != row.status || string(result.Payload) != row.payload || session.String() != row.heard {
				r.Errorf("%s: %d %s, heard %q", row.why, result.Status, result.Payload, session)
			}
			if e := new(Error); errors.As(err, &e) && (e.Info["timeout"] != row.info || !strings.HasPrefix(e.Message, row.message)) {
				r.Errorf("%s: %+v", row.why, e)
			}
			time.Sleep(2 * time.Hour) // late answers are ignored
		})
	}
}

func TestInvokeReachesNobody(t *testing.T) {
	inBubble(t, func(r *rig) {
		call := MethodCall{Name: "stop"}
		_, err := r.hub.Invoke(r.Context(), "d", call)
		r.wantCode("unknown device", err, 404001)
		offline := func(why string, timeout string) {
			r.Helper()
			_, err := r.hub.Invoke(r.Context(), "d", call)
			r.wantCode(why, err, 404103)
			e := new(Error)
			if errors.As(err, &e); e.Info["timeout"] != timeout || e.Message != "Timed out waiting for device to connect." {
				r.Errorf("%s: %+v", why, e)
			}
		}
		r.create("d")
		offline("never connected", "00:00:00")
		c, session := r.device("d")
		session.listens = false
		offline("connected without listening", "00:00:00")
		c.Close()
		call.ConnectTimeout = 20 * time.Second
		start := time.Now()
		offline("not there in time", "00:00:20")
		if took := time.Since(start); took != 20*time.Second {
			r.Errorf("waited %v", took)
		}
	})
}

func TestInvokeWaitsForTheDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		time.AfterFunc(7*time.Second, func() {
			var c *Connection
			session := &recorder{method: answering(&c, 0, 201, "")}
			c = r.connect("d", session)
			time.Sleep(2 * time.Second)
			session.mu.Lock()
			session.listens = true
			session.mu.Unlock()
			c.MethodsReady()
		})
		start := time.Now()
		result, err := r.hub.Invoke(r.Context(), "d", MethodCall{Name: "stop", ConnectTimeout: time.Minute})
		if err != nil || result.Status != 201 || time.Since(start) != 9*time.Second {
			r.Errorf("%+v, %v after %v", result, err, time.Since(start))
		}
	})
}

func TestInvokeLosesTheDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, row := range []struct {
			why string
			act func(*Connection)
			err error
		}{
			{"connection closed", func(c *Connection) { c.Close() }, nil},
			{"taken over", func(*Connection) { r.device("d") }, nil},
			{"deleted", func(*Connection) { r.check(r.hub.DeleteDevice(r.Context(), "d", "")) }, nil},
		} {
			c, _ := r.device("d")
			time.AfterFunc(3*time.Second, func() { row.act(c) })
			start := time.Now()
			_, err := r.hub.Invoke(r.Context(), "d", MethodCall{Name: "stop"})
			r.wantCode(row.why, err, 404103)
			if err != nil && !strings.Contains(err.Error(), "Device unavailable") || time.Since(start) != 3*time.Second {
				r.Errorf("%s: %v after %v", row.why, err, time.Since(start))
			}
		}
		r.create("d")
		r.connect("d", &recorder{listens: true, broken: errors.New("connection reset")})
		_, err := r.hub.Invoke(r.Context(), "d", MethodCall{Name: "stop"})
		r.wantCode("lost while sending", err, 404103)
		r.device("d")
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if _, err := r.hub.Invoke(ctx, "d", MethodCall{Name: "stop"}); !errors.Is(err, context.DeadlineExceeded) {
			r.Errorf("caller gone: %v", err)
		}
	})
}

// Answers find their calls, in whatever order they come.
func TestInvokeConcurrently(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, session := r.device("d")
		session.method = func(m MethodRequest) {
			d, _ := time.ParseDuration(m.Name)
			time.Sleep(d)
			c.MethodResponse(m.ID, int(d/time.Second), nil)
			c.MethodResponse(m.ID, 999, nil)
			c.MethodResponse("unknown", 999, nil)
		}
		results := make(chan error)
		names := []string{"3s", "1s", "2s", "1s"}
		for _, name := range names {
			go func() {
				d, _ := time.ParseDuration(name)
				result, err := r.hub.Invoke(r.Context(), "d", MethodCall{Name: name})
				if err == nil && result.Status != int(d/time.Second) {
					err = errors.New("the answer of another call")
				}
				results <- err
			}()
		}
		for range names {
			r.check(<-results)
		}
	})
}
