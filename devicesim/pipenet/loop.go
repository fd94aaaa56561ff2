package pipenet

import "math"

// loop is a PI controller in its velocity form: it forgets nothing when its
// output is limited or set by hand.
type loop struct {
	gain      float64 // output per error
	integral  float64 // output per error and s
	low, high float64 // of the output
	output    float64

	last  float64
	known bool
}

// step takes an error and returns the output.
func (l *loop) step(e, dt float64) float64 {
	change := l.integral * e * dt
	if l.known {
		change += l.gain * (e - l.last)
	}
	l.last, l.known = e, true
	l.output = math.Min(l.high, math.Max(l.low, l.output+change))
	return l.output
}

// hold sets the output by hand.
func (l *loop) hold(v float64) { l.output, l.known = v, false }
