package server

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// headroom is what a process may allocate between two collections at least. With the
// default of once its live heap, a hub of few devices would be collecting much of the time,
// and every hundredth acknowledgement would wait for that.
const headroom = 160 << 20

const headroomCheck = 5 * time.Second

// KeepHeadroom adjusts the garbage collector of the process until ctx ends: a small heap
// is collected seldom, a large one as by default.
func KeepHeadroom(ctx context.Context) {
	before := debug.SetGCPercent(headroom / (16 << 20) * 100)
	defer debug.SetGCPercent(before)
	ticker := time.NewTicker(headroomCheck)
	defer ticker.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		metrics.Read(live)
		debug.SetGCPercent(gcPercent(live[0].Value.Uint64()))
	}
}

// gcPercent is the percentage of the live heap that makes up the headroom, 100 at least.
func gcPercent(live uint64) int {
	return int(max(headroom/max(live>>20, 1)*100>>20, 100))
}
