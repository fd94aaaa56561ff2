package scenarios

import (
	"fmt"
	"time"
)

// timeSteps let time pass.
func (w *World) timeSteps() []Step {
	return []Step{
		{`{duration} pass(?:es)?`, `24 hours pass`, "", w.passes},
		{`the clock reaches (\d\d:\d\d)`, `the clock reaches 14:30`, "", w.clockReaches},
	}
}

func (w *World) passes(d string) error {
	length, err := duration(d)
	if err != nil {
		return err
	}
	time.Sleep(length)
	return w.health()
}

// clockReaches waits for the next time the clock shows a time of day, UTC.
func (w *World) clockReaches(clock string) error {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return usage(fmt.Errorf("%s is not a time of day", clock), "write 00:00 to 23:59")
	}
	now := time.Now().UTC()
	next := time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	if !next.After(now) {
		next = next.AddDate(0, 0, 1)
	}
	time.Sleep(next.Sub(now))
	return w.health()
}

// health is an error when a plant could not go on.
func (w *World) health() error {
	for _, id := range w.order {
		if err := w.devices[id].Err(); err != nil {
			return &rigError{err}
		}
	}
	return nil
}
