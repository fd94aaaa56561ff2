package presence

import (
	"errors"
	"fmt"
)

// Profile is the probability that an occupant is in the room, over the day:
// linear between its corners, and from the last one round midnight to the first.
type Profile struct {
	Hours    []float64 `unit:"h" range:"0..24" doc:"hours of the day, UTC, at which the profile has a corner"`
	Presence []float64 `unit:"1" range:"0..1" doc:"probability of presence at these hours"`
}

// Office is the profile of working days in an office. Its hourly means are those
// of UCI data set 357 (hours 7 to 18: 0.11 0.49 0.97 0.94 0.86 0.85 0.48 0.87
// 0.90 0.98 0.93 0.13), within 0.02.
var Office = Profile{
	Hours: []float64{7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5, 12,
		12.5, 13, 13.5, 14, 14.5, 15, 15.5, 16, 16.5, 17.7, 18.4},
	Presence: []float64{0, 0.10, 0.24, 0.43, 0.92, 0.99, 0.96, 0.94, 0.91, 0.84, 0.85,
		0.94, 0.66, 0.30, 0.68, 0.97, 0.87, 0.89, 0.96, 0.99, 0.99, 0},
}

// At is the presence at an hour of the day.
func (p *Profile) At(hour float64) float64 {
	next := 0
	for next < len(p.Hours) && p.Hours[next] <= hour {
		next++
	}
	last := len(p.Hours) - 1
	from, to := (next+last)%(last+1), next%(last+1)
	span, since := p.Hours[to]-p.Hours[from], hour-p.Hours[from]
	if span <= 0 {
		span += 24
	}
	if since < 0 {
		since += 24
	}
	return p.Presence[from] + float64((p.Presence[to]-p.Presence[from])*(since/span))
}

func (p *Profile) validate() error {
	if len(p.Hours) == 0 || len(p.Hours) != len(p.Presence) {
		return errors.New("Profile: as many hours as presences, and at least one")
	}
	for i, h := range p.Hours[1:] {
		if h <= p.Hours[i] {
			return fmt.Errorf("Profile.Hours: %g after %g", h, p.Hours[i])
		}
	}
	if p.Hours[len(p.Hours)-1] >= 24 {
		return errors.New("Profile.Hours: the day ends before 24")
	}
	return nil
}
