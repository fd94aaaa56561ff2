package ode_test

import (
	"math"
	"strings"
	"testing"

	"twinrig/twinmodel/ode"
)

// late is x' = -x(t-1), which was 1 before the start.
type late struct{}

func (late) Derivatives(t float64, _ []float64, d *ode.Discrete, dx []float64) { dx[0] = -d.Past(0, t) }
func (late) Guards(float64, []float64, *ode.Discrete, []float64)               {}
func (late) Fire(ode.Event, float64, []float64, *ode.Discrete)                 {}

// lateSolution is its closed form by the method of steps.
func lateSolution(t float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1; float64(k-1) < t; k++ {
		term = math.Pow(t-float64(k-1), float64(k))
		for j := 2; j <= k; j++ {
			term /= float64(j)
		}
		if k%2 == 1 {
			term = -term
		}
		sum += term
	}
	return sum
}

func newLate(t *testing.T, stiff bool, delays ...ode.Delay) (*ode.Simulator, error) {
	t.Helper()
	return ode.NewSimulator(late{}, ode.Config{
		Tolerance: ode.Tolerance{Rel: 1e-9, Abs: []float64{1e-11}}, State: []float64{1}, Delays: delays, Stiff: stiff,
	})
}

// TestDelay: closed form, within 1e-7 at a tolerance of 1e-9, with steps that are
// thrown away and taken anew at odd instants. The kinks that the start leaves at
// whole numbers are not located, which costs the other digits.
func TestDelay(t *testing.T) {
	for _, stiff := range []bool{false, true} {
		s, err := newLate(t, stiff, ode.Delay{State: 0, Lag: 1})
		if err != nil {
			t.Fatal(err)
		}
		x := make([]float64, 1)
		for i := 1; i <= 70; i++ {
			at := 0.13 * float64(i)
			if err := s.Advance(at); err != nil {
				t.Fatal(err)
			}
			s.State(x)
			if d := x[0] - lateSolution(at); math.Abs(d) > 1e-7 {
				t.Fatalf("stiff %v: x(%g) = %.12g, off by %.2g", stiff, at, x[0], d)
			}
			if i%3 == 0 {
				s.Interrupt()
			}
		}
	}
}

// TestDelayManySteps: the history stays small however often the solver starts
// anew.
func TestDelayManySteps(t *testing.T) {
	s, err := newLate(t, false, ode.Delay{State: 0, Lag: 1})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 1)
	most := 0
	for i := 1; i <= 9000; i++ {
		if err := s.Advance(float64(i) / 3000); err != nil {
			t.Fatal(err)
		}
		s.Interrupt()
		floats, _ := s.Snapshot(nil, nil)
		most = max(most, len(floats))
	}
	s.State(x)
	if d := x[0] - lateSolution(3); math.Abs(d) > 1e-7 {
		t.Errorf("x(3) off by %.2g", d)
	}
	if most > 1200 {
		t.Errorf("a snapshot of %d numbers", most)
	}
}

// TestDelaySnapshot: a simulator that was restored remembers the same past.
func TestDelaySnapshot(t *testing.T) {
	a, err := newLate(t, true, ode.Delay{State: 0, Lag: 1})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := newLate(t, true, ode.Delay{State: 0, Lag: 1})
	if err := a.Advance(2.3); err != nil {
		t.Fatal(err)
	}
	floats, ints := a.Snapshot(nil, nil)
	if err := b.Restore(floats, ints); err != nil {
		t.Fatal(err)
	}
	x, y := make([]float64, 1), make([]float64, 1)
	for _, at := range []float64{2.31, 3, 7} {
		if err := a.Advance(at); err != nil {
			t.Fatal(err)
		}
		if err := b.Advance(at); err != nil {
			t.Fatal(err)
		}
		a.State(x)
		b.State(y)
		if x[0] != y[0] {
			t.Errorf("at %g: %g, restored %g", at, x[0], y[0])
		}
	}
	for _, parts := range []int64{-1, 0, 1 << 40} {
		ints[len(ints)-1] = parts
		if b.Restore(floats, ints) == nil {
			t.Errorf("a snapshot with %d parts of history was taken", parts)
		}
	}
}

// TestDelayFixedStep: the fixed-step method reads the past as well, 1e-6.
func TestDelayFixedStep(t *testing.T) {
	c := ode.Config{State: []float64{1}, Delays: []ode.Delay{{State: 0, Lag: 1}}, Step: 0.01}
	s, err := ode.NewSimulator(late{}, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Advance(3); err != nil {
		t.Fatal(err)
	}
	x := make([]float64, 1)
	if s.State(x); math.Abs(x[0]-lateSolution(3)) > 1e-6 {
		t.Errorf("x(3) off by %.2g", x[0]-lateSolution(3))
	}
	c.Step = 2
	if _, err := ode.NewSimulator(late{}, c); err == nil || !strings.Contains(err.Error(), "too long for a lag of 1") {
		t.Errorf("a step longer than the lag: %v", err)
	}
}

func TestDelayMistakes(t *testing.T) {
	for says, d := range map[string]ode.Delay{"no state 1": {State: 1, Lag: 1}, "lag 0": {}, "lag NaN": {Lag: math.NaN()}, "lag +Inf": {Lag: math.Inf(1)}} {
		if _, err := newLate(t, true, d); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %q", d, err, says)
		}
	}
}
