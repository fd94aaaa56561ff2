package pipenet

import (
	"errors"
	"math"

	"twinrig/twinmodel/detmath"
)

// PumpCurve is head = Shutoff − R·q^N at rated speed, or a constant Power.
type PumpCurve struct {
	Shutoff, R, N float64
	Power         float64 // W of water power
}

// OnePointCurve is the curve through a design point: shutoff head is a third
// higher, flow without head twice the design flow.
func OnePointCurve(q, h float64) (PumpCurve, error) {
	return ThreePointCurve(float64(4.0/3*h), q, h, float64(2*q), 0)
}

// ThreePointCurve is the power function through (0,h0), (q1,h1) and (q2,h2).
func ThreePointCurve(h0, q1, h1, q2, h2 float64) (PumpCurve, error) {
	if !(finite(h0, q2) && h0 > h1 && h1 > h2 && h2 >= 0 && q2 > q1 && q1 > 0) {
		return PumpCurve{}, errors.New("pump curve: head must fall as flow rises")
	}
	n := detmath.Log((h0-h2)/(h0-h1)) / detmath.Log(q2/q1)
	if !(n > 0 && n <= 20) {
		return PumpCurve{}, errors.New("pump curve: the points fit no power function")
	}
	return PumpCurve{Shutoff: h0, R: (h0 - h1) / detmath.Pow(q1, n), N: n}, nil
}

// loss is minus the head the pump adds, and its slope. The affinity laws scale
// the curve with speed.
func (c *PumpCurve) loss(q, speed float64) (h, slope float64) {
	if c.Power > 0 {
		a := math.Max(math.Abs(q), 1e-6)
		h = -c.Power / (1000 * gravity * a)
		return h, -h / a
	}
	a := math.Abs(q)
	r := c.R
	if speed != 1 {
		r *= detmath.Pow(speed, 2-c.N)
	}
	var w float64
	switch {
	case c.N == 2:
		w = r * a
	case a > 0:
		w = r * detmath.Exp((c.N-1)*detmath.Log(a))
	}
	slope = c.N * w
	if slope < leastSlope {
		slope = leastSlope
		return float64(slope*q) - float64(speed*speed*c.Shutoff), slope
	}
	return float64(w*q) - float64(speed*speed*c.Shutoff), slope
}
