package ode_test

import (
	"errors"
	"math"
	"testing"

	"twinrig/twinmodel/ode"
)

// field is a System given as a function.
type field func(t float64, x, dx []float64)

func (f field) Derivatives(t float64, x, dx []float64) { f(t, x, dx) }

func solve(t *testing.T, f field, x0 []float64, end, tol float64) ([]float64, *ode.DoPri5) {
	t.Helper()
	abs := make([]float64, len(x0))
	for i := range abs {
		abs[i] = tol
	}
	d, err := ode.NewDoPri5(len(x0), ode.Tolerance{Rel: tol, Abs: abs})
	if err != nil {
		t.Fatal(err)
	}
	d.Start(0, x0)
	for d.T() < end {
		if err := d.Step(f, end); err != nil {
			t.Fatal(err)
		}
	}
	x := make([]float64, len(x0))
	d.At(end, x)
	return x, d
}

func oscillator(_ float64, x, dx []float64) { dx[0], dx[1] = x[1], -x[0] }

// TestOscillator: law: x” = −x has solution cos t. Tolerance: a few tolerances
// per period, and more steps for less error at order 5.
func TestOscillator(t *testing.T) {
	var errs [3]float64
	var steps [3]int
	for i, tol := range []float64{1e-5, 1e-8, 1e-11} {
		x, d := solve(t, oscillator, []float64{1, 0}, 20*math.Pi, tol)
		errs[i], steps[i] = math.Hypot(x[0]-1, x[1]), d.Steps
		if errs[i] > 200*tol {
			t.Errorf("tolerance %g: error %g after ten periods", tol, errs[i])
		}
	}
	order := math.Log(errs[0]/errs[2]) / math.Log(float64(steps[2])/float64(steps[0]))
	if order < 4.5 || order > 6 {
		t.Errorf("observed order %.2f, want about 5 (errors %g, steps %d)", order, errs, steps)
	}
}

// TestDense: the continuous extension stays within the tolerance of the solution
// and joins the steps.
func TestDense(t *testing.T) {
	d, err := ode.NewDoPri5(2, ode.Tolerance{Rel: 1e-8, Abs: []float64{1e-8, 1e-8}})
	if err != nil {
		t.Fatal(err)
	}
	d.Start(0, []float64{1, 0})
	x, worst := make([]float64, 2), 0.0
	for d.T() < 6 {
		if err := d.Step(field(oscillator), 6); err != nil {
			t.Fatal(err)
		}
		for k := 0; k <= 8; k++ {
			at := d.T0() + float64(k)/8*(d.T()-d.T0())
			d.At(at, x)
			worst = math.Max(worst, math.Abs(x[0]-math.Cos(at)))
		}
	}
	if worst > 1e-6 {
		t.Errorf("dense output is off by %g", worst)
	}
}

// TestNeverBeyondLimit: no stage is evaluated beyond the limit of a step.
func TestNeverBeyondLimit(t *testing.T) {
	limit := 0.0
	f := field(func(at float64, x, dx []float64) {
		if at > limit {
			t.Fatalf("evaluated at %g, beyond %g", at, limit)
		}
		dx[0] = -x[0]
	})
	d, err := ode.NewDoPri5(1, ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-9}})
	if err != nil {
		t.Fatal(err)
	}
	d.Start(0, []float64{1})
	for limit = 0.125; limit < 20; limit *= 1.7 {
		for d.T() < limit {
			if err := d.Step(f, limit); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestRejectNaN: a trial point outside the domain shortens the step and does no
// harm: √x falls to zero and must be approached from above.
func TestRejectNaN(t *testing.T) {
	drain := field(func(_ float64, x, dx []float64) { dx[0] = -math.Sqrt(x[0]) })
	x, d := solve(t, drain, []float64{1}, 1.9, 1e-8)
	if want := 0.0025; math.Abs(x[0]-want) > 1e-7 {
		t.Errorf("x(1.9) = %g, want %g", x[0], want)
	}
	if d.Rejected == 0 {
		t.Error("no step was rejected, so the test tests nothing")
	}
}

// TestFailures: what cannot be integrated ends in an error that says when, why
// and in which state, and leaves the solution where it was.
func TestFailures(t *testing.T) {
	tests := []struct {
		name  string
		f     field
		x0    []float64
		cause error
		state int
		from  float64 // the error is at this instant or later
	}{
		{"a derivative that is NaN from the start",
			func(_ float64, x, dx []float64) { dx[0], dx[1] = 0, math.NaN() }, []float64{0, 0}, ode.ErrNotFinite, 1, 0},
		{"a derivative that becomes NaN",
			func(at float64, x, dx []float64) { dx[0], dx[1] = 1, math.Sqrt(1-at) }, []float64{0, 0}, ode.ErrNotFinite, 1, 0.99},
		{"a solution that explodes at t = 1",
			func(_ float64, x, dx []float64) { dx[0] = x[0] * x[0] }, []float64{1}, ode.ErrStepTooSmall, 0, 0.99},
		{"a stiff system",
			func(at float64, x, dx []float64) { dx[0] = -1e6 * (x[0] - math.Cos(at)) }, []float64{1}, ode.ErrStiff, -1, 0},
	}
	for _, tt := range tests {
		n := len(tt.x0)
		d, err := ode.NewDoPri5(n, ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-6, 1e-6}[:n]})
		if err != nil {
			t.Fatal(err)
		}
		d.Start(0, tt.x0)
		last := d.T()
		for err == nil && d.T() < 5 {
			last = d.T()
			err = d.Step(tt.f, 5)
		}
		var e *ode.Error
		if !errors.Is(err, tt.cause) && !(tt.cause == ode.ErrStepTooSmall && errors.Is(err, ode.ErrNotFinite)) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.cause)
		} else if errors.As(err, &e); e.State != tt.state || e.T < tt.from {
			t.Errorf("%s: error in state %d at %g: %v", tt.name, e.State, e.T, err)
		}
		if tt.cause != ode.ErrStiff && d.T() != last {
			t.Errorf("%s: the solution moved to %g in a step that failed", tt.name, d.T())
		}
	}
}

// TestAffordable: the same decay, limited by stability, is no error to a caller
// who can live with its step.
func TestAffordable(t *testing.T) {
	f := field(func(at float64, x, dx []float64) { dx[0] = -50 * (x[0] - math.Cos(at)) })
	for _, affordable := range []float64{0, 0.01} {
		d, err := ode.NewDoPri5(1, ode.Tolerance{Rel: 1e-3, Abs: []float64{1e-3}, Affordable: affordable})
		if err != nil {
			t.Fatal(err)
		}
		d.Start(0, []float64{1})
		for err == nil && d.T() < 100 {
			err = d.Step(f, 100)
		}
		if stiff := errors.Is(err, ode.ErrStiff); stiff != (affordable == 0) {
			t.Errorf("affordable step %g: %v", affordable, err)
		}
	}
}

// TestTolerance: impossible tolerances are refused.
func TestTolerance(t *testing.T) {
	bad := []ode.Tolerance{
		{Rel: 0, Abs: []float64{1}}, {Rel: math.NaN(), Abs: []float64{1}}, {Rel: 1e-6, Abs: nil},
		{Rel: 1e-6, Abs: []float64{0}}, {Rel: 1e-6, Abs: []float64{math.Inf(1)}},
		{Rel: 1e-6, Abs: []float64{1}, MaxStep: -1}, {Rel: 1e-6, Abs: []float64{1}, Affordable: math.NaN()},
	}
	for _, tol := range bad {
		if _, err := ode.NewDoPri5(1, tol); err == nil {
			t.Errorf("tolerance %+v was accepted", tol)
		}
	}
	if _, err := ode.NewDoPri5(0, ode.Tolerance{Rel: 1e-6}); err == nil {
		t.Error("a system without states was accepted")
	}
}
