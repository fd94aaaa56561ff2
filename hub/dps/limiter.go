package dps

import (
	"sync"
	"time"
)

// Windows of the limits.
const (
	registrationWindow = time.Minute
	pollWindow         = 10 * time.Second
	maxPollers         = 10000 // devices whose polls are remembered
)

// limiter counts what devices ask for within sliding windows.
type limiter struct {
	Limits

	mu            sync.Mutex
	registrations []time.Time
	polls         map[string][]time.Time
}

// register says how long a device has to wait that wants to register, 0 if not at all.
func (l *limiter) register() (wait time.Duration) {
	if l.Registrations == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.registrations, wait = take(l.registrations, l.Registrations, registrationWindow)
	return wait
}

// poll is register for a device that asks after its operation.
func (l *limiter) poll(id string) (wait time.Duration) {
	if l.Polls == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tidy()
	l.polls[id], wait = take(l.polls[id], l.Polls, pollWindow)
	return wait
}

// take adds an event to those of the window when there is room for it.
func take(events []time.Time, limit int, window time.Duration) ([]time.Time, time.Duration) {
	at := time.Now()
	for len(events) > 0 && at.Sub(events[0]) >= window {
		events = events[1:]
	}
	if len(events) >= limit {
		return events, window - at.Sub(events[0])
	}
	return append(events, at), 0
}

// tidy forgets devices that have not polled for a window when many are remembered, and
// everything when that does not help: the limit is there to slow devices down, not to
// fill memory.
func (l *limiter) tidy() {
	if l.polls == nil {
		l.polls = map[string][]time.Time{}
	}
	if len(l.polls) < maxPollers {
		return
	}
	for id, events := range l.polls {
		if time.Since(events[len(events)-1]) >= pollWindow {
			delete(l.polls, id)
		}
	}
	if len(l.polls) >= maxPollers {
		clear(l.polls)
	}
}
