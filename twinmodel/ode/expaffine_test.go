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

// linear is x' = A·x + b.
type linear struct{ a, b []float64 }

func (l linear) Derivatives(_ float64, x, dx []float64) {
	for i := range dx {
		dx[i] = l.b[i]
		for j, v := range x {
			dx[i] += l.a[i*len(x)+j] * v
		}
	}
}

func (l linear) Jacobian(_ float64, _, j []float64) bool { copy(j, l.a); return true }

// TestExpAffineClosedForms: law: the solution in closed form, for steps long and
// short against the system's time constants, on the step and inside it.
// Tolerance: 1e-13 of the largest state.
func TestExpAffineClosedForms(t *testing.T) {
	decay := func(rate float64) func(float64) []float64 {
		return func(t float64) []float64 { return []float64{2 + 3*math.Exp(-rate*t)} }
	}
	for _, c := range []struct {
		name   string
		system linear
		at     func(t float64) []float64
		step   float64
	}{
		{"nothing happens", linear{[]float64{0}, []float64{0}}, func(float64) []float64 { return []float64{5} }, 1e6},
		{"a singular matrix integrates", linear{[]float64{0}, []float64{2}}, func(t float64) []float64 { return []float64{5 + 2*t} }, 7},
		{"free fall: nilpotent", linear{[]float64{0, 1, 0, 0}, []float64{0, -10}},
			func(t float64) []float64 { return []float64{1 + 2*t - 5*t*t, 2 - 10*t} }, 3},
		{"slow decay", linear{[]float64{-1e-3}, []float64{2e-3}}, decay(1e-3), 1},
		{"fast decay: 600 time constants a step", linear{[]float64{-10}, []float64{20}}, decay(10), 60},
		{"stiff pair", linear{[]float64{-1e4, 0, 0, -1e-4}, []float64{2e4, 0}},
			func(t float64) []float64 { return []float64{2 + 3*math.Exp(-1e4*t), math.Exp(-1e-4 * t)} }, 10},
		{"oscillator: five periods a step", linear{[]float64{0, 1, -1, 0}, []float64{0, 0}},
			func(t float64) []float64 { return []float64{math.Cos(t), -math.Sin(t)} }, 31.4},
		{"growth", linear{[]float64{0.5}, []float64{0}}, func(t float64) []float64 { return []float64{math.Exp(0.5 * t)} }, 4},
	} {
		e, err := ode.NewExpAffine(len(c.system.b), c.step)
		if err != nil {
			t.Fatal(err)
		}
		e.Start(0, c.at(0))
		x := make([]float64, len(c.system.b))
		for k := range 3 {
			if err := e.Step(c.system, 2.7*c.step); err != nil {
				t.Fatal(err)
			}
			for _, part := range []float64{0, 1e-9, 0.1, 0.5, 0.8125, 0.999, 1} {
				at := e.T0() + part*(e.T()-e.T0())
				e.At(at, x)
				for i, want := range c.at(at) {
					scale := math.Max(1, math.Abs(want)) * float64(k+1)
					if math.Abs(x[i]-want) > 1e-13*scale {
						t.Errorf("%s: state %d at %g is %.17g, want %.17g", c.name, i, at, x[i], want)
					}
				}
			}
		}
		if e.T() != 2.7*c.step {
			t.Errorf("%s: three steps lead to %g, want %g", c.name, e.T(), 2.7*c.step)
		}
	}
}

// TestExpAffineComposes: law: exp(A(s+t)) = exp(As)·exp(At): the state inside a
// step is where a step to that point leads, for random matrices of heat exchange.
func TestExpAffineComposes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(rt, "n")
		s := linear{make([]float64, n*n), make([]float64, n)}
		x := make([]float64, n)
		for i := range n {
			x[i], s.b[i] = rapid.Float64Range(-50, 50).Draw(rt, "x"), rapid.Float64Range(-1, 1).Draw(rt, "b")
			for j := range n {
				if i != j {
					g := detmath.Exp(rapid.Float64Range(-12, 3).Draw(rt, "log of a conductance"))
					s.a[i*n+j], s.a[i*n+i] = g, s.a[i*n+i]-g
				}
			}
		}
		step := rapid.Float64Range(0.01, 100).Draw(rt, "step")
		part := rapid.Float64Range(0, 1).Draw(rt, "part") * step
		long, _ := ode.NewExpAffine(n, step)
		short, _ := ode.NewExpAffine(n, step*0.37)
		long.Start(0, x)
		short.Start(0, x)
		if err := long.Step(s, math.Inf(1)); err != nil {
			rt.Fatal(err)
		}
		for short.T() < part {
			if err := short.Step(s, part); err != nil {
				rt.Fatal(err)
			}
		}
		y, z := make([]float64, n), make([]float64, n)
		long.At(part, y)
		short.At(part, z)
		for i := range y {
			if math.Abs(y[i]-z[i]) > 1e-11*(1+step) {
				rt.Fatalf("state %d at %g: %.17g in one step of %g, %.17g in several", i, part, y[i], step, z[i])
			}
		}
	})
}

// TestExpAffineRefuses: what it cannot step is an error that says so.
func TestExpAffineRefuses(t *testing.T) {
	for _, step := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := ode.NewExpAffine(1, step); err == nil {
			t.Errorf("step %g was accepted", step)
		}
		if _, err := ode.NewRK4(1, step); err == nil {
			t.Errorf("RK4: step %g was accepted", step)
		}
	}
	for _, c := range []struct {
		name  string
		f     ode.System
		cause error
	}{
		{"no Jacobian", field(oscillator), ode.ErrNoJacobian},
		{"NaN in the matrix", linear{[]float64{0, 1, math.NaN(), 0}, []float64{0, 0}}, ode.ErrNotFinite},
		{"NaN in b", linear{[]float64{0, 1, 0, 0}, []float64{0, math.NaN()}}, ode.ErrNotFinite},
		{"time constants beyond all sense", linear{[]float64{-1e300, 0, 0, 0}, []float64{0, 0}}, ode.ErrStiff},
	} {
		e, err := ode.NewExpAffine(2, 1)
		if err != nil {
			t.Fatal(err)
		}
		e.Start(0, []float64{1, 1})
		if err := e.Step(c.f, 10); !errors.Is(err, c.cause) {
			t.Errorf("%s: %v, want %v", c.name, err, c.cause)
		}
		x := make([]float64, 2)
		if e.At(1, x); e.T() != 0 || x[0] != 1 || x[1] != 1 {
			t.Errorf("%s: the failed step moved the solution to %v at %g", c.name, x, e.T())
		}
	}
	if _, err := ode.NewSimulator(thermostat{}, ode.Config{State: []float64{0}, Step: 1, Affine: true}); !errors.Is(err, ode.ErrNoJacobian) {
		t.Errorf("a model without Jacobian: %v", err)
	}
}

// TestExpAffineForgets: more matrices than are kept, each met twice, are stepped
// with the right one.
func TestExpAffineForgets(t *testing.T) {
	e, err := ode.NewExpAffine(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	x, want := []float64{1}, 1.0
	for k := range 40 {
		rate := float64(k%20+1) / 100
		e.Start(float64(k), x)
		if err := e.Step(linear{[]float64{-rate}, []float64{0}}, math.Inf(1)); err != nil {
			t.Fatal(err)
		}
		e.At(e.T(), x)
		if want *= math.Exp(-rate); math.Abs(x[0]-want) > 1e-14 {
			t.Fatalf("after %d steps: %.17g, want %.17g", k+1, x[0], want)
		}
	}
}

// affineTruck is TRUCK-BENCH made linear: radiation to the sky and the product
// of two temperatures in the unit's capacity are held to their tangent and mean
// every ten minutes. The skin's temperature at the last tangent is a state that
// does not move.
type affineTruck struct{ truck }

const (
	tangentEvery = 600.0
	skinThen     = 6
)

// Derivatives is the truck's, with the tangents; t is held to the middle of the
// ten minutes where it multiplies a state.
func (m affineTruck) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	const cw, sigma = 675000, 5.670374419e-8
	m.truck.Derivatives(t, x[:6], d, dx[:6])
	skin, then := x[2]+273.15, x[skinThen]+273.15
	exact := float64(skin * skin * skin * skin)
	tangent := float64(then*then*then*then) + float64(4*then*then*then*(skin-then))
	dx[2] += float64(sigma * 0.9 * 35 / cw * (exact - tangent))
	if d.Modes[truckOn] == 1 {
		dx[5] += float64(8000 * 0.02 * 0.008 / 60 * (x[0] + 20) * (ambient(t) - ambient(middle(t))))
	}
	dx[skinThen] = 0
}

func ambient(t float64) float64 { return 25 + float64(8*detmath.Sin(2*math.Pi/86400*(t-32400))) }

func middle(t float64) float64 { return (math.Floor(t/tangentEvery) + 0.5) * tangentEvery }

// Jacobian is exact for x between two tangents.
func (m affineTruck) Jacobian(t float64, x []float64, d *ode.Discrete, j []float64) {
	dx, dy := make([]float64, 7), make([]float64, 7)
	y := append([]float64(nil), x...)
	at := middle(t)
	m.Derivatives(at, x, d, dx)
	for c := range skinThen {
		y[c] = x[c] + 1
		m.Derivatives(at, y, d, dy)
		for r := range 7 {
			j[r*7+c] = dy[r] - dx[r]
		}
		y[c] = x[c]
	}
	for r := range 7 {
		j[r*7+skinThen] = 0
	}
}

func (m affineTruck) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	if e.Timer == 1 {
		x[skinThen] = x[2]
		d.Timers[1] = t + tangentEvery
		return
	}
	m.truck.Fire(e, t, x, d)
}

// TestLinearTruck: TRK-7: law: the exact step with the sky linearised every ten
// minutes against DoPri5 on the full problem, over 24 h. Tolerance: box air 0.05
// K root mean square, 182 events.
func TestLinearTruck(t *testing.T) {
	full := newTruck(t, truck{}, 1e-10)
	j := &journal{Hybrid: affineTruck{}}
	s, err := ode.NewSimulator(noted{j, affineTruck{}}, ode.Config{
		State:  []float64{-20, -18, 22, -20, -20, 8000, 22},
		Modes:  []int64{1, 0},
		Timers: []float64{doorPeriod, tangentEvery},
		Guards: []ode.Direction{ode.Falling, ode.Rising},
		Step:   10, Affine: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	x, y, sum := make([]float64, 6), make([]float64, 7), 0.0
	for k := 1; k <= 8640; k++ {
		if err := errors.Join(full.Advance(float64(k)*10), s.Advance(float64(k)*10)); err != nil {
			t.Fatal(err)
		}
		full.State(x)
		s.State(y)
		sum += float64((x[0] - y[0]) * (x[0] - y[0]))
	}
	events := len(j.at) - 86400/tangentEvery
	if events != 182 {
		t.Errorf("%d events, want 182", events)
	}
	validation.Row{ID: "TRK-7", What: "TRUCK-BENCH by exact steps of 10 s, sky linearised every 10 min: box air over 24 h, root mean square difference",
		Source: "DoPri5, rtol 1e-10", Reference: 0, Ours: math.Sqrt(sum / 8640), Unit: "K", Absolute: 0.05}.Check(t)
}

// noted is a journal of a model with a Jacobian.
type noted struct {
	*journal
	ode.DifferentiableHybrid
}

func (n noted) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	n.DifferentiableHybrid.Derivatives(t, x, d, dx)
}
func (n noted) Guards(t float64, x []float64, d *ode.Discrete, g []float64) {
	n.DifferentiableHybrid.Guards(t, x, d, g)
}
func (n noted) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) { n.journal.Fire(e, t, x, d) }
