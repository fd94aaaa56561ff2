package ode

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// firstStep is Hairer's hinit: a step whose explicit Euler increment is small
// and whose second derivative is tame.
func (d *DoPri5) firstStep(f System, limit float64) float64 {
	norm := func(v []float64) float64 { return d.norm(v, d.x0, d.x0) }
	d0, d1 := norm(d.x0), norm(d.k[0])
	h := 1e-6
	if d0 > 1e-5 && d1 > 1e-5 {
		h = 0.01 * (d0 / d1)
	}
	h = min(h, min(d.tol.MaxStep, limit-d.t0))
	for i := range d.x1 {
		d.x1[i] = d.x0[i] + float64(h*d.k[0][i])
	}
	d.eval(f, d.t0+h, d.x1, d.k[1])
	for i := range d.work {
		d.work[i] = (d.k[1][i] - d.k[0][i]) / h
	}
	d2 := norm(d.work)
	copy(d.x1, d.x0)
	h1 := max(1e-6, h*1e-3)
	if m := max(d1, d2); m > 1e-15 {
		h1 = detmath.Pow(0.01/m, 0.2)
	}
	if math.IsNaN(h1) {
		h1 = h
	}
	return min(100*h, h1)
}

// norm is the weighted root mean square of v over the controlled states.
func (d *DoPri5) norm(v, a, b []float64) float64 {
	sum := 0.0
	for i, abs := range d.tol.Abs {
		w := abs + float64(d.tol.Rel*max(math.Abs(a[i]), math.Abs(b[i])))
		r := v[i] / w
		sum += float64(r * r)
	}
	return math.Sqrt(sum / d.controlled)
}

// logOfLeast is the logarithm of 1e-4, the least error the controller remembers.
var logOfLeast = detmath.Log(1e-4)

// plan chooses the next step length after one of length h with error err.
func (d *DoPri5) plan(h, err float64, cut, rejected bool) {
	err = max(err, 1e-10)
	log := detmath.Log(err)
	factor := 0.9 * detmath.Exp(float64(0.04*d.logOld)-float64(0.17*log))
	factor = min(10, max(0.2, factor))
	if rejected {
		factor = min(1, factor)
	}
	if err < 1e-4 {
		err, log = 1e-4, logOfLeast
	}
	d.errOld, d.logOld = err, log
	next := float64(h * factor)
	if cut && factor >= 1 && next < d.h {
		// The limit cut the step short, not the error: keep what was planned.
		next = d.h
	}
	d.h = min(next, d.tol.MaxStep)
}

// shrink is the factor after a rejected step; a step with NaN shrinks most.
func shrink(err float64) float64 {
	if math.IsNaN(err) || math.IsInf(err, 1) {
		return 0.1
	}
	return min(0.9, max(0.1, 0.9*detmath.Exp(-0.2*detmath.Log(err))))
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
	n := len(d.tol.Abs)
	k6, k7, x, y := d.k[5][:n], d.k[6][:n], d.work[:n], d.x1[:n]
	for i, abs := range d.tol.Abs {
		w := 1 / (abs + float64(d.tol.Rel*math.Abs(y[i])))
		a, b := (k7[i]-k6[i])*w, (y[i]-x[i])*w
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
