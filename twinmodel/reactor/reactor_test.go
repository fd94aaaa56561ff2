package reactor

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel/ode"
	"twinrig/twinmodel/planttest"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func newTank(t testing.TB, p Params) *Reactor {
	t.Helper()
	r, err := New(midnight, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	set     = planttest.Set
	advance = planttest.Advance
	value   = planttest.Value
)

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

// TestJacobian: the slopes are those of central differences, for any state,
// input and mode of every reaction; 1e-5 of the largest in their row.
func TestJacobian(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p, _ := Reaction(rapid.IntRange(0, len(reactions)-1).Draw(rt, "reaction")).Params()
		r := newPhysics(p)
		for i := range r.u {
			s := spec.Signals[i]
			r.u[i] = rapid.Float64Range(s.Min, s.Max).Draw(rt, s.Name)
		}
		x := append([]float64(nil), r.x0...)
		for i, s := range p.Species {
			x[i] = (s.Charge + p.Feed.Species[i]*hour) * rapid.Float64Range(0.01, 1).Draw(rt, "amount")
		}
		x[r.at(yHeat)] = p.CarrierCapacity * rapid.Float64Range(20, 250).Draw(rt, "temperature")
		x[r.at(yJacket)] += rapid.Float64Range(-20, 60).Draw(rt, "jacket")
		x[r.at(yRise)] = rapid.SampledFrom([]float64{-20, -1, 1, 40}).Draw(rt, "rise")
		x[r.at(yValve)] = rapid.Float64Range(0, 100).Draw(rt, "valve")
		x[r.at(yPressure)] += rapid.Float64Range(1e4, 3e6).Draw(rt, "pressure")
		x[r.at(yInhibitor)] = rapid.Float64Range(0, 0.9).Draw(rt, "inhibitor")
		d := discreteOf(rt, p, r.x0)
		if p.Headspace.Volume > 0 {
			d.Modes[modeVent] = rapid.Int64Range(0, 1).Draw(rt, "vent")
			d.Modes[modeDisc] = rapid.Int64Range(0, d.Modes[modeVent]).Draw(rt, "disc")
		}
		compareSlopes(rt, r, x, d)
	})
}

// discreteOf is the discrete state of a tank at its start, with its past.
func discreteOf(t rapid.TB, p Params, x []float64) *ode.Discrete {
	c := ode.Config{State: x, Modes: make([]int64, modes), Tolerance: newPhysics(p).tolerance(1), Stiff: true}
	if p.Jacket.Circuit == Loop {
		j := len(p.Species) + yJacket
		c.Delays = []ode.Delay{{State: j, Lag: 15}, {State: j, Lag: 37.8}, {State: j + 1, Lag: 22.8}}
	}
	s, err := ode.NewSimulator(newPhysics(p), c)
	if err != nil {
		t.Fatal(err)
	}
	return s.Discrete()
}

func compareSlopes(t rapid.TB, r *reactor, x []float64, d *ode.Discrete) {
	n := r.n
	exact, above, below := make([]float64, n*n), make([]float64, n), make([]float64, n)
	r.Jacobian(0, x, d, exact)
	worst := make([]float64, n)
	difference := make([]float64, n*n)
	for k := range n {
		h := 1e-6 * math.Max(1e-3, math.Abs(x[k]))
		if k == r.at(yValve) {
			continue // moves at events only
		}
		at := x[k]
		x[k] = at + h
		r.Derivatives(0, x, d, above)
		x[k] = at - h
		r.Derivatives(0, x, d, below)
		x[k] = at
		for i := range n {
			difference[i*n+k] = (above[i] - below[i]) / (2 * h)
			worst[i] = math.Max(worst[i], math.Max(math.Abs(difference[i*n+k]), 1e-8*math.Abs(above[i])/h))
		}
	}
	for i := range n {
		for k := range n {
			if k == r.at(yValve) {
				continue
			}
			if e := math.Abs(exact[i*n+k] - difference[i*n+k]); !(e <= 1e-5*worst[i]) {
				t.Fatalf("∂%d/∂%d is %.9g, differences give %.9g", i, k, exact[i*n+k], difference[i*n+k])
			}
		}
	}
}
