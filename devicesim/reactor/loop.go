package reactor

import "math"

// loop is a controller with proportional and integral action. It does not
// integrate while its output is at a limit.
type loop struct {
	gain, reset float64 // per K, s
	low, high   float64
	integral    float64 // K
}

// step is the output around a base after another dt seconds of error.
func (l *loop) step(base, e, dt float64) float64 {
	out := base + l.gain*(e+l.integral)
	if out > l.low && out < l.high || (out >= l.high) != (e > 0) {
		l.integral += e * dt / l.reset
	}
	return math.Max(l.low, math.Min(l.high, out))
}

// restart forgets the past.
func (l *loop) restart() { l.integral = 0 }
