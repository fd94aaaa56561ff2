package ode

import (
	"fmt"
	"math"

	"twinrig/twinmodel/detmath"
)

// Rodas4 is the Rosenbrock method RODAS of Hairer and Wanner, order 4(3):
// L-stable, stiffly accurate, with a continuous extension of order 3. One matrix
// is factored per step and no nonlinear system is solved.
//
// Like DoPri5 it holds one accepted step, the segment [T0, T], and allocates
// nothing after NewRodas4.
type Rodas4 struct {
	tol        Tolerance
	n          int
	controlled float64 // states in the error norm

	t0, t1 float64
	x0, x1 []float64
	h      float64 // step to try next; 0 before the first

	f0, ft []float64 // derivative and its partial derivative by time at t0
	k      [rodasStages]([]float64)
	work   []float64
	jac    []float64 // row by row
	matrix lu
	dense  [2][]float64

	Steps, Rejected, Evaluations int // since NewRodas4, for those who measure
}

const rodasStages = 6

// NewRodas4 makes a solver for systems of n states.
func NewRodas4(n int, tol Tolerance) (*Rodas4, error) {
	if n < 1 {
		return nil, fmt.Errorf("solver: %d states", n)
	}
	if err := tol.check(n); err != nil {
		return nil, err
	}
	if tol.MaxStep == 0 {
		tol.MaxStep = math.Inf(1)
	}
	r := &Rodas4{tol: tol, n: n, jac: make([]float64, n*n), matrix: newLU(n)}
	for _, a := range tol.Abs {
		if !math.IsInf(a, 1) {
			r.controlled++
		}
	}
	slab := make([]float64, n*(rodasStages+2+5))
	next := func() []float64 {
		v := slab[:n:n]
		slab = slab[n:]
		return v
	}
	for i := range r.k {
		r.k[i] = next()
	}
	r.dense[0], r.dense[1] = next(), next()
	r.x0, r.x1, r.f0, r.ft, r.work = next(), next(), next(), next(), next()
	return r, nil
}

// Start sets a new initial value: at the beginning, after an event or when an
// input jumped. The step length that served last is tried first.
func (r *Rodas4) Start(t float64, x []float64) {
	r.t0, r.t1 = t, t
	copy(r.x0, x)
	copy(r.x1, x)
}

// T0 is the start of the last accepted step and T its end.
func (r *Rodas4) T0() float64 { return r.t0 }

// T is the instant the solution has reached.
func (r *Rodas4) T() float64 { return r.t1 }

// Step takes one accepted step, to limit at most, and never evaluates the system
// beyond it. After an error the solution is where it was before the call.
func (r *Rodas4) Step(f System, limit float64) error {
	if limit <= r.t1 {
		return nil
	}
	r.x0, r.x1 = r.x1, r.x0
	r.t0 = r.t1
	err := r.linearise(f, limit)
	for rejected := false; err == nil; rejected = true {
		h, end, cut := r.next(limit)
		e := r.try(f, h)
		if e <= 1 {
			r.plan(h, e, cut, rejected)
			r.extend()
			r.t1 = end
			r.Steps++
			return nil
		}
		r.Rejected++
		r.h = h * rodasFactor(e)
		if !(r.h >= 16*ulp(r.t0)) {
			err = r.tooSmall()
		}
	}
	copy(r.x1, r.x0)
	return err
}

func (r *Rodas4) next(limit float64) (h, end float64, cut bool) {
	if r.t0+float64(1.01*r.h) >= limit {
		return limit - r.t0, limit, true
	}
	return r.h, r.t0 + r.h, false
}

func (r *Rodas4) eval(f System, t float64, x, dx []float64) {
	r.Evaluations++
	f.Derivatives(t, x, dx)
}

// rodasFactor is what an error estimate asks the step to be multiplied by.
func rodasFactor(err float64) float64 {
	if math.IsNaN(err) || math.IsInf(err, 1) {
		return 0.1
	}
	return min(6, max(0.2, 0.9*detmath.Exp(float64(-0.25*detmath.Log(max(err, 1e-10))))))
}

// plan chooses the next step length after one of length h with error err.
func (r *Rodas4) plan(h, err float64, cut, rejected bool) {
	factor := rodasFactor(err)
	if rejected {
		factor = min(1, factor)
	}
	next := float64(h * factor)
	if cut && factor >= 1 && next < r.h {
		// The limit cut the step short, not the error: keep what was planned.
		next = r.h
	}
	r.h = min(next, r.tol.MaxStep)
}

// norm is the weighted root mean square of v over the controlled states.
func (r *Rodas4) norm(v, a, b []float64) float64 {
	sum := 0.0
	for i, abs := range r.tol.Abs {
		w := abs + float64(r.tol.Rel*max(math.Abs(a[i]), math.Abs(b[i])))
		e := v[i] / w
		sum += float64(e * e)
	}
	return math.Sqrt(sum / r.controlled)
}

// tooSmall says why no step could be taken.
func (r *Rodas4) tooSmall() error {
	worst, at := 0.0, -1
	for i, abs := range r.tol.Abs {
		e := math.Abs(r.k[rodasStages-1][i]) / (abs + float64(r.tol.Rel*math.Abs(r.x0[i])))
		if math.IsNaN(e) || math.IsInf(e, 0) {
			return &Error{T: r.t0, State: i, Cause: ErrNotFinite}
		}
		if e > worst {
			worst, at = e, i
		}
	}
	return &Error{T: r.t0, State: at, Cause: ErrStepTooSmall}
}

// At writes the solution at t, which must lie in [T0, T], to x.
func (r *Rodas4) At(t float64, x []float64) {
	switch {
	case t >= r.t1:
		copy(x, r.x1)
		return
	case t <= r.t0:
		copy(x, r.x0)
		return
	}
	th := (t - r.t0) / (r.t1 - r.t0)
	u := 1 - th
	for i := range x {
		p := r.dense[0][i] + float64(th*r.dense[1][i])
		p = r.x1[i] + float64(u*p)
		x[i] = r.x0[i] + float64(th*(p-r.x0[i])) // what stands still does so exactly
	}
}
