package metrics_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"twinrig/hub"
	"twinrig/hub/metrics"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	os.Exit(m.Run())
}

// front is a front end with two clients.
type front struct{}

func (front) Connections() map[string]int { return map[string]int{"mqtt 5": 2} }
func (front) Refusals() iter.Seq2[string, uint64] {
	return maps.All(map[string]uint64{"not authorized": 7})
}

// session answers every method.
type session struct{ c *hub.Connection }

func (s *session) Method(r hub.MethodRequest) error {
	go s.c.MethodResponse(r.ID, 200, nil)
	return nil
}
func (*session) Desired(int64, []byte)   {}
func (*session) CommandsWaiting()        {}
func (*session) Close(r hub.CloseReason) {}

func start(t *testing.T, limits *hub.Limits) *hub.Hub {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := hub.New(hub.Config{HostName: "rig", Partitions: 1, Limits: limits}, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// scrape returns the text without comments.
func scrape(t *testing.T, h *hub.Hub) string {
	t.Helper()
	var refusals hub.Counts
	refusals.Add("too many connections")
	shared := metrics.Listeners{Refusals: &refusals, HTTP: func() int { return 3 }}
	w := httptest.NewRecorder()
	metrics.Handler(shared, metrics.Source{Hub: h, Front: front{}}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(w.Body.String(), "")
}

// What a hub does is counted once, under the right name.
func TestMeters(t *testing.T) {
	ctx := t.Context()
	h := start(t, &hub.Limits{TwinReads: 0.2})
	for _, id := range []string{"d", "e"} {
		if _, err := h.CreateDevice(ctx, hub.Device{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.UpdateDevice(ctx, hub.Device{ID: "e", Status: hub.StatusDisabled}, ""); err != nil {
		t.Fatal(err)
	}
	s := &session{}
	var err error
	if s.c, err = h.Connect(ctx, hub.ConnectInfo{DeviceID: "d"}, s); err != nil {
		t.Fatal(err)
	}
	defer s.c.Close()
	for _, size := range []int{100, 156, 300 << 10} { // the last one is too large
		done := make(chan error)
		s.c.Telemetry(hub.Message{Body: make([]byte, size)}, func(err error) { done <- err })
		<-done
	}
	for range 3 { // the burst is two
		_, err = h.Twin(ctx, "d")
	}
	if err == nil {
		t.Error("the third read of a twin is not throttled")
	}
	if _, err := s.c.PatchReported(ctx, []byte(`{"a":1}`), nil); err != nil {
		t.Error(err)
	}
	if _, err := h.Invoke(ctx, "d", hub.MethodCall{Name: "m"}); err != nil {
		t.Error(err)
	}
	_, _ = h.Invoke(ctx, "e", hub.MethodCall{Name: "m"})
	for range 2 {
		if _, err := h.Enqueue(ctx, "d", hub.Message{Body: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	k, _, err := s.c.NextCommand(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.Complete(ctx, k.LockToken); err != nil {
		t.Fatal(err)
	}
	if _, err := h.PurgeCommands(ctx, "d"); err != nil {
		t.Fatal(err)
	}
	text := scrape(t, h)
	for _, want := range []string{
		`twinrig_hub_messages_total{hub="rig"} 2`,
		`twinrig_hub_message_bytes_total{hub="rig"} 256`,
		`twinrig_hub_messages_refused_total{hub="rig"} 1`,
		`twinrig_hub_acknowledge_seconds_count{hub="rig"} 2`,
		`twinrig_hub_acknowledge_seconds_bucket{hub="rig",le="+Inf"} 2`,
		`twinrig_hub_twin_operations_total{hub="rig",operation="service get"} 2`,
		`twinrig_hub_twin_operations_total{hub="rig",operation="device report"} 1`,
		`twinrig_hub_throttled_total{hub="rig",operation="twin read"} 1`,
		`twinrig_hub_methods_total{hub="rig",outcome="answered"} 1`,
		`twinrig_hub_methods_total{hub="rig",outcome="offline"} 1`,
		`twinrig_hub_commands_queued_total{hub="rig"} 2`,
		`twinrig_hub_commands_ended_total{hub="rig",outcome="Success"} 1`,
		`twinrig_hub_commands_ended_total{hub="rig",outcome="Purged"} 1`,
		`twinrig_hub_registry_operations_total{hub="rig",operation="create"} 2`,
		`twinrig_hub_registry_operations_total{hub="rig",operation="update"} 1`,
		`twinrig_hub_devices{hub="rig",status="enabled"} 1`,
		`twinrig_hub_devices{hub="rig",status="disabled"} 1`,
		`twinrig_hub_partition_first_event{hub="rig",partition="0"} 0`,
		`twinrig_hub_partition_next_event{hub="rig",partition="0"} 2`,
		`twinrig_hub_connections{hub="rig",protocol="mqtt 5"} 2`,
		`twinrig_hub_connects_refused_total{hub="rig",reason="not authorized"} 7`,
		`twinrig_listener_refused_total{reason="too many connections"} 1`,
		`twinrig_listener_http_connections 3`,
	} {
		if !strings.Contains("\n"+text, "\n"+want+"\n") {
			name, _, _ := strings.Cut(want, "{")
			t.Errorf("no %s among\n%s", want, strings.Join(regexp.MustCompile(name+`.*`).FindAllString(text, -1), "\n"))
		}
	}
	if !strings.Contains(text, "\ngo_goroutines ") || !regexp.MustCompile(`append_seconds_count\{hub="rig"\} [12]\n`).MatchString(text) {
		t.Error("Go runtime or appends are missing")
	}
}

// Buckets are told apart by bounds that grow, over the times a hub takes.
func TestBoundsGrow(t *testing.T) {
	for i := 1; i < len(hub.Bounds); i++ {
		if hub.Bounds[i] <= hub.Bounds[i-1] {
			t.Errorf("bound %d is %v after %v", i, hub.Bounds[i], hub.Bounds[i-1])
		}
	}
	if hub.Bounds[0] > 100*time.Microsecond || hub.Bounds[len(hub.Bounds)-1] < 5*time.Second {
		t.Errorf("bounds %v do not span what a hub does", hub.Bounds)
	}
}

// A hub shows its meters.
func Example() {
	s, err := store.Open(context.Background(), store.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	h, err := hub.New(hub.Config{HostName: "localhost"}, s)
	if err != nil {
		panic(err)
	}
	defer h.Close(context.Background())
	handler := metrics.Handler(metrics.Listeners{Refusals: new(hub.Counts), HTTP: func() int { return 0 }}, metrics.Source{Hub: h, Front: front{}})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	fmt.Println(w.Code, strings.Contains(w.Body.String(), `twinrig_hub_messages_total{hub="localhost"} 0`))
	// Output: 200 true
}
