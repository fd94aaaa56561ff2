package store_test

import (
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub/store"
)

// What an idle store costs is counted in scheduling events, which unlike wall time do
// not depend on the machine: with the server's own tickers a virtual day takes more than
// 100,000 of them.
func TestIdleStoreSleeps(t *testing.T) {
	start, before := time.Now(), scheduled()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Log(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
	n := scheduled() - before
	t.Logf("opening, 24 virtual hours and closing took %d scheduling events, %v", n, time.Since(start))
	if n > 5_000 {
		t.Errorf("%d scheduling events; something in the store wakes up for nothing", n)
	}
}

func scheduled() (n uint64) {
	sample := []metrics.Sample{{Name: "/sched/latencies:seconds"}}
	metrics.Read(sample)
	for _, c := range sample[0].Value.Float64Histogram().Counts {
		n += c
	}
	return n
}
