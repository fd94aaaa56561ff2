package pipenet

import (
	"math"

	"twinrig/twinmodel/detmath"
)

type outletState int8

const (
	full   outletState = iota // draws what is asked for, whatever the pressure
	giving                    // flow follows pressure
	dry                       // no pressure, no flow
)

// outlets are places at nodes where liquid leaves through an opening: pressure
// head above base = coef·q^n. Emitters are such, and demands while pressure is
// too low to serve them.
type outlets struct {
	n          float64
	coef, base []float64
	q          []float64 // m³/s
	state      []outletState
}

// leastOutflow is where the law becomes linear.
const leastOutflow = 1e-6

func newOutlets(nodes int, n float64) outlets {
	return outlets{n, make([]float64, nodes), make([]float64, nodes), make([]float64, nodes), make([]outletState, nodes)}
}

// linear is the law about the present flow: flow = e + p·(head − base).
func (o *outlets) linear(v int) (p, e float64) {
	q := o.q[v]
	if q <= leastOutflow {
		w := o.coef[v]
		if o.n != 1 {
			w *= detmath.Pow(leastOutflow, o.n-1)
		}
		return 1 / w, 0
	}
	w := o.coef[v] * q
	if o.n != 2 {
		w = o.coef[v] * detmath.Pow(q, o.n-1)
	}
	p = 1 / (o.n * w)
	return p, q - float64(p*w*q)
}

// take is the flow at a new head and how much it changed.
func (o *outlets) take(v int, head float64) (change float64) {
	p, e := o.linear(v)
	q := e + float64(p*(head-o.base[v]))
	change = math.Abs(q - o.q[v])
	o.q[v] = q
	return change
}

// check opens and closes an outlet that follows pressure.
func (o *outlets) check(v int, head float64) (changed bool) {
	switch {
	case o.state[v] == giving && o.q[v] < 0:
		o.state[v], o.q[v] = dry, 0
	case o.state[v] == dry && head > o.base[v]+headPlay:
		o.state[v], o.q[v] = giving, leastOutflow
	default:
		return false
	}
	return true
}

// SetEmitter changes a junction's leak: flow in m³/s at 1 m of pressure head.
func (s *Solver) SetEmitter(node int, c float64) {
	o := &s.leaks
	o.base[node] = s.net.Nodes[node].Elevation
	if c <= 0 {
		o.state[node], o.q[node], o.coef[node] = full, 0, 0
		return
	}
	o.coef[node] = detmath.Pow(c, -o.n)
	if o.state[node] == full {
		o.state[node], o.q[node] = giving, float64(c*0.5)
	}
}

// serve takes over what is asked for.
func (s *Solver) serve() {
	v := &s.net.Service
	for _, i := range s.node {
		d := s.Demand[i]
		if s.draws.state[i] == full || d <= 0 {
			s.draws.state[i], s.draws.q[i] = full, d
		}
		if v.Driven && d > 0 {
			s.draws.base[i] = s.net.Nodes[i].Elevation + v.Minimum
			s.draws.coef[i] = (v.Required - v.Minimum) * detmath.Pow(d, -s.draws.n)
		}
	}
}

// outflow updates all outlets after a trial.
func (s *Solver) outflow() (change, sum float64) {
	for _, v := range s.node {
		for _, o := range [2]*outlets{&s.leaks, &s.draws} {
			if o.state[v] == giving {
				change += o.take(v, s.Head[v])
				sum += math.Abs(o.q[v])
			}
		}
	}
	return change, sum
}

// taps opens and closes outlets.
func (s *Solver) taps() (changed bool) {
	for _, v := range s.node {
		if s.leaks.state[v] != full && s.leaks.check(v, s.Head[v]) {
			changed = true
		}
		if !s.net.Service.Driven || s.Demand[v] <= 0 {
			continue
		}
		d, o := s.Demand[v], &s.draws
		switch {
		case o.state[v] == full && s.Head[v] < s.net.Nodes[v].Elevation+s.net.Service.Required-headPlay:
			o.state[v], changed = giving, true
		case o.state[v] == giving && o.q[v] > d:
			o.state[v], o.q[v], changed = full, d, true
		case o.state[v] != full && o.check(v, s.Head[v]):
			changed = true
		}
	}
	return changed
}
