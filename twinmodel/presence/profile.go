package presence

import (
	"errors"
	"fmt"
)

// Profile is the probability that an occupant is in the room, over the day:
// linear between its points, and from the last one round midnight to the first.
type Profile []Point

// Point is one corner of a profile.
type Point struct {
	Hour     float64 // of the day, UTC
	Presence float64 // probability, 0 to 1
}

// Office is the profile of working days in an office. Its hourly means are those
// of UCI data set 357 (hours 7 to 18: 0.11 0.49 0.97 0.94 0.86 0.85 0.48 0.87
// 0.90 0.98 0.93 0.13), within 0.02.
var Office = Profile{
	{7, 0}, {7.5, 0.10}, {8, 0.24}, {8.5, 0.43}, {9, 0.92}, {9.5, 0.99}, {10, 0.96}, {10.5, 0.94}, {11, 0.91}, {11.5, 0.84}, {12, 0.85},
	{12.5, 0.94}, {13, 0.66}, {13.5, 0.30}, {14, 0.68}, {14.5, 0.97}, {15, 0.87}, {15.5, 0.89}, {16, 0.96}, {16.5, 0.99}, {17.7, 0.99}, {18.4, 0},
}

// At is the presence at an hour of the day.
func (p Profile) At(hour float64) float64 {
	for i := range p {
		if hour < p[i].Hour {
			return between(p[(i+len(p)-1)%len(p)], p[i], hour)
		}
	}
	return between(p[len(p)-1], p[0], hour)
}

// between is the line from a to b, whose hours may lie on two sides of midnight.
func between(a, b Point, hour float64) float64 {
	span, since := b.Hour-a.Hour, hour-a.Hour
	if span <= 0 {
		span += 24
	}
	if since < 0 {
		since += 24
	}
	return a.Presence + float64((b.Presence-a.Presence)*(since/span))
}

// Validate says what is impossible.
func (p Profile) Validate() error {
	if len(p) == 0 {
		return errors.New("Profile: no points")
	}
	for i, c := range p {
		if !(c.Hour >= 0 && c.Hour < 24) || i > 0 && c.Hour <= p[i-1].Hour {
			return fmt.Errorf("Profile: hour %g is not in order between 0 and 24", c.Hour)
		}
		if !(c.Presence >= 0 && c.Presence <= 1) {
			return fmt.Errorf("Profile: presence %g at hour %g is no probability", c.Presence, c.Hour)
		}
	}
	return nil
}
