package ode

import (
	"errors"
	"fmt"
	"math"

	"twinrig/twinmodel/detmath"
)

// Tolerance says how exact a solution must be: a step's error estimate is
// weighed against Abs + Rel·|x|, state by state.
type Tolerance struct {
	Rel float64
	Abs []float64 // one per state; +Inf leaves a pure quadrature out of the estimate

	// MaxStep bounds the step; 0 means no bound. A guard that crosses zero and
	// comes back within one step is not seen.
	MaxStep float64

	// Affordable is a step length that the caller can live with: steps at least
	// this long are never called stiff. 0 raises the alarm wherever stability
	// limits the step, as Hairer's code does.
	Affordable float64
}

func (o Tolerance) check(n int) error {
	if !(o.Rel > 0 && o.Rel < 1) {
		return fmt.Errorf("tolerance: relative %g, want between 0 and 1", o.Rel)
	}
	if len(o.Abs) != n {
		return fmt.Errorf("tolerance: %d absolute values for %d states", len(o.Abs), n)
	}
	controlled := 0
	for i, a := range o.Abs {
		if !(a > 0) {
			return fmt.Errorf("tolerance: absolute %g of state %d, want positive", a, i)
		}
		if !math.IsInf(a, 1) {
			controlled++
		}
	}
	if controlled == 0 {
		return errors.New("tolerance: no state has a finite absolute tolerance")
	}
	if !(o.MaxStep >= 0) || !(o.Affordable >= 0) {
		return errors.New("tolerance: negative step")
	}
	return nil
}

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
	d := &DoPri5{tol: tol, n: n, errOld: 1e-4}
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
	d.h = math.Min(d.h, d.tol.MaxStep)
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

// firstStep is Hairer's hinit: a step whose explicit Euler increment is small
// and whose second derivative is tame.
func (d *DoPri5) firstStep(f System, limit float64) float64 {
	norm := func(v []float64) float64 { return d.norm(v, d.x0, d.x0) }
	d0, d1 := norm(d.x0), norm(d.k[0])
	h := 1e-6
	if d0 > 1e-5 && d1 > 1e-5 {
		h = 0.01 * (d0 / d1)
	}
	h = math.Min(h, math.Min(d.tol.MaxStep, limit-d.t0))
	for i := range d.x1 {
		d.x1[i] = d.x0[i] + float64(h*d.k[0][i])
	}
	d.eval(f, d.t0+h, d.x1, d.k[1])
	for i := range d.work {
		d.work[i] = (d.k[1][i] - d.k[0][i]) / h
	}
	d2 := norm(d.work)
	copy(d.x1, d.x0)
	h1 := math.Max(1e-6, h*1e-3)
	if m := math.Max(d1, d2); m > 1e-15 {
		h1 = detmath.Pow(0.01/m, 0.2)
	}
	if math.IsNaN(h1) {
		h1 = h
	}
	return math.Min(100*h, h1)
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

	sum := 0.0
	for i, abs := range d.tol.Abs {
		w := abs + float64(d.tol.Rel*math.Max(math.Abs(d.x0[i]), math.Abs(d.x1[i])))
		e := d.errorOf(i, h) / w
		sum += float64(e * e)
	}
	return math.Sqrt(sum / d.controlled)
}

// norm is the weighted root mean square of v over the controlled states.
func (d *DoPri5) norm(v, a, b []float64) float64 {
	sum := 0.0
	for i, abs := range d.tol.Abs {
		w := abs + float64(d.tol.Rel*math.Max(math.Abs(a[i]), math.Abs(b[i])))
		r := v[i] / w
		sum += float64(r * r)
	}
	return math.Sqrt(sum / d.controlled)
}

// plan chooses the next step length after one of length h with error err.
func (d *DoPri5) plan(h, err float64, cut, rejected bool) {
	err = math.Max(err, 1e-10)
	factor := 0.9 * detmath.Exp(float64(0.04*detmath.Log(d.errOld))-float64(0.17*detmath.Log(err)))
	factor = math.Min(10, math.Max(0.2, factor))
	if rejected {
		factor = math.Min(1, factor)
	}
	d.errOld = math.Max(err, 1e-4)
	next := float64(h * factor)
	if cut && factor >= 1 && next < d.h {
		// The limit cut the step short, not the error: keep what was planned.
		next = d.h
	}
	d.h = math.Min(next, d.tol.MaxStep)
}

// shrink is the factor after a rejected step; a step with NaN shrinks most.
func shrink(err float64) float64 {
	if math.IsNaN(err) || math.IsInf(err, 1) {
		return 0.1
	}
	return math.Min(0.9, math.Max(0.1, 0.9*detmath.Exp(-0.2*detmath.Log(err))))
}

// tooSmall says why no step could be taken, after one of length h failed.
func (d *DoPri5) tooSmall(h float64) error {
	worst, at := 0.0, -1
	for i, abs := range d.tol.Abs {
		e := math.Abs(d.errorOf(i, h))
		if math.IsNaN(e) || math.IsInf(e, 0) {
			return &Error{T: d.t0, State: i, Cause: ErrNotFinite}
		}
		w := abs + float64(d.tol.Rel*math.Abs(d.x0[i]))
		if e /= w; e > worst {
			worst, at = e, i
		}
	}
	return &Error{T: d.t0, State: at, Cause: ErrStepTooSmall}
}

// checkStiffness counts steps whose length is set by stability: h times the
// largest eigenvalue, estimated from the last two stages, beyond the method's
// stability boundary at 3.3.
func (d *DoPri5) checkStiffness(h float64) error {
	if d.tol.Affordable > 0 && h >= d.tol.Affordable {
		d.stiff = 0
		return nil
	}
	num, den := 0.0, 0.0
	for i, abs := range d.tol.Abs {
		w := abs + float64(d.tol.Rel*math.Abs(d.x1[i]))
		a, b := (d.k[6][i]-d.k[5][i])/w, (d.x1[i]-d.work[i])/w
		num += float64(a * a)
		den += float64(b * b)
	}
	if !(den > 0) || h*math.Sqrt(num/den) <= 3.25 {
		if d.notStiff++; d.notStiff >= 6 {
			d.stiff = 0
		}
		return nil
	}
	d.notStiff = 0
	if d.stiff++; d.stiff > 15 {
		return &Error{T: d.t1, State: -1, Cause: ErrStiff}
	}
	return nil
}

// ulp is the distance from |t| to the next number.
func ulp(t float64) float64 {
	t = math.Abs(t)
	return math.Nextafter(t, math.Inf(1)) - t
}
