package link

import (
	"math/rand/v2"
	"time"
)

// Backoff computes the waits between attempts to connect: Min doubled with every
// attempt up to Max, of which the second half is random so that a fleet does not
// return in step. Without Rand the wait is the full one each time.
type Backoff struct {
	Min, Max time.Duration
	Rand     *rand.Rand

	wait time.Duration
}

// Next is the wait before the next attempt.
func (b *Backoff) Next() time.Duration {
	switch {
	case b.wait < b.Min:
		b.wait = b.Min
	case b.wait > b.Max/2: // doubling would pass Max, or overflow
		b.wait = b.Max
	default:
		b.wait *= 2
	}
	b.wait = max(0, min(b.wait, b.Max))
	if b.Rand == nil || b.wait < 2 {
		return b.wait
	}
	half := b.wait / 2
	return b.wait - half + time.Duration(b.Rand.Int64N(int64(half)+1))
}

// Reset starts over, after a connection that worked.
func (b *Backoff) Reset() { b.wait = 0 }
