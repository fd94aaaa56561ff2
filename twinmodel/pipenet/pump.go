package pipenet

import (
	"errors"
	"math"

	"twinrig/twinmodel/detmath"
)

// PumpCurve is head = Shutoff − R·q^N at rated speed, straight lines between
// points, or a constant Power.
type PumpCurve struct {
	Shutoff, R, N float64
	Points        []Point // of falling head
	Power         float64 // W of water power
}

// PointCurve goes straight from point to point, and on beyond the last two.
func PointCurve(points []Point) (PumpCurve, error) {
	for i := range points {
		if !finite(points[i].Flow, points[i].Head) || i > 0 && !(points[i].Flow > points[i-1].Flow && points[i].Head < points[i-1].Head) {
			return PumpCurve{}, errors.New("pump curve: head must fall as flow rises")
		}
	}
	if len(points) < 2 {
		return PumpCurve{}, errors.New("pump curve: fewer than two points")
	}
	a, b := points[0], points[1]
	return PumpCurve{Points: points, Shutoff: a.Head + float64(a.Flow*(a.Head-b.Head)/(b.Flow-a.Flow))}, nil
}

// straight is loss and slope of a curve of points; the affinity laws scale it.
func (c *PumpCurve) straight(q, speed float64) (h, slope float64) {
	a, k := math.Abs(q)/speed, 1
	for k < len(c.Points)-1 && a > c.Points[k].Flow {
		k++
	}
	p0, p1 := c.Points[k-1], c.Points[k]
	slope = (p0.Head - p1.Head) / (p1.Flow - p0.Flow)
	at0 := p0.Head + float64(slope*p0.Flow)
	slope = math.Max(slope*speed, leastSlope)
	return float64(slope*q) - float64(speed*speed*at0), slope
}

// BestFlow is the flow of highest efficiency at rated speed, where three quarters of
// the shut-off head are left: the design point of a curve through one. It is 0 for
// pumps of constant power.
func (c *PumpCurve) BestFlow() float64 {
	switch {
	case c.Power > 0:
		return 0
	case len(c.Points) == 0:
		return detmath.Pow(c.Shutoff/4/c.R, 1/c.N)
	}
	want := float64(0.75 * c.Shutoff)
	for n := 1; n < len(c.Points); n++ {
		if a, b := c.Points[n-1], c.Points[n]; b.Head <= want {
			return math.Max(0, a.Flow+float64((b.Flow-a.Flow)*(a.Head-want)/(a.Head-b.Head)))
		}
	}
	return c.Points[len(c.Points)-1].Flow
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
	if len(c.Points) > 0 {
		return c.straight(q, speed)
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
