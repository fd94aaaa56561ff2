package ode

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// A Delay is a state that the model also reads as it was some time ago: what
// flows into a long pipe comes out of it later. Discrete.Past reads it. Kinks
// that come back after the lag are not located as events are: step control has
// to notice them.
type Delay struct {
	State int
	Lag   float64
}

// history is the solution of the recent past for the states that are read late:
// a cubic for each part of a step that nothing can undo any more.
type history struct {
	delays            []Delay
	before            []float64 // values before the start
	shortest, longest float64   // lag
	data              []float64 // of the parts, oldest first
	x                 []float64
}

// A part is its begin, its end, and four values of every delayed state, evenly
// spaced from one to the other.
const partHead, partValues = 2, 4

// Parts are at most coarse of the shortest lag long, because a continuous
// extension may bend more than a cubic. Two neighbours shorter than grain of it
// are joined to one, which bounds the history however small the steps.
const coarse, grain = 1.0 / 8, 1.0 / 64

// newHistory is nil without delays. It limits the configuration's steps.
func newHistory(c *Config) (*history, error) {
	if len(c.Delays) == 0 {
		return nil, nil
	}
	h := &history{delays: append([]Delay(nil), c.Delays...), shortest: math.Inf(1), x: make([]float64, len(c.State))}
	for i, d := range h.delays {
		if d.State < 0 || d.State >= len(c.State) {
			return nil, fmt.Errorf("delay %d: no state %d", i, d.State)
		}
		if !(d.Lag > 0) || math.IsInf(d.Lag, 1) {
			return nil, fmt.Errorf("delay %d: lag %g, want positive", i, d.Lag)
		}
		h.before = append(h.before, c.State[d.State])
		h.shortest, h.longest = math.Min(h.shortest, d.Lag), math.Max(h.longest, d.Lag)
	}
	h.data = make([]float64, 0, h.most()*h.width())
	return h, h.limit(c)
}

// limit keeps steps from reading what they are about to compute. A method may
// stretch a step by one per cent to end it at a limit.
func (h *history) limit(c *Config) error {
	longest := 0.98 * h.shortest
	switch {
	case c.Affine:
		return errors.New("delays: what is read late is not affine")
	case c.Step > longest:
		return fmt.Errorf("delays: a step of %g is too long for a lag of %g", c.Step, h.shortest)
	case c.Tolerance.MaxStep == 0 || c.Tolerance.MaxStep > longest:
		c.Tolerance.MaxStep = longest
	}
	return nil
}

func (h *history) width() int { return partHead + partValues*len(h.delays) }

func (h *history) parts() int { return len(h.data) / h.width() }

// most is the number of parts there can be.
func (h *history) most() int { return int(2*h.longest/(grain*h.shortest)) + 4 }

func (h *history) part(i int) []float64 { return h.data[i*h.width():][:h.width()] }

// keep files the solver's solution up to t.
func (h *history) keep(s method, t float64) {
	from := s.T0()
	if n := h.parts(); n > 0 {
		from = math.Max(from, h.part(n - 1)[1])
	}
	for t > from {
		to := t
		if long := float64(coarse * h.shortest); t-from > long {
			to = from + long
		}
		h.add(s, from, to)
		from = to
	}
}

// add files one part.
func (h *history) add(s method, from, to float64) {
	h.forget(to - h.longest)
	n := h.parts()
	h.data = h.data[:(n+1)*h.width()]
	p := h.part(n)
	p[0], p[1] = from, to
	for k := range partValues {
		s.At(from+float64((to-from)*(float64(k)/(partValues-1))), h.x)
		for i, d := range h.delays {
			p[partHead+partValues*i+k] = h.x[d.State]
		}
	}
	if n > 0 && h.short(p) && h.short(h.part(n-1)) {
		h.join(h.part(n-1), p)
		h.data = h.data[:n*h.width()]
	}
}

func (h *history) short(p []float64) bool { return p[1]-p[0] < grain*h.shortest }

// join makes the first of two neighbouring parts one cubic over both.
func (h *history) join(a, b []float64) {
	middle, length := a[1], b[1]-a[0]
	for i := range h.delays {
		var v [partValues]float64
		for k := range v {
			t, from := a[0]+float64(length*(float64(k)/(partValues-1))), a
			if t > middle {
				from = b
			}
			v[k] = h.in(from, i, t)
		}
		copy(a[partHead+partValues*i:], v[:])
	}
	a[1] = b[1]
}

// in is delayed state i at t in a part.
func (h *history) in(p []float64, i int, t float64) float64 {
	return cubic(p[partHead+partValues*i:][:partValues], math.Min(1, (t-p[0])/(p[1]-p[0])))
}

// forget drops the parts that end before t, and makes room for one more.
func (h *history) forget(t float64) {
	old := max(0, h.parts()+1-h.most())
	for old < h.parts() && h.part(old)[1] < t {
		old++
	}
	h.data = h.data[:copy(h.data, h.data[old*h.width():])]
}

// past is delayed state i at t.
func (h *history) past(i int, t float64) float64 {
	n := h.parts()
	k := sort.Search(n, func(k int) bool { return h.part(k)[1] >= t })
	if n == 0 || k == 0 && t <= h.part(0)[0] {
		return h.before[i]
	}
	return h.in(h.part(min(k, n-1)), i, t)
}

// cubic is the polynomial through values at 0, 1/3, 2/3 and 1.
func cubic(v []float64, th float64) float64 {
	a, b, c, d := 3*th, float64(3*th)-1, float64(3*th)-2, float64(3*th)-3
	return float64(v[1]*a*c*d/2) - float64(v[0]*b*c*d/6) + float64(v[3]*a*b*c/6) - float64(v[2]*a*b*d/2)
}

// Past is the state of Config.Delays[i] its lag before t, which is the instant
// the model is asked about. Before the start a state was as it started.
func (d *Discrete) Past(i int, t float64) float64 {
	return d.history.past(i, t-d.history.delays[i].Lag)
}
