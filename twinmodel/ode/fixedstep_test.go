package ode_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/ode"
	"twinrig/twinmodel/validation"
)

// linearThermostat is the thermostat with the matrix it has in both modes.
type linearThermostat struct{ thermostat }

func (linearThermostat) Jacobian(_ float64, _ []float64, _ *ode.Discrete, j []float64) {
	j[0] = -1 / lag
}

// methods are the ways to step the thermostat.
var methods = map[string]ode.Config{
	"DoPri5":    {Tolerance: ode.Tolerance{Rel: 1e-12, Abs: []float64{1e-12}}},
	"Rodas4":    {Tolerance: ode.Tolerance{Rel: 1e-12, Abs: []float64{1e-12}}, Stiff: true},
	"RK4":       {Step: 5},
	"ExpAffine": {Step: 60, Affine: true},
}

// TestThermostat: law: the cycle's closed form, t_on = τ ln(21/19), t_off = τ
// ln(51/49) (physics.md 2.3). Tolerance: 1e-6 s after 1,000 cycles, with every
// method.
func TestThermostat(t *testing.T) {
	on, off := lag*detmath.Log(21.0/19), lag*detmath.Log(51.0/49)
	cycles := float64(1000 * (on + off))
	if math.Abs(on-360.300450805) > 1e-9 || math.Abs(off-144.019204609) > 1e-9 {
		t.Fatalf("closed form: on %.9f, off %.9f", on, off)
	}
	for _, name := range []string{"DoPri5", "Rodas4", "RK4", "ExpAffine"} {
		c := methods[name]
		j := &journal{Hybrid: linearThermostat{}}
		c.State, c.Modes, c.Guards = []float64{-19}, []int64{1}, []ode.Direction{ode.Falling, ode.Rising}
		s, err := ode.NewSimulator(noted{j, linearThermostat{}}, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Advance(cycles + 1); err != nil {
			t.Fatal(err)
		}
		if len(j.at) != 2000 {
			t.Errorf("%s: %d events, want 2000", name, len(j.at))
			continue
		}
		steps, evaluations := s.Work()
		t.Logf("%s: %d steps and %d evaluations", name, steps, evaluations)
		validation.Row{ID: "AC-5", What: "error of the last event's time after 1,000 thermostat cycles, " + name, Source: "closed form",
			Reference: 0, Ours: math.Abs(j.at[1999] - cycles), Unit: "s", Absolute: 1e-6}.Check(t)
	}
}

// TestRK4Order: law: halving the step divides the error by 16, at the end of a
// step and in the middle of one.
func TestRK4Order(t *testing.T) {
	wrong := func(step, at float64) float64 {
		r, err := ode.NewRK4(2, step)
		if err != nil {
			t.Fatal(err)
		}
		r.Start(0, []float64{1, 0})
		for r.T() < at {
			if err := r.Step(field(oscillator), 100); err != nil {
				t.Fatal(err)
			}
		}
		x := make([]float64, 2)
		r.At(at, x)
		return math.Hypot(x[0]-math.Cos(at), x[1]+math.Sin(at))
	}
	for _, at := range []float64{10, 10 - 0.03125} {
		ratio := wrong(0.0625, at) / wrong(0.03125, at)
		if ratio < 14 || ratio > 19 {
			t.Errorf("at %g half the step divides the error by %.2f, want 16", at, ratio)
		}
	}
}

// TestRK4Cost: a step costs four evaluations, whatever happens in the model, and
// an event five.
func TestRK4Cost(t *testing.T) {
	s, err := ode.NewSimulator(truck{}, ode.Config{
		State: []float64{-20, -18, 22, -20, -20, 8000}, Modes: []int64{1, 0}, Timers: []float64{doorPeriod},
		Guards: []ode.Direction{ode.Falling, ode.Rising}, Step: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	worst, last := 0, 0
	for k := 1; k <= 20000; k++ {
		if err := s.Advance(float64(k)); err != nil {
			t.Fatal(err)
		}
		_, evaluations := s.Work()
		worst, last = max(worst, evaluations-last), evaluations
	}
	if worst > 10 {
		t.Errorf("a second cost up to %d evaluations, want 4, and 5 more for an event", worst)
	}
}

// TestRK4Truck: law: TRUCK-BENCH with a fixed step of 5 s has the end state and
// the 182 events of the reference. Tolerance: 1e-5.
func TestRK4Truck(t *testing.T) {
	j := &journal{Hybrid: truck{}}
	s, err := ode.NewSimulator(j, ode.Config{
		State: []float64{-20, -18, 22, -20, -20, 8000}, Modes: []int64{1, 0}, Timers: []float64{doorPeriod},
		Guards: []ode.Direction{ode.Falling, ode.Rising}, Step: 5,
	})
	if err != nil {
		t.Fatal(err)
	}
	reaches(t, s, 86400, truckEnd, 1e-5)
	if len(j.at) != 182 {
		t.Errorf("%d events, want 182", len(j.at))
	}
}

// TestRK4Unstable: a step beyond the stability limit is an error, not a number
// that grows for ever.
func TestRK4Unstable(t *testing.T) {
	r, err := ode.NewRK4(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Start(0, []float64{1})
	decay := field(func(_ float64, x, dx []float64) { dx[0] = -100 * x[0] })
	for err == nil && r.T() < 1000 {
		err = r.Step(decay, 1000)
	}
	var e *ode.Error
	if !errors.As(err, &e) || e.State != 0 || !errors.Is(err, ode.ErrNotFinite) {
		t.Errorf("got %v at %g, want state 0 not finite", err, r.T())
	}
}

// TestFixedSnapshot: a restored simulator has the same future, bit for bit, with
// the methods of fixed step too.
func TestFixedSnapshot(t *testing.T) {
	for _, name := range []string{"RK4", "ExpAffine"} {
		rapid.Check(t, func(rt *rapid.T) {
			c := methods[name]
			c.State, c.Modes, c.Guards = []float64{-19}, []int64{1}, []ode.Direction{ode.Falling, ode.Rising}
			a, err1 := ode.NewSimulator(linearThermostat{}, c)
			b, err2 := ode.NewSimulator(linearThermostat{}, c)
			at := rapid.Float64Range(0, 3000).Draw(rt, "at")
			if err := errors.Join(err1, err2, a.Advance(at)); err != nil {
				rt.Fatal(err)
			}
			if rapid.Bool().Draw(rt, "interrupt") {
				a.Interrupt()
			}
			floats, ints := a.Snapshot(nil, nil)
			if err := b.Restore(floats, ints); err != nil {
				rt.Fatal(err)
			}
			x, y := make([]float64, 1), make([]float64, 1)
			for _, later := range []float64{0.1, 7, 900} {
				if err := errors.Join(a.Advance(at+later), b.Advance(at+later)); err != nil {
					rt.Fatal(err)
				}
				a.State(x)
				b.State(y)
				if x[0] != y[0] {
					rt.Fatalf("%s: after %g s %.17g, restored %.17g", name, later, x[0], y[0])
				}
			}
		})
	}
}

// TestFixedNoAllocation: once both modes are known, nothing is allocated.
func TestFixedNoAllocation(t *testing.T) {
	for _, name := range []string{"RK4", "ExpAffine"} {
		c := methods[name]
		c.State, c.Modes, c.Guards = []float64{-19}, []int64{1}, []ode.Direction{ode.Falling, ode.Rising}
		s, err := ode.NewSimulator(linearThermostat{}, c)
		if err != nil {
			t.Fatal(err)
		}
		x, at := make([]float64, 1), 0.0
		if n := testing.AllocsPerRun(50, func() {
			at += 1000
			if err := s.Advance(at); err != nil {
				t.Fatal(err)
			}
			s.State(x)
			s.Interrupt()
		}); n > 0 {
			t.Errorf("%s: %g allocations per 1000 s", name, n)
		}
	}
}
