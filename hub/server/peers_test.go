package server_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	peerRounds = 3
	peerRound  = 1500 * time.Millisecond
)

// BenchmarkTelemetryPeers compares telemetry of 256 bytes with QoS 1, authenticated and
// acknowledged after the append, with brokers that store nothing: rounds of all peers take
// turns, and ratios are of their medians. Run it with -benchtime 1x.
func BenchmarkTelemetryPeers(b *testing.B) {
	for _, c := range []struct{ connections, window int }{{100, 16}, {100, 1}, {1, 1}} {
		b.Run(fmt.Sprintf("connections=%d/window=%d", c.connections, c.window), func(b *testing.B) {
			rates := map[string][]float64{}
			var peers []*peer
			for _, role := range []string{"hub", "hub-sync", "mochi", "mosquitto"} {
				if p := startPeer(b, role); p != nil {
					peers = append(peers, p)
				}
			}
			b.ResetTimer()
			for range b.N {
				for range peerRounds {
					for _, p := range peers {
						rates[p.name] = append(rates[p.name], throughput(b, p, c.connections, c.window, peerRound))
					}
				}
			}
			b.StopTimer()
			for _, p := range peers {
				b.ReportMetric(median(rates[p.name]), p.name+"-msg/s")
			}
			hub, durable := median(rates["hub"]), median(rates["hub-sync"])
			b.ReportMetric(hub/median(rates["mochi"]), "×mochi")
			b.ReportMetric(durable/median(rates["mochi"]), "sync×mochi")
			if m := rates["mosquitto"]; m != nil {
				b.ReportMetric(hub/median(m), "×mosquitto")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkLatency is the time from PUBLISH to PUBACK at 10,000 messages a second over
// 1,000 connections.
func BenchmarkLatency(b *testing.B) {
	for _, role := range []string{"hub", "mochi"} {
		b.Run(role, func(b *testing.B) {
			p := startPeer(b, role)
			for range b.N {
				l := latencies(b, p, 1000, 10_000, 5*time.Second)
				b.ReportMetric(float64(quantile(l, 0.5).Microseconds()), "p50-µs")
				b.ReportMetric(float64(quantile(l, 0.99).Microseconds()), "p99-µs")
				b.ReportMetric(float64(len(l))/5, "msg/s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkConnects measures authenticated connects in plain text, and what an idle
// connection with subscriptions to commands and methods costs the hub: its resident
// memory, once the collector has run.
func BenchmarkConnects(b *testing.B) {
	for _, role := range []string{"hub", "mochi"} {
		b.Run(role, func(b *testing.B) {
			p := startPeer(b, role)
			before := residentKiB(b, p.pid)
			var devices []*publisher
			var elapsed time.Duration
			for range b.N {
				disconnect(devices)
				start := time.Now()
				devices = connectAll(b, p, peerDevices)
				elapsed += time.Since(start)
			}
			b.ReportMetric(float64(b.N*peerDevices)/elapsed.Seconds(), "connects/s")
			for i, d := range devices {
				if err := d.subscribe("devices/"+peerDevice(i)+"/messages/devicebound/#", "$iothub/methods/POST/#"); err != nil {
					b.Fatal(err)
				}
			}
			time.Sleep(3 * time.Second) // stacks shrink with the collector
			b.ReportMetric((residentKiB(b, p.pid)-before)/peerDevices, "KiB/connection")
			b.ReportMetric(0, "ns/op")
			disconnect(devices)
		})
	}
}

// connectAll connects devices from several goroutines.
func connectAll(b *testing.B, p *peer, n int) []*publisher {
	b.Helper()
	devices := make([]*publisher, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				d, err := dialPublisher(p, int(i))
				if err != nil {
					b.Errorf("%s: device %d: %v", p.name, i, err)
					return
				}
				devices[i] = d
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return devices
}

// residentKiB reads the resident memory of a process.
func residentKiB(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("no /proc to read memory from: ", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

// BenchmarkRestart is the time from the start of a hub's process, after it was killed with
// a million events stored, to the first device's CONNACK.
func BenchmarkRestart(b *testing.B) {
	const events = 1_000_000
	b.Setenv(peerDir, b.TempDir())
	p := startPeer(b, "hub")
	stored := 0.0
	for stored < events {
		stored += throughput(b, p, 100, 64, 2*time.Second) * 2
	}
	var total time.Duration
	for range b.N {
		if err := syscall.Kill(p.pid, syscall.SIGKILL); err != nil {
			b.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // the lock of the data directory goes with the process
		at := time.Now()
		p = startPeer(b, "hub")
		disconnect(connectInTurn(b, p, 1))
		total += time.Since(at)
	}
	b.ReportMetric(float64((total / time.Duration(b.N)).Milliseconds()), "ms/restart")
	b.ReportMetric(stored, "events")
	b.ReportMetric(0, "ns/op")
}
