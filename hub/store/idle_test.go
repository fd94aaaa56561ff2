package store_test

import (
	"context"
	"fmt"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
	"twinrig/hub/store"
)

// What sleeping costs is counted in scheduling events (of which the runtime samples
// every eighth); unlike wall time they do not depend on the machine.
func TestIdleStoreSleeps(t *testing.T) {
	for _, row := range []struct {
		why   string
		limit uint64 // with the server's own tickers it is more than 20,000
		day   func(*testing.T, *store.Store)
	}{
		{"a day of nothing", 2_000, func(*testing.T, *store.Store) { time.Sleep(24 * time.Hour) }},
		{"a day of a waiting command", 4_000, commandDay},
		{"a day of telemetry every 5 minutes", 15_000, truckDay},
	} {
		start, before := time.Now(), scheduled()
		synctest.Test(t, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			row.day(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
		n := scheduled() - before
		t.Logf("%s: %d scheduling events, %v", row.why, n, time.Since(start))
		if n > row.limit {
			t.Errorf("%s: %d scheduling events, limit %d; something wakes up for nothing", row.why, n, row.limit)
		}
	}
}

func withTruck(t *testing.T, s *store.Store, day func(*hub.Hub, *hub.Connection)) {
	h, err := hub.New(hub.Config{HostName: "hub.local"}, s)
	if err != nil {
		t.Fatal(err)
	}
	day(h, attach(t.Context(), h, "truck"))
	if err := h.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func commandDay(t *testing.T, s *store.Store) {
	withTruck(t, s, func(h *hub.Hub, _ *hub.Connection) {
		m := hub.Message{Body: []byte("defrost"), System: hub.SystemProperties{Expiry: time.Now().Add(24 * time.Hour)}}
		if _, err := h.Enqueue(t.Context(), "truck", m); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
	})
}

func truckDay(t *testing.T, s *store.Store) {
	withTruck(t, s, func(h *hub.Hub, c *hub.Connection) {
		done := make(chan error, 1)
		for i := range 288 {
			c.Telemetry(hub.Message{Body: fmt.Append(nil, i)}, func(err error) { done <- err })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Minute)
		}
		n := 0
		for p := range h.Partitions() {
			for _, err := range h.Events(t.Context(), p, 0, false) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
		}
		if n != 288 {
			t.Errorf("%d events", n)
		}
	})
}

func scheduled() (n uint64) {
	sample := []metrics.Sample{{Name: "/sched/latencies:seconds"}}
	metrics.Read(sample)
	for _, c := range sample[0].Value.Float64Histogram().Counts {
		n += c
	}
	return n
}
