package route

import (
	"errors"
	"fmt"
)

// Leg is a stretch of time at one speed; zero is a stop.
type Leg struct {
	Duration float64 // s
	Speed    float64 // m/s
}

// Journey is a route with the legs it is driven in. It ends when the legs or the
// route do.
type Journey struct {
	*Route
	segments []Segment
}

// Segment is a leg as it is driven: the last one may end early, at the arrival.
type Segment struct {
	Begin, End float64 // s after departure
	From       float64 // m along the route at Begin
	Speed      float64 // m/s
}

// NewJourney checks the legs.
func NewJourney(r *Route, legs []Leg) (*Journey, error) {
	if len(legs) == 0 {
		return nil, errors.New("journey: no legs")
	}
	j := &Journey{Route: r}
	begin, from := 0.0, 0.0
	for i, l := range legs {
		if !(l.Duration > 0) || !(l.Speed >= 0 && l.Speed <= 100) {
			return nil, fmt.Errorf("journey: leg %d: %g s at %g m/s; a duration above 0 and a speed of 0 to 100 m/s are needed", i, l.Duration, l.Speed)
		}
		if from >= r.Length() {
			continue
		}
		s := Segment{Begin: begin, End: begin + l.Duration, From: from, Speed: l.Speed}
		from += float64(l.Speed * l.Duration)
		if from >= r.Length() {
			from = r.Length()
			s.End = begin + (from-s.From)/l.Speed
		}
		begin = s.End
		j.segments = append(j.segments, s)
	}
	return j, nil
}

// Segment is the i-th stretch of the journey; false when it is over by then.
func (j *Journey) Segment(i int) (Segment, bool) {
	if i >= len(j.segments) {
		return Segment{}, false
	}
	return j.segments[i], true
}

// Distance is how far the vehicle has come t seconds after departure, in m.
func (j *Journey) Distance(t float64) float64 {
	for _, s := range j.segments {
		if t < s.End {
			return s.From + float64(s.Speed*max(0, t-s.Begin))
		}
	}
	last := j.segments[len(j.segments)-1]
	return last.From + float64(last.Speed*(last.End-last.Begin))
}
