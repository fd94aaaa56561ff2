package ode

import (
	"fmt"
	"math"
)

// stages of the method; the last is the first of the next step.
const stages = 7

// DoPri5 is the explicit Runge-Kutta pair of Dormand and Prince, order 5(4),
// with a PI step controller and a continuous extension of order 4.
//
// It holds one accepted step, the segment [T0, T], inside which At gives the
// solution, and owns all the memory it needs: nothing is allocated after
// NewDoPri5.
type DoPri5 struct {
	tol        Tolerance
	n          int
	controlled float64 // states in the error norm

	t0, t1 float64
	x0, x1 []float64
	k      [stages][]float64

	h        float64 // step to try next; 0 before the first
	errOld   float64 // of the last accepted step, for the PI controller
	logOld   float64 // its logarithm
	stiff    int     // consecutive steps that look limited by stability
	notStiff int     // consecutive steps that do not
	started  bool    // k[0] holds f(t1, x1)

	work     []float64    // argument of the stage being evaluated
	dense    [4][]float64 // coefficients of the continuous extension
	hasDense bool
	span     float64 // length of the step they belong to

	Steps, Rejected, Evaluations int // since NewDoPri5, for those who measure
}

// NewDoPri5 makes a solver for systems of n states.
func NewDoPri5(n int, tol Tolerance) (*DoPri5, error) {
	if n < 1 {
		return nil, fmt.Errorf("solver: %d states", n)
	}
	if err := tol.check(n); err != nil {
		return nil, err
	}
	if tol.MaxStep == 0 {
		tol.MaxStep = math.Inf(1)
	}
	d := &DoPri5{tol: tol, n: n, errOld: 1e-4, logOld: logOfLeast}
	for _, a := range tol.Abs {
		if !math.IsInf(a, 1) {
			d.controlled++
		}
	}
	slab := make([]float64, n*(stages+4+3))
	next := func() []float64 {
		v := slab[:n:n]
		slab = slab[n:]
		return v
	}
	for i := range d.k {
		d.k[i] = next()
	}
	for i := range d.dense {
		d.dense[i] = next()
	}
	d.x0, d.x1, d.work = next(), next(), next()
	return d, nil
}

// Start sets a new initial value: at the beginning, after an event or when an
// input jumped. The step length that served last is tried first, unless the new
// value asks for a shorter one.
func (d *DoPri5) Start(t float64, x []float64) {
	d.t0, d.t1 = t, t
	copy(d.x0, x)
	copy(d.x1, x)
	d.started, d.hasDense = false, false
	d.stiff, d.notStiff = 0, 0
}

// T0 is the start of the last accepted step and T its end.
func (d *DoPri5) T0() float64 { return d.t0 }

// T is the instant the solution has reached.
func (d *DoPri5) T() float64 { return d.t1 }

// Step takes one accepted step, to limit at most, and never evaluates the system
// beyond it. After an error the solution is where it was before the call.
func (d *DoPri5) Step(f System, limit float64) error {
	if limit <= d.t1 {
		return nil
	}
	err := d.begin(f, limit)
	for rejected := false; err == nil; rejected = true {
		h, end, cut := d.next(limit)
		e := d.try(f, h)
		if e <= 1 {
			d.plan(h, e, cut, rejected)
			d.t1 = end
			d.Steps++
			return d.checkStiffness(h)
		}
		d.Rejected++
		d.h = h * shrink(e)
		if !(d.h >= 16*ulp(d.t0)) {
			err = d.tooSmall(h)
		}
	}
	copy(d.x1, d.x0)
	d.started = false
	return err
}

// begin makes the end of the last step the start of this one, and guesses a
// step length where there is none yet.
func (d *DoPri5) begin(f System, limit float64) error {
	d.x0, d.x1 = d.x1, d.x0
	d.t0 = d.t1
	d.hasDense = false
	fresh := !d.started
	if d.started {
		copy(d.k[0], d.k[6])
	} else {
		d.eval(f, d.t0, d.x0, d.k[0])
		d.started = true
	}
	for i, v := range d.k[0] {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &Error{T: d.t0, State: i, Cause: ErrNotFinite}
		}
	}
	if fresh {
		h := d.firstStep(f, limit)
		if d.h == 0 || h < d.h {
			d.h = h
		}
	}
	d.h = min(d.h, d.tol.MaxStep)
	return nil
}

// next is the step to try and where it ends; cut says that limit, not the
// error, determines it.
func (d *DoPri5) next(limit float64) (h, end float64, cut bool) {
	if d.t0+float64(1.01*d.h) >= limit {
		return limit - d.t0, limit, true
	}
	return d.h, d.t0 + d.h, false
}

func (d *DoPri5) eval(f System, t float64, x, dx []float64) {
	d.Evaluations++
	f.Derivatives(t, x, dx)
}

// try computes a step of length h from x0 into x1 and returns the norm of its
// error estimate.
func (d *DoPri5) try(f System, h float64) float64 {
	t := d.t0
	d.stage2(h)
	d.eval(f, t+float64(c2*h), d.work, d.k[1])
	d.stage3(h)
	d.eval(f, t+float64(c3*h), d.work, d.k[2])
	d.stage4(h)
	d.eval(f, t+float64(c4*h), d.work, d.k[3])
	d.stage5(h)
	d.eval(f, t+float64(c5*h), d.work, d.k[4])
	d.stage6(h)
	d.eval(f, t+h, d.work, d.k[5])
	d.stage7(h)
	d.eval(f, t+h, d.x1, d.k[6])
	return d.errorNorm(h)
}

// ulp is the distance from |t| to the next number.
func ulp(t float64) float64 {
	t = math.Abs(t)
	return math.Nextafter(t, math.Inf(1)) - t
}
