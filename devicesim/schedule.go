package devicesim

import "time"

// Schedule says when something that repeats is due: telemetry, a control cycle.
// Changing Every moves the next time at once, counted from the last.
type Schedule struct {
	Every time.Duration
	last  time.Time
}

// Due reports whether it is time, and if so counts from now on. The first call
// is always due.
func (s *Schedule) Due(now time.Time) bool {
	if now.Before(s.Next()) {
		return false
	}
	if next := s.Next(); !s.last.IsZero() && now.Sub(next) < s.Every {
		s.last = next
	} else {
		s.last = now
	}
	return true
}

// Next is when Due turns true.
func (s *Schedule) Next() time.Time {
	if s.last.IsZero() {
		return s.last
	}
	return s.last.Add(s.Every)
}

// Earliest is the first of several instants.
func Earliest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.Before(first) {
			first = t
		}
	}
	return first
}
