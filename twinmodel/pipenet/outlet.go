package pipenet

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// outlets are places at nodes where liquid leaves through an opening: emitters,
// and demands that depend on pressure. Flow is scale·hⁿ of the head h above base,
// at most what it is at the head full, and nothing where there is no pressure.
type outlets struct {
	n           float64
	scale, base []float64
	full        []float64
	at          []float64 // head above base about which the law is linear in this trial
	q           []float64 // m³/s
	used        []bool
}

// knee is the head below which flow is proportional to it, m: there the root's
// slope has no bounds.
const knee = 0.01

func newOutlets(nodes int, n float64) outlets {
	o := outlets{n: n, used: make([]bool, nodes)}
	for _, p := range []*[]float64{&o.scale, &o.base, &o.full, &o.at, &o.q} {
		*p = make([]float64, nodes)
	}
	return o
}

// law is flow and slope at a head above base.
func (o *outlets) law(v int, h float64) (q, slope float64) {
	switch {
	case h <= 0:
		return 0, 0
	case h >= o.full[v]:
		return o.scale[v] * o.power(o.full[v]), 0
	}
	low := math.Min(knee, o.full[v])
	if h < low {
		slope = o.scale[v] * o.power(low) / low
		return slope * h, slope
	}
	q = o.scale[v] * o.power(h)
	return q, o.n * q / h
}

func (o *outlets) power(h float64) float64 {
	if o.n == 0.5 {
		return math.Sqrt(h)
	}
	return detmath.Pow(h, o.n)
}

// enter puts the linear law into a row of the matrix.
func (o *outlets) enter(s *Solver, row, v int) {
	q, slope := o.law(v, o.at[v])
	s.matrix.diagonal[row] += slope
	s.rhs[row] += float64(slope*(o.base[v]+o.at[v])) - q
}

// beyond is how far past its bends the law's point goes, m: there the law is flat,
// and a point further out would take long to come back.
const beyond = 1.0

// take is the flow at a new head and how much it changed. The law's point moves
// towards the head by a share.
func (o *outlets) take(v int, head, share float64) (change float64) {
	q, slope := o.law(v, o.at[v])
	h := head - o.base[v]
	q += float64(slope * (h - o.at[v]))
	change = math.Abs(q - o.q[v])
	o.q[v] = q
	o.at[v] += float64(share * (math.Min(o.full[v]+beyond, math.Max(-beyond, h)) - o.at[v]))
	return change
}

// SetEmitter changes a junction's leak: flow in m³/s at 1 m of pressure head.
func (s *Solver) SetEmitter(node int, c float64) {
	o := &s.leaks
	o.base[node], o.full[node] = s.net.Nodes[node].Elevation, math.Inf(1)
	if o.used[node] {
		s.holes--
	}
	if o.scale[node], o.used[node] = c, c > 0; c > 0 {
		s.holes++
	}
	if c <= 0 {
		o.q[node], o.scale[node] = 0, 0
	}
}

// serve takes over what is asked for.
func (s *Solver) serve() {
	v, o := &s.net.Service, &s.draws
	for _, i := range s.node {
		d := s.Demand[i]
		if o.used[i] = v.Driven && d > 0; !o.used[i] {
			o.q[i] = d
			continue
		}
		o.base[i], o.full[i] = s.net.Nodes[i].Elevation+v.Minimum, v.Required-v.Minimum
		o.scale[i] = d / o.power(o.full[i])
	}
}

// patience is after how many trials outlets follow the heads only by half: by
// then some go to and fro between flowing and not.
const patience = 12

// outflow updates all outlets after a trial.
func (s *Solver) outflow(trial int) (change, sum float64) {
	if s.holes == 0 && !s.net.Service.Driven {
		return 0, 0
	}
	share := 1.0
	if trial > patience {
		share = 0.5
	}
	for _, v := range s.node {
		for _, o := range [2]*outlets{&s.leaks, &s.draws} {
			if o.used[v] {
				change += o.take(v, s.Head[v], share)
				sum += math.Abs(o.q[v])
			}
		}
	}
	return change, sum
}
