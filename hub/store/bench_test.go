package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"twinrig/hub"
	"twinrig/hub/store"
)

// BenchmarkTelemetry measures events of 256 bytes from producers that wait for each
// acknowledgement before they send the next event.
func BenchmarkTelemetry(b *testing.B) {
	for _, row := range []struct {
		name    string
		options store.Options
		memory  bool
	}{
		{name: "memory", memory: true},
		{name: "disk"},
		{name: "sync", options: store.Options{Sync: true}},
	} {
		for _, producers := range []int{1, 100, 10_000} {
			b.Run(fmt.Sprintf("%s/producers=%d", row.name, producers), func(b *testing.B) {
				if !row.memory {
					row.options.Dir = b.TempDir()
				}
				benchmarkTelemetry(b, open(b, row.options), producers)
			})
		}
	}
}

func benchmarkTelemetry(b *testing.B, s *store.Store, producers int) {
	ctx := context.Background()
	h, err := hub.New(hub.Config{HostName: "bench"}, s)
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close(ctx)
	connections := make([]*hub.Connection, producers)
	for i := range connections {
		id := fmt.Sprintf("device-%d", i)
		if _, err := h.CreateDevice(ctx, hub.Device{ID: id}); err != nil {
			b.Fatal(err)
		}
		info := hub.ConnectInfo{DeviceID: id, AuthMethod: `{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}`}
		if connections[i], err = h.Connect(ctx, info, silentSession{}); err != nil {
			b.Fatal(err)
		}
	}
	body := make([]byte, 256)
	b.ReportAllocs()
	b.ResetTimer()
	var wg sync.WaitGroup
	for i, c := range connections {
		share := b.N / producers
		if i < b.N%producers {
			share++
		}
		wg.Go(func() {
			done := make(chan error, 1)
			acknowledge := func(err error) { done <- err }
			for range share {
				c.Telemetry(hub.Message{Body: body}, acknowledge)
				if err := <-done; err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
