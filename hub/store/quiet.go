package store

import (
	"sync"
	"sync/atomic"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats-server/v2/server/ats"
)

// An idle server wakes up once a second to forget log lines and every ten seconds
// to read its own statistics from /proc. Nobody looks at either here, but in a
// synctest bubble they cost 0.4 s of wall time per virtual day, most of what a
// scenario may cost. The server has no option for them.

// statsHBInterval is the period of the server's statistics.
//
//go:linkname statsHBInterval github.com/nats-io/nats-server/v2/server.statsHBInterval
var statsHBInterval time.Duration

//go:linkname changeRateLimitLogInterval github.com/nats-io/nats-server/v2/server.(*Server).changeRateLimitLogInterval
func changeRateLimitLogInterval(*server.Server, time.Duration)

var (
	register   sync.Once
	registered atomic.Bool
)

// Register prepares the process for stores. Call it once at the start of the program,
// outside any synctest bubble: it starts the clock goroutine that all embedded
// servers share, which would otherwise keep a bubble's time from moving.
func Register() {
	register.Do(func() {
		statsHBInterval = never
		ats.Register()
		registered.Store(true)
	})
}

// hush keeps a running server from waking up for nothing.
func hush(s *server.Server) { changeRateLimitLogInterval(s, never) }
