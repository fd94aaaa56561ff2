package rest_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"twinrig/hub"
	"twinrig/hub/rest"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	os.Exit(m.Run())
}

// nameRights takes an Authorization header that names the rights its bearer has:
// who holds which key is not this package's business.
type nameRights struct{}

func (nameRights) AuthenticateDevice(_ context.Context, id string, c hub.Credential) (hub.Grant, error) {
	if c.Token != "device:"+id {
		return hub.Grant{}, &hub.Error{Code: 401002, Name: "IotHubUnauthorizedAccess", Message: "Unauthorized"}
	}
	return hub.Grant{AuthMethod: `{"scope":"device"}`}, nil
}

func (nameRights) AuthenticateService(_ context.Context, authorization string, need hub.Rights) (expires time.Time, err error) {
	var have hub.Rights
	for name := range strings.SplitSeq(authorization, " ") {
		have |= map[string]hub.Rights{"read": hub.RegistryRead, "write": hub.RegistryWrite, "service": hub.ServiceConnect}[name]
	}
	switch {
	case authorization == "":
		return expires, &hub.Error{Code: 401002, Name: "IotHubUnauthorizedAccess", Message: "Unauthorized"}
	case !have.Has(need):
		return expires, &hub.Error{Code: 401003, Name: "IotHubUnauthorized", Message: "Unauthorized"}
	}
	if strings.Contains(authorization, "briefly") {
		expires = time.Now().Add(time.Minute)
	}
	return expires, nil
}

// blobs hold "d/here" and nothing else.
type blobs struct{}

func (blobs) Container() string { return "uploads" }
func (blobs) Grant(name string, expires time.Time) string {
	return "sig=" + name + "&se=" + strconv.FormatInt(expires.Unix(), 10)
}
func (blobs) Stat(_ context.Context, name string) (int64, time.Time, error) {
	if name != "d/here" {
		return 0, time.Time{}, hub.ErrNoBlob
	}
	return 7, time.Unix(946684800, 0), nil
}

// rig is a hub in memory with its service API and devices that answer as told.
type rig struct {
	hub         *hub.Hub
	api         *rest.Handler
	connections map[string]*hub.Connection
	etag        string // of the last answer that had one
	correlation string // id of the last upload begun
}

// newRig ends with the test. Inside a synctest bubble its clock begins in 2000.
func newRig(t testing.TB) *rig {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := hub.New(hub.Config{HostName: "hub.example", Blobs: blobs{}, Random: rand.NewChaCha8([32]byte{1})}, s)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{hub: h, api: rest.New(h, nameRights{}, rest.Config{}), connections: map[string]*hub.Connection{}}
	t.Cleanup(func() {
		r.api.Close()
		if err := h.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// session is a device that answers each method at once, or never.
type session struct {
	silent     bool
	connection chan *hub.Connection // holds the connection, once it is there
}

func (s *session) Method(m hub.MethodRequest) error {
	if s.silent {
		return nil
	}
	go func() {
		c := <-s.connection
		s.connection <- c
		c.MethodResponse(m.ID, 200, []byte(fmt.Sprintf(`{"called":%q,"with":%s}`, m.Name, m.Payload)))
	}()
	return nil
}
func (*session) Desired(int64, []byte) {}
func (*session) CommandsWaiting()      {}
func (*session) Close(hub.CloseReason) {}

func (r *rig) connect(t testing.TB, id string, silent bool) {
	t.Helper()
	s := &session{silent: silent, connection: make(chan *hub.Connection, 1)}
	c, err := r.hub.Connect(t.Context(), hub.ConnectInfo{DeviceID: id, AuthMethod: `{"scope":"device"}`}, s)
	if err != nil {
		t.Fatal(err)
	}
	s.connection <- c
	r.connections[id] = c
}

func (r *rig) telemetry(t testing.TB, id string, m hub.Message) {
	t.Helper()
	done := make(chan error, 1)
	r.connections[id].Telemetry(m, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestTranscripts replays testdata: calls in the form of HTTP requests, with what the
// API answers. Run with -rewrite after a wanted change.
func TestTranscripts(t *testing.T) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() { // corpora of fuzz tests
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				datadriven.RunTest(t, "testdata/"+f.Name(), func(t *testing.T, d *datadriven.TestData) string {
					return r.directive(t, d)
				})
			})
		})
	}
}

func (r *rig) directive(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "call":
		return r.call(t, d)
	case "connect":
		r.connect(t, d.CmdArgs[0].Key, d.HasArg("silent"))
	case "telemetry":
		m := hub.Message{Body: []byte(d.Input), System: hub.SystemProperties{MessageID: "m-1", ContentType: "text/plain"},
			Properties: []hub.Property{{Key: "level", Value: "1"}, {Key: "level", Value: "2"}}}
		r.telemetry(t, d.CmdArgs[0].Key, m)
	default:
		d.Fatalf(t, "unknown directive %s", d.Cmd)
	}
	return ""
}

// call makes a call with all rights, or those of the argument "as", and api-version
// unless "bare" is given. $etag in a header is the etag answered last.
func (r *rig) call(t *testing.T, d *datadriven.TestData) string {
	head, body, _ := strings.Cut(d.Input, "\n\n")
	method, rest, _ := strings.Cut(head, " ")
	target, headers, _ := strings.Cut(rest, "\n")
	target, headers = strings.ReplaceAll(target, "$etag", r.etag), strings.ReplaceAll(headers, "$etag", r.etag)
	body, target = strings.ReplaceAll(body, "$correlation", r.correlation), strings.ReplaceAll(target, "$correlation", r.correlation)
	if !d.HasArg("bare") {
		target += map[bool]string{true: "&", false: "?"}[strings.Contains(target, "?")] + "api-version=2021-04-12"
	}
	text := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: hub.example\r\nContent-Length: %d\r\n%s\r\n\r\n%s",
		method, target, len(body), strings.ReplaceAll(headers, "\n", "\r\n"), body)
	if headers == "" {
		text = strings.Replace(text, "\r\n\r\n\r\n", "\r\n\r\n", 1)
	}
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	req.Header.Set("Authorization", "read write service")
	if d.HasArg("as") {
		var as string
		d.ScanArgs(t, "as", &as)
		req.Header.Set("Authorization", strings.Trim(as, "-"))
	}
	answer := httptest.NewRecorder()
	r.api.ServeHTTP(answer, req.WithContext(t.Context()))
	if _, id, ok := strings.Cut(answer.Body.String(), `"correlationId":"`); ok {
		r.correlation, _, _ = strings.Cut(id, `"`)
	}
	if etag := answer.Header().Get("ETag"); etag != "" {
		r.etag = strings.Trim(etag, `"`)
	}
	return show(answer)
}

// show writes an answer with the hub's random values made the same.
func show(answer *httptest.ResponseRecorder) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s\n", answer.Code, http.StatusText(answer.Code))
	var keys []string
	for key := range answer.Header() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		fmt.Fprintf(&out, "%s: %s\n", key, answer.Header().Get(key))
	}
	out.WriteString(strings.TrimSuffix(answer.Body.String(), "\n"))
	return strings.TrimSuffix(mask(out.String()), "\n") + "\n"
}

var (
	base64Text = regexp.MustCompile(`"([A-Za-z0-9+/]{8,}={0,2})"`)
	generation = regexp.MustCompile(`("generationId":)"[0-9]+"`)
	decimal    = regexp.MustCompile(`^[0-9]+$`)
	guid       = regexp.MustCompile(`[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}`)
	trackingID = regexp.MustCompile(`[0-9a-f]{32}-G:0`)
)

func mask(text string) string {
	text = base64Text.ReplaceAllStringFunc(text, func(quoted string) string {
		b, err := base64.StdEncoding.DecodeString(strings.Trim(quoted, `"`))
		switch {
		case err == nil && len(b) == 32:
			return `"<key>"`
		case err == nil && decimal.Match(b): // etags of devices begin anywhere; those of twins at 1
			return `"<etag>"`
		}
		return quoted
	})
	text = generation.ReplaceAllString(text, `$1"<generation>"`)
	text = guid.ReplaceAllString(text, "<guid>")
	return trackingID.ReplaceAllString(text, "<tracking>-G:0")
}
