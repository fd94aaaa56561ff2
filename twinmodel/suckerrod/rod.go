package suckerrod

import (
	"errors"
	"fmt"
	"math"
)

// Taper is a length of equal rods.
type Taper struct {
	Length   float64 // m
	Diameter float64 // m
	Weight   float64 // in air with couplings, N/m
}

const (
	modulus   = 2.10e11 // of steel, Pa
	waveSpeed = 4968.0  // m/s, with couplings: 16,300 ft/s as API RP 11L has it
	courant   = 0.9
)

// rodString is the string of rods as masses and springs. It moves about its rest
// in the liquid, up being positive; weight is not in its forces. The leapfrog of
// the damped wave equation conserves a discrete energy to rounding.
type rodString struct {
	step    float64   // s
	damping float64   // c, 1/s
	keep    float64   // coefficients of the leapfrog
	lose    float64   //
	mass    []float64 // kg
	spring  []float64 // N/m, below each node but the last
	push    []float64 // m/N, of a force on a node for a step
	u, past []float64 // m, now and a step ago
	heat    float64   // lost to damping so far, J
}

// newRodString divides the tapers into about n segments. Lambda is Gibbs' damping
// factor.
func newRodString(tapers []Taper, n int, lambda float64) (*rodString, error) {
	total := 0.0
	for i, t := range tapers {
		if !(t.Length > 1 && t.Length < 5000 && t.Diameter > 0.005 && t.Diameter < 0.1 && t.Weight > 0) {
			return nil, fmt.Errorf("taper %d: %g m of %g m diameter and %g N/m cannot be", i+1, t.Length, t.Diameter, t.Weight)
		}
		total += t.Length
	}
	if total == 0 || n < len(tapers) || n > 1000 || !(lambda >= 0 && lambda <= 2) {
		return nil, errors.New("rod string: it needs tapers, as many segments and a damping factor of 0 to 2")
	}
	s := &rodString{mass: []float64{0}, step: math.Inf(1)}
	for _, t := range tapers {
		k := max(1, int(math.Round(float64(n)*t.Length/total)))
		dx := t.Length / float64(k)
		ea := modulus * math.Pi / 4 * t.Diameter * t.Diameter
		half := ea / (waveSpeed * waveSpeed) * dx / 2
		for range k {
			s.mass[len(s.mass)-1] += half
			s.mass = append(s.mass, half)
			s.spring = append(s.spring, ea/dx)
		}
		s.step = math.Min(s.step, courant*dx/waveSpeed)
	}
	s.push, s.u, s.past = make([]float64, len(s.mass)), make([]float64, len(s.mass)), make([]float64, len(s.mass))
	s.damp(math.Pi * waveSpeed * lambda / (2 * total))
	return s, nil
}

// damp sets the damping c.
func (s *rodString) damp(c float64) {
	g := c * s.step / 2
	s.damping, s.keep, s.lose = c, 2/(1+g), (1-g)/(1+g)
	for i, m := range s.mass {
		s.push[i] = s.step * s.step / (m * (1 + g))
	}
}

// stiffness of the whole string, N/m.
func (s *rodString) stiffness() float64 {
	give := 0.0
	for _, k := range s.spring {
		give += 1 / k
	}
	return 1 / give
}

// advance moves the top to a position and all nodes but the lowest a step on.
// Load is the pull at the top at the old instant, and free where the lowest node
// would go unloaded; finish tells it where it went.
func (s *rodString) advance(top float64) (load, free float64) {
	u, past := s.u, s.past
	up := s.spring[0] * (u[0] - u[1])
	inertia := top - float64(2*u[0]) + past[0]
	load = up + float64(s.mass[0]*(inertia/(s.step*s.step)+float64(s.damping*(top-past[0])/(2*s.step))))
	moved := float64(s.mass[0] * (top - past[0]) * (top - past[0]))
	past[0] = top
	last := len(u) - 1
	for j := 1; j < last; j++ {
		down := s.spring[j] * (u[j] - u[j+1])
		next := float64(s.keep*u[j]) - float64(s.lose*past[j]) + float64(s.push[j]*(up-down))
		d := next - past[j]
		moved += float64(s.mass[j] * d * d)
		past[j], up = next, down
	}
	s.heat += float64(s.damping * moved / (4 * s.step))
	return load, float64(s.keep*u[last]) - float64(s.lose*past[last]) + float64(s.push[last]*up)
}

// finish puts the lowest node where its load leaves it and returns the work it
// did on the load.
func (s *rodString) finish(free, load float64) (work float64) {
	last := len(s.u) - 1
	next := free - float64(s.push[last]*load)
	d := next - s.past[last]
	s.heat += float64(s.damping * s.mass[last] * d * d / (4 * s.step))
	s.past[last] = next
	s.u, s.past = s.past, s.u
	return load * d / 2
}

// energy is the discrete energy that the leapfrog conserves, J.
func (s *rodString) energy() float64 {
	e := 0.0
	for j, m := range s.mass {
		v := (s.u[j] - s.past[j]) / s.step
		e += float64(m * v * v / 2)
	}
	for j, k := range s.spring {
		e += float64(k * (s.u[j] - s.u[j+1]) * (s.past[j] - s.past[j+1]) / 2)
	}
	return e
}
