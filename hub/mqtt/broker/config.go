package broker

import (
	"crypto/rand"
	"io"
	"log/slog"
)

// Config of a Broker. A zero field means the default.
type Config struct {
	Passwords *Passwords // nil = names are not checked, and not believed
	Rules     *Rules     // nil = everything is allowed
	Anonymous bool       // clients without a name may come from other machines, and beside a password file

	MaxQueued        int // messages that wait for one client; 0 = 1000
	MaxQueuedBytes   int // their topics and payloads, and of what it has not acknowledged; 0 = 16 MiB
	MaxInflight      int // unacknowledged messages to one client, which may ask for less; 0 = 20
	MaxSessions      int // 0 = 100 000
	MaxSubscriptions int // of one client; 0 = 1000
	MaxRetained      int // 0 = 100 000
	MaxRetainedBytes int // topics and payloads; 0 = 256 MiB

	Random io.Reader    // for assigned client identifiers; nil = crypto/rand
	Log    *slog.Logger // nil = discard
}

// Bounds that no configuration moves.
const (
	maxLevels  = 200   // of a topic or filter
	maxWaiting = 30000 // messages of one client with a packet identifier, retained ones included
)

func (c Config) withDefaults() Config {
	orElse := func(field *int, fallback int) {
		if *field <= 0 {
			*field = fallback
		}
	}
	orElse(&c.MaxQueued, 1000)
	orElse(&c.MaxQueuedBytes, 16<<20)
	orElse(&c.MaxRetainedBytes, 256<<20)
	orElse(&c.MaxInflight, 20)
	orElse(&c.MaxSessions, 100_000)
	orElse(&c.MaxSubscriptions, 1000)
	orElse(&c.MaxRetained, 100_000)
	c.MaxQueued = min(c.MaxQueued, maxWaiting)
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}
