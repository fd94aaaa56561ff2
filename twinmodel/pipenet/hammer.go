package pipenet

import (
	"errors"
	"math"
)

// Hammer is water hammer in one pipe from a reservoir to a valve, by the method
// of characteristics on a grid at Courant number one (Wylie and Streeter 1993):
// without friction it is exact. It stands beside the network, whose flows are
// taken as quasi-steady.
type Hammer struct {
	T    float64   // s
	Head []float64 // m, from reservoir to valve
	Flow []float64 // m³/s

	source  float64 // head of the reservoir
	step    float64 // s
	b, r    float64 // a/gA; friction of a reach
	h, q    []float64
	opening float64 // flow through the valve is opening·√head
}

// NewHammer is a pipe in steady flow: its reservoir has a head, sound travels at
// speed, friction is Darcy's factor. The pipe is cut into reaches.
func NewHammer(length, diameter, speed, friction, head, flow float64, reaches int) (*Hammer, error) {
	area := math.Pi / 4 * diameter * diameter
	if !(finite(length, diameter, speed, friction, head, flow) && length > 0 && diameter > 0 && speed > 0 && friction >= 0 && reaches > 0) {
		return nil, errors.New("water hammer: length, diameter, speed and reaches must be positive, and everything finite")
	}
	dx := length / float64(reaches)
	w := &Hammer{source: head, step: dx / speed, b: speed / (gravity * area), r: friction * dx / (2 * gravity * diameter * area * area)}
	for i := range reaches + 1 {
		w.Head = append(w.Head, head-float64(float64(i)*w.r*flow*math.Abs(flow)))
		w.Flow = append(w.Flow, flow)
	}
	w.h, w.q = make([]float64, reaches+1), make([]float64, reaches+1)
	if end := w.Head[reaches]; flow > 0 && end > 0 {
		w.opening = flow / math.Sqrt(end)
	}
	return w, nil
}

// Step goes on by the time sound takes through a reach. The valve has opened to
// a share of what it had at the start; 0 is shut.
func (w *Hammer) Step(opening float64) {
	n := len(w.Head) - 1
	for i := 1; i < n; i++ {
		cp, cm := w.plus(i), w.minus(i)
		w.q[i] = (cp - cm) / (2 * w.b)
		w.h[i] = (cp + cm) / 2
	}
	w.h[0], w.q[0] = w.source, (w.source-w.minus(0))/w.b
	cp := w.plus(n)
	// h = cp − b·q and q = c·√h.
	c := w.opening * math.Max(0, opening)
	w.q[n] = 0
	if c > 0 && cp > 0 {
		k := float64(float64(c*c) * w.b)
		w.q[n] = (-k + math.Sqrt(float64(k*k)+float64(4*c*c*cp))) / 2
	}
	w.h[n] = cp - float64(w.b*w.q[n])
	w.Head, w.h, w.Flow, w.q = w.h, w.Head, w.q, w.Flow
	w.T += w.step
}

// plus is the characteristic that arrives at i from upstream: h = plus − b·q.
func (w *Hammer) plus(i int) float64 {
	q := w.Flow[i-1]
	return w.Head[i-1] + float64(w.b*q) - float64(w.r*q*math.Abs(q))
}

// minus arrives from downstream: h = minus + b·q.
func (w *Hammer) minus(i int) float64 {
	q := w.Flow[i+1]
	return w.Head[i+1] - float64(w.b*q) + float64(w.r*q*math.Abs(q))
}
