package planttest

import (
	"math"
	"syscall"
	"testing"
	"time"
)

// Throughput runs step, which moves that many devices by one step, as often as
// the benchmark asks, and reports millions of device-steps a second on one core.
func Throughput(b *testing.B, devices int, step func()) {
	b.Helper()
	b.ReportMetric(float64(devices)/Fastest(b, step)/1e6, "M-device-steps/s/core")
}

// Fastest runs step as often as the benchmark asks and returns the seconds one
// takes: CPU time, and of the batches the fastest, because other programs only
// ever slow one down.
func Fastest(b *testing.B, step func()) float64 {
	b.Helper()
	const batch = 10 * time.Millisecond
	best, n := math.Inf(1), 0
	begin := CPUTime(b)
	for b.Loop() {
		step()
		n++
		if n&7 != 0 {
			continue
		}
		if now := CPUTime(b); now-begin >= batch {
			best = math.Min(best, (now-begin).Seconds()/float64(n))
			begin, n = now, 0
		}
	}
	if math.IsInf(best, 1) && n > 0 {
		best = (CPUTime(b) - begin).Seconds() / float64(n)
	}
	return best
}

// CPUTime is what this process has used so far.
func CPUTime(t TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatalf("CPU time: %v", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
