package requirement

import (
	"slices"
	"sort"
	"time"
)

// Series is a signal: its values at rising instants.
type Series struct {
	Time  []time.Time
	Value []float64
	Step  bool // holds each value until the next; otherwise linear in between
}

// Add appends a sample. Of two at one instant the later counts.
func (s *Series) Add(t time.Time, v float64) {
	if n := len(s.Time); n > 0 && !t.After(s.Time[n-1]) {
		s.Value[n-1] = v
		return
	}
	s.Time = append(s.Time, t)
	s.Value = append(s.Value, v)
}

// At is the value at t. Beyond the ends it is the nearest known one.
func (s *Series) At(t time.Time) float64 {
	i := sort.Search(len(s.Time), func(i int) bool { return s.Time[i].After(t) })
	switch {
	case i == 0:
		return s.Value[0]
	case i == len(s.Time) || s.Step:
		return s.Value[i-1]
	}
	span := s.Time[i].Sub(s.Time[i-1]).Seconds()
	share := t.Sub(s.Time[i-1]).Seconds() / span
	return s.Value[i-1] + share*(s.Value[i]-s.Value[i-1])
}

// Within is the part of the series from one instant to another, with its values
// at both ends.
func (s *Series) Within(from, to time.Time) Series {
	part := Series{Step: s.Step}
	part.Add(from, s.At(from))
	first := sort.Search(len(s.Time), func(i int) bool { return s.Time[i].After(from) })
	for i := first; i < len(s.Time) && s.Time[i].Before(to); i++ {
		part.Add(s.Time[i], s.Value[i])
	}
	part.Add(to, s.At(to))
	return part
}

// Clone is a copy that later additions do not touch.
func (s *Series) Clone() Series {
	return Series{slices.Clone(s.Time), slices.Clone(s.Value), s.Step}
}
