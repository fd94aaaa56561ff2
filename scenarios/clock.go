package scenarios

import (
	"testing/synctest"
	"time"
)

// Clock says how time passes in a scenario.
type Clock string

// The clocks.
const (
	// Virtual time jumps to the next thing that happens. The scenario's hub,
	// clients and devices all live in one testing/synctest bubble.
	Virtual Clock = "virtual"
	// Real time is the wall's; the hub listens on loopback sockets.
	Real Clock = "real"
)

// Epoch is the scenario time at which virtual scenarios begin: 06:00 UTC on a
// summer Monday. A fixed instant, so that the sun stands the same in every run.
var Epoch = time.Date(2026, time.June, 1, 6, 0, 0, 0, time.UTC)

// settling is how long the driver lets what a step set off come to rest, in
// virtual time, before it goes on to the next: far longer than a message is on
// the wire, far shorter than any device's phase.
const settling = time.Millisecond

// settle waits until everything a step set off has come to rest.
func (c Clock) settle() {
	if c == Virtual {
		time.Sleep(settling)
		synctest.Wait()
	}
}
