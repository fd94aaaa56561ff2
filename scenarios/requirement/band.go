package requirement

import (
	"math"
	"time"
)

// Band is a range of values, open where a bound is missing. The zero Band
// allows everything.
type Band struct {
	Lower, Upper *float64
}

// Below is the band up to v, Above the one from v on, Between has both bounds.
func Below(v float64) Band { return Band{Upper: &v} }

// Above is the band from v on.
func Above(v float64) Band { return Band{Lower: &v} }

// Between is the band from a to b.
func Between(a, b float64) Band { return Band{Lower: &a, Upper: &b} }

// Margin is how far inside the band v lies; negative outside.
func (b Band) Margin(v float64) float64 {
	m := math.Inf(1)
	if b.Lower != nil {
		m = v - *b.Lower
	}
	if b.Upper != nil {
		m = math.Min(m, *b.Upper-v)
	}
	return m
}

// Result is the judgement of one requirement.
type Result struct {
	Margin float64   // ≥ 0 kept, < 0 broken; in the signal's unit
	Worst  time.Time // when the margin was smallest (Recovers: in the best window)
	Value  float64   // the signal then
}

// Always judges that s lies in the band from one instant to another.
func Always(s Series, b Band, from, to time.Time) Result {
	part := s.Within(from, to)
	r := Result{Margin: math.Inf(1)}
	for i, v := range part.Value {
		if m := b.Margin(v); m < r.Margin {
			r = Result{m, part.Time[i], v}
		}
	}
	return r
}

// Recovers judges that s comes into the band within the given time and stays
// there for hold: the best instant to begin decides.
func Recovers(s Series, b Band, from time.Time, within, hold time.Duration) Result {
	best := Result{Margin: math.Inf(-1)}
	for _, begin := range candidates(s, b, from, within, hold) {
		if r := Always(s, b, begin, begin.Add(hold)); r.Margin > best.Margin {
			best = r
		}
	}
	return best
}

// candidates are the instants at which the smallest margin over the following
// hold can be largest: the ends, the samples, hold before each sample, and, for
// the pieces in between, where both ends of the window are equally good.
func candidates(s Series, b Band, from time.Time, within, hold time.Duration) []time.Time {
	last := from.Add(within)
	var points Series // used as an ordered set of instants
	for _, t := range mergeSorted(s.Time, hold) {
		if t.After(from) && t.Before(last) {
			points.Add(t, 0)
		}
	}
	all := append(append([]time.Time{from}, points.Time...), last)
	out := all
	margin := func(t time.Time) float64 { return b.Margin(s.At(t)) }
	for i := 1; i < len(all); i++ {
		lo, hi := all[i-1], all[i]
		dLo := margin(lo) - margin(lo.Add(hold))
		dHi := margin(hi) - margin(hi.Add(hold))
		if dLo*dHi < 0 {
			share := dLo / (dLo - dHi)
			out = append(out, lo.Add(time.Duration(share*float64(hi.Sub(lo)))))
		}
	}
	return out
}

// mergeSorted is the instants and the same less shift, in order.
func mergeSorted(times []time.Time, shift time.Duration) []time.Time {
	out := make([]time.Time, 0, 2*len(times))
	i, j := 0, 0
	for i < len(times) || j < len(times) {
		if j == len(times) || i < len(times) && times[i].Before(times[j].Add(-shift)) {
			out = append(out, times[i])
			i++
			continue
		}
		out = append(out, times[j].Add(-shift))
		j++
	}
	return out
}
