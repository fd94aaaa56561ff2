package ode

import (
	"fmt"
	"math"
	"slices"
)

// ExpAffine steps a system x' = A·x + b exactly, by its matrix exponential. A is
// the system's Jacobian, read after every Start; b may be anything.
//
// Steps are of one fixed length and shorter before a limit, and At is as exact
// as a step. What varies in time besides x, the weather say, is held over a step
// at its value in the middle, an error of order two; so is whatever is not
// affine. Exponentials are kept for the matrices met last, so a system that goes
// back and forth between modes pays for each once.
type ExpAffine struct {
	n    int
	step float64

	t0, t1        float64
	x0, x1, slope []float64 // slope is f at x0, halfway in time
	span          float64   // length of the segment, before its ends were rounded
	jac           []float64
	fresh         bool // the matrix has to be read again

	known [8]ladder
	used  int // of known
	next  int // to be replaced when all are used
	now   *ladder

	Steps, Evaluations int // since NewExpAffine, for those who measure
}

// NewExpAffine makes a solver for systems of n states with the given step.
func NewExpAffine(n int, step float64) (*ExpAffine, error) {
	if err := checkFixed(n, step); err != nil {
		return nil, err
	}
	slab := make([]float64, n*(3+n))
	e := &ExpAffine{n: n, step: step, fresh: true, jac: slab[3*n:]}
	e.x0, e.x1, e.slope = slab[:n:n], slab[n:2*n:2*n], slab[2*n:3*n:3*n]
	e.recall()
	return e, nil
}

// checkFixed refuses a fixed step that does not lead anywhere.
func checkFixed(n int, step float64) error {
	if n < 1 {
		return fmt.Errorf("solver: %d states", n)
	}
	if !(step > 0) || math.IsInf(step, 1) {
		return fmt.Errorf("solver: fixed step %g, want positive and finite", step)
	}
	return nil
}

// Start sets a new initial value: at the beginning, after an event or when an
// input jumped.
func (e *ExpAffine) Start(t float64, x []float64) {
	e.t0, e.t1 = t, t
	copy(e.x0, x)
	copy(e.x1, x)
	e.fresh = true
}

// T0 is the start of the last step and T its end.
func (e *ExpAffine) T0() float64 { return e.t0 }

// T is the instant the solution has reached.
func (e *ExpAffine) T() float64 { return e.t1 }

// Step takes one step, to limit at most. f must be Differentiable. After an
// error the solution is where it was before the call.
func (e *ExpAffine) Step(f System, limit float64) error {
	if limit <= e.t1 {
		return nil
	}
	h, end := fixedStep(e.t1, e.step, limit)
	if e.fresh {
		if err := e.read(f); err != nil {
			return err
		}
	}
	e.Evaluations++
	f.Derivatives(e.t1+float64(0.5*h), e.x1, e.slope)
	copy(e.x0, e.x1)
	e.now.move(h, e.x1, e.slope)
	if i := slices.IndexFunc(e.x1, notFinite); i >= 0 {
		copy(e.x1, e.x0)
		e.fresh = true
		return &Error{T: e.t1, State: i, Cause: ErrNotFinite}
	}
	e.t0, e.t1, e.span = e.t1, end, h
	e.Steps++
	return nil
}

// fixedStep is the step to take and where it ends: at limit, when that is nearer.
func fixedStep(t, step, limit float64) (h, end float64) {
	if t+step >= limit {
		return limit - t, limit
	}
	return step, t + step
}

func notFinite(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// read takes the matrix of the present modes.
func (e *ExpAffine) read(f System) error {
	d, ok := f.(Differentiable)
	if !ok || !d.Jacobian(e.t1, e.x1, e.jac) {
		return &Error{T: e.t1, State: -1, Cause: ErrNoJacobian}
	}
	if i := slices.IndexFunc(e.jac, notFinite); i >= 0 {
		return &Error{T: e.t1, State: i / e.n, Cause: ErrNotFinite}
	}
	if !e.recall() {
		return &Error{T: e.t1, State: -1, Cause: ErrStiff}
	}
	e.fresh = false
	return nil
}

// recall finds the exponentials of the matrix or computes them.
func (e *ExpAffine) recall() bool {
	for i := range e.known[:e.used] {
		if slices.Equal(e.known[i].a, e.jac) {
			e.now = &e.known[i]
			return true
		}
	}
	if e.used < len(e.known) {
		e.known[e.used] = newLadder(e.n)
		e.now = &e.known[e.used]
		e.used++
	} else {
		e.now = &e.known[e.next]
		e.next = (e.next + 1) % len(e.known)
	}
	if !e.now.build(e.jac, e.step) {
		clear(e.jac)
		e.now.build(e.jac, e.step)
		return false
	}
	return true
}

// At writes the solution at t, which must lie in [T0, T], to x.
func (e *ExpAffine) At(t float64, x []float64) {
	switch {
	case t >= e.t1:
		copy(x, e.x1)
	case t <= e.t0:
		copy(x, e.x0)
	default:
		copy(x, e.x0)
		e.now.move(math.Min(t-e.t0, e.span), x, e.slope)
	}
}

func (e *ExpAffine) counts() (steps, evaluations int) { return e.Steps, e.Evaluations }

func (e *ExpAffine) size() (floats, ints int) { return 3 + 3*e.n + e.n*e.n, 1 }

func (e *ExpAffine) save(floats []float64, ints []int64) ([]float64, []int64) {
	floats = append(floats, e.t0, e.t1, e.span)
	for _, v := range [...][]float64{e.x0, e.x1, e.slope, e.jac} {
		floats = append(floats, v...)
	}
	return floats, append(ints, flag(e.fresh))
}

func (e *ExpAffine) load(floats []float64, ints []int64) {
	e.t0, e.t1, e.span = floats[0], floats[1], floats[2]
	floats = floats[3:]
	for _, v := range [...][]float64{e.x0, e.x1, e.slope, e.jac} {
		floats = floats[copy(v, floats):]
	}
	e.fresh = !e.recall() || ints[0] != 0
}
