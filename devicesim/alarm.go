package devicesim

import (
	"time"

	"twinrig/devicesim/link"
)

// Alarm watches one condition: it is raised when the condition has held for
// Delay without a break and cleared when it ends.
type Alarm struct {
	Name  string
	Delay time.Duration

	since  time.Time // when the condition began; zero while it does not hold
	active bool
}

// Active reports whether the alarm is raised.
func (a *Alarm) Active() bool { return a.active }

// Watch takes the condition at an instant and returns the messages to publish:
// one when the alarm is raised or cleared, else none.
func (a *Alarm) Watch(now time.Time, holds bool, text string) []link.Message {
	if !holds {
		a.since = time.Time{}
		return a.change(false, text)
	}
	if a.since.IsZero() {
		a.since = now
	}
	if now.Sub(a.since) >= a.Delay {
		return a.change(true, text)
	}
	return nil
}

func (a *Alarm) change(active bool, text string) []link.Message {
	if a.active == active {
		return nil
	}
	a.active = active
	return []link.Message{AlertMessage(a.Name, active, text)}
}
