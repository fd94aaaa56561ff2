package server_test

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/server"
)

// lockedBuffer is a log that many write to.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// stranger tries to get in, and keeps what he was told and what he used to try.
type stranger struct {
	*testing.T
	server  *server.Server
	told    strings.Builder
	secrets map[string]string // what for
}

// secret notes a text that no log and no answer may have, in the forms in which it travels.
func (s *stranger) secret(what, text string) {
	s.secrets[text] = what
	s.secrets[url.QueryEscape(text)] = what + " escaped"
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
		s.secrets[hex.EncodeToString(raw)] = what + " in hex"
		s.secrets[string(raw)] = what + " decoded"
	}
}

func (s *stranger) token(id, key string, expires time.Time) string {
	s.Helper()
	t, err := auth.Sign("localhost/devices/"+id, "", key, expires)
	if err != nil {
		s.Fatal(err)
	}
	s.secret("token", t)
	_, signature, _ := strings.Cut(t, "&sig=")
	signature, _, _ = strings.Cut(signature, "&")
	plain, _ := url.QueryUnescape(signature)
	s.secret("signature", plain)
	return t
}

func (s *stranger) dial() *tls.Conn {
	s.Helper()
	c, err := tls.Dial("tcp", address(s.server.Endpoints().MQTT), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		s.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}

// mqtt connects by MQTT 3.1.1 and returns the answer.
func (s *stranger) mqtt(id, password string) string {
	s.Helper()
	c := s.dial()
	defer c.Close()
	device{s.T, c}.hello("localhost", id, password)
	return s.answer(c)
}

// mqtt5 connects by the MQTT 5 preview API with a signature of another text.
func (s *stranger) mqtt5(id string, signature []byte) string {
	s.Helper()
	s.secret("signature of MQTT 5", base64.StdEncoding.EncodeToString(signature))
	c := s.dial()
	defer c.Close()
	user := func(k, v string) string { return "\x26" + text(k) + text(v) }
	properties := "\x15" + text("SAS") + "\x16" + text(string(signature)) + user("api-version", "2020-10-01-preview") + user("host", "localhost") + user("sas-expiry", fmt.Sprint(time.Now().Add(time.Hour).UnixMilli()))
	length := string([]byte{byte(len(properties))})
	if n := len(properties); n > 0x7f {
		length = string([]byte{byte(n) | 0x80, byte(n >> 7)})
	}
	device{s.T, c}.send(0x10, text("MQTT")+"\x05\x02\x00\x3c"+length+properties+text(id))
	return s.answer(c)
}

func (s *stranger) answer(c io.Reader) string {
	answer, _ := io.ReadAll(c)
	s.told.Write(answer)
	return string(answer)
}

func (s *stranger) https(path, authorization string) string {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.server.Endpoints().HTTP+path+"?api-version=2021-04-12", strings.NewReader("x"))
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, _, _ := strings.Cut(resp.Status+" "+s.answer(resp.Body), "Tracking ID")
	return body
}

// Nobody learns from a refusal whether a device exists, the log does say why, and no
// secret is in either.
func TestRefusalsTellNothing(t *testing.T) {
	var log lockedBuffer
	srv := startOnSockets(t, server.Config{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	defer stop(t, srv)
	s := &stranger{T: t, server: srv, secrets: map[string]string{}}
	good, err := srv.Hub().CreateDevice(t.Context(), hub.Device{ID: "good"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Hub().CreateDevice(t.Context(), hub.Device{ID: "idle", Status: hub.StatusDisabled, Authentication: good.Authentication}); err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Hub().CreateDevice(t.Context(), hub.Device{ID: "cert", Authentication: hub.Authentication{Type: hub.AuthCA}}); err != nil {
		t.Fatal(err)
	}
	key, wrong := *good.Authentication.SymmetricKey.Primary, base64.StdEncoding.EncodeToString([]byte("a guess of thirty-two characters"))
	s.secret("device key", key)
	s.secret("secondary key", *good.Authentication.SymmetricKey.Secondary)
	s.secret("wrong key", wrong)
	policy, _ := srv.Hub().Policy("iothubowner")
	s.secret("policy key", policy.PrimaryKey)
	later := time.Now().Add(time.Hour)
	cases := []struct{ device, token, why string }{
		{"none", s.token("none", wrong, later), "not registered"},
		{"good", s.token("good", wrong, later), "fits no key"},
		{"good", s.token("good", key, time.Now().Add(-time.Hour)), "expired"},
		{"good", s.token("other", key, later), "another resource"},
		{"good", "SharedAccessSignature sr=hunter2", "is missing"},
		{"good", key, "parse token"},
		{"idle", s.token("idle", key, later), "is disabled"},
		{"cert", s.token("cert", key, later), "not by token"},
		{"good/mod", s.token("good", key, later), "not registered"},
	}
	s.secret("half a token", "hunter2")
	answers := map[string]map[string]bool{"MQTT": {}, "MQTT 5": {}, "HTTPS": {}}
	for _, c := range cases {
		answers["MQTT"][s.mqtt(c.device, c.token)] = true
		if len(c.device) == 4 { // the trace id has the name that the client gave
			answers["MQTT 5"][strings.ReplaceAll(s.mqtt5(c.device, []byte("signature of 32 characters: "+c.device)), c.device, "")] = true
		}
		id, module := hub.SplitIdentity(c.device)
		path := "/devices/" + id + "/messages/events"
		if module != "" {
			path = "/devices/" + id + "/modules/" + module + "/messages/events"
		}
		answers["HTTPS"][s.https(path, c.token)] = true
		if !strings.Contains(log.String(), c.why) {
			t.Errorf("the log does not say why %s was refused: want %q", c.device, c.why)
		}
	}
	s.https("/devices/query", s.token("good", key, later))
	want := map[string]string{"MQTT": "\x20\x02\x00\x05", "MQTT 5": "not authorized", "HTTPS": "401 Unauthorized"}
	for protocol, all := range answers {
		for answer := range all {
			if !strings.Contains(answer, want[protocol]) {
				t.Errorf("%s: %q is not %q", protocol, answer, want[protocol])
			}
		}
		if len(all) != 1 {
			t.Errorf("%s: refusals differ: %q", protocol, slices.Collect(maps.Keys(all)))
		}
	}
	if answer := s.mqtt("good", s.token("good", key, later)+"x"); !strings.HasSuffix(answer, "\x05") {
		t.Errorf("a token with a letter more: %q", answer)
	}
	for secret, what := range s.secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has the %s", what)
		}
		if strings.Contains(s.told.String(), secret) {
			t.Errorf("an answer has the %s", what)
		}
	}
}
