package ode_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"twinrig/twinmodel/ode"
)

// thermostat is the event test with a closed form: a first-order lag towards
// −40 when on and +30 when off, switched at −21 and −19.
type thermostat struct{}

const lag = 3600.0

func (thermostat) Derivatives(_ float64, x []float64, d *ode.Discrete, dx []float64) {
	dx[0] = (30 - x[0]) / lag
	if d.Modes[0] == 1 {
		dx[0] = (-40 - x[0]) / lag
	}
}

func (thermostat) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	g[0], g[1] = ode.Disabled, ode.Disabled
	if d.Modes[0] == 1 {
		g[0] = x[0] + 21
	} else {
		g[1] = x[0] + 19
	}
}

func (thermostat) Fire(_ ode.Event, _ float64, _ []float64, d *ode.Discrete) {
	d.Modes[0] = 1 - d.Modes[0]
}

// ball bounces without loss: guard at the floor, reset of the velocity, no modes.
type ball struct{}

func (ball) Derivatives(_ float64, x []float64, _ *ode.Discrete, dx []float64) {
	dx[0], dx[1] = x[1], -9.81
}
func (ball) Guards(_ float64, x []float64, _ *ode.Discrete, g []float64) { g[0] = x[0] }
func (ball) Fire(_ ode.Event, _ float64, x []float64, _ *ode.Discrete)   { x[1] = -x[1] }

// TestBall: law: every bounce comes 2√(2h/g) after the last, and a guard without
// modes does not fire again where it just fired.
func TestBall(t *testing.T) {
	j := &journal{Hybrid: ball{}}
	s, err := ode.NewSimulator(j, ode.Config{
		Tolerance: ode.Tolerance{Rel: 1e-9, Abs: []float64{1e-9, 1e-9}, MaxStep: 0.1},
		State:     []float64{1, 0}, Guards: []ode.Direction{ode.Falling},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Advance(20); err != nil {
		t.Fatal(err)
	}
	fall := math.Sqrt(2 / 9.81)
	if want := int((20-fall)/(2*fall)) + 1; len(j.at) != want {
		t.Fatalf("%d bounces, want %d", len(j.at), want)
	}
	for i, at := range j.at {
		if want := fall * float64(1+2*i); math.Abs(at-want) > 1e-6 {
			t.Fatalf("bounce %d at %.9f, want %.9f", i, at, want)
		}
	}
}

// switches is a clock with three timers, two guards on time and one on an input.
type switches struct {
	input float64
	fired []string
	react func(d *ode.Discrete)
}

func (*switches) Derivatives(_ float64, _ []float64, _ *ode.Discrete, dx []float64) { dx[0] = 1 }
func (m *switches) Guards(t float64, _ []float64, _ *ode.Discrete, g []float64) {
	g[0], g[1], g[2] = t-5, 5-t, m.input
}
func (m *switches) Fire(e ode.Event, _ float64, _ []float64, d *ode.Discrete) {
	names := []string{"timer 0", "timer 1", "timer 2", "guard 0", "guard 1", "guard 2"}
	i := e.Timer
	if e.Guard >= 0 {
		i = 3 + e.Guard
	}
	m.fired = append(m.fired, names[i])
	if m.react != nil {
		m.react(d)
	}
}

func newSwitches(t *testing.T, m *switches, timers ...float64) *ode.Simulator {
	t.Helper()
	s, err := ode.NewSimulator(m, ode.Config{
		Tolerance: ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-6}}, State: []float64{0},
		Modes: []int64{0}, Timers: timers, Guards: []ode.Direction{ode.Rising, ode.Falling, ode.Either},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOrder: simultaneous events fire timers first, each kind in order of
// declaration, and an event at the instant asked for has happened.
func TestOrder(t *testing.T) {
	m := &switches{input: 1}
	s := newSwitches(t, m, 5, 2, 5)
	if err := s.Advance(5); err != nil {
		t.Fatal(err)
	}
	want := []string{"timer 1", "timer 0", "timer 2", "guard 0", "guard 1"}
	if diff := cmp.Diff(want, m.fired); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// TestInputJump: a guard on an input fires with the next Advance, even to the
// same instant, and not twice.
func TestInputJump(t *testing.T) {
	m := &switches{input: 1}
	s := newSwitches(t, m, ode.Never, ode.Never, ode.Never)
	step := func(at, input float64, want ...string) {
		t.Helper()
		m.fired = nil
		s.Interrupt()
		m.input = input
		for range 2 {
			if err := s.Advance(at); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, m.fired); diff != "" {
			t.Errorf("input %g at %g (-want +got):\n%s", input, at, diff)
		}
	}
	step(1, 1)
	step(1, -1, "guard 2")
	step(2, -2)
	step(3, 3, "guard 2")
	step(6, 3, "guard 0", "guard 1")
	step(7, 3)
}

// TestInterruptUndoesTheFuture: an event that the solver has already seen ahead
// does not happen if the input changes before it.
func TestInterruptUndoesTheFuture(t *testing.T) {
	j := &journal{Hybrid: thermostat{}}
	s := newTruck(t, j, 1e-6)
	if err := s.Advance(100); err != nil { // the next door event is at 7200
		t.Fatal(err)
	}
	before := len(j.at)
	x := make([]float64, 6)
	s.State(x)
	s.Interrupt()
	y := make([]float64, 6)
	s.State(y)
	if diff := cmp.Diff(x, y); diff != "" {
		t.Errorf("Interrupt changed the state:\n%s", diff)
	}
	if len(j.at) != before || s.T() != 100 {
		t.Errorf("Interrupt fired an event or moved the present to %g", s.T())
	}
}

// TestChatter: events that cause each other without end are an error.
func TestChatter(t *testing.T) {
	m := &switches{input: 1}
	m.react = func(d *ode.Discrete) { d.Timers[0] = 3 }
	s := newSwitches(t, m, 3)
	err := s.Advance(4)
	var e *ode.Error
	if !errors.Is(err, ode.ErrChatter) || !errors.As(err, &e) || e.T != 3 {
		t.Errorf("got %v, want chatter at 3", err)
	}
	if len(m.fired) != 64 {
		t.Errorf("%d events before the alarm, want 64", len(m.fired))
	}
}

// TestStopAt: the model is not evaluated beyond, and Advance refuses to go there.
func TestStopAt(t *testing.T) {
	s := newTruck(t, truck{}, 1e-6)
	if err := s.Advance(50); err != nil {
		t.Fatal(err)
	}
	s.StopAt(51)
	if err := s.Advance(51); err != nil {
		t.Fatal(err)
	}
	if err := s.Advance(52); err == nil {
		t.Error("went beyond the stop")
	}
	s.StopAt(ode.Never)
	if err := s.Advance(52); err != nil {
		t.Error(err)
	}
}

// TestBadAdvance: time runs forward and is finite.
func TestBadAdvance(t *testing.T) {
	s := newTruck(t, truck{}, 1e-6)
	if err := s.Advance(10); err != nil {
		t.Fatal(err)
	}
	for _, at := range []float64{9, math.NaN(), math.Inf(1), math.Inf(-1)} {
		if err := s.Advance(at); err == nil {
			t.Errorf("advanced to %g", at)
		}
	}
}

// TestPollingChangesNothing: without input changes the trajectory does not
// depend on how often somebody looks, bit for bit.
func TestPollingChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := newTruck(t, truck{}, 1e-4), newTruck(t, truck{}, 1e-4)
		end := rapid.Float64Range(1, 20000).Draw(rt, "end")
		for _, part := range rapid.SliceOfN(rapid.Float64Range(0, 1), 0, 20).Draw(rt, "looks") {
			if at := part * end; at > a.T() {
				if err := a.Advance(at); err != nil {
					rt.Fatal(err)
				}
			}
		}
		x, y := make([]float64, 6), make([]float64, 6)
		for s, into := range map[*ode.Simulator][]float64{a: x, b: y} {
			if err := s.Advance(end); err != nil {
				rt.Fatal(err)
			}
			s.State(into)
		}
		if diff := cmp.Diff(x, y); diff != "" {
			rt.Fatalf("states differ:\n%s", diff)
		}
	})
}

// TestSnapshot: a restored simulator has the same future, bit for bit, wherever
// in a step the snapshot was taken and whether or not an input just changed.
func TestSnapshot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := newTruck(t, truck{}, 1e-4), newTruck(t, truck{}, 1e-4)
		at := rapid.Float64Range(0, 20000).Draw(rt, "at")
		if err := a.Advance(at); err != nil {
			rt.Fatal(err)
		}
		if rapid.Bool().Draw(rt, "interrupt") {
			a.Interrupt()
		}
		floats, ints := a.Snapshot(nil, nil)
		if err := b.Restore(floats, ints); err != nil {
			rt.Fatal(err)
		}
		for _, s := range []*ode.Simulator{a, b} {
			if err := s.Advance(at + 5000); err != nil {
				rt.Fatal(err)
			}
		}
		f1, i1 := a.Snapshot(nil, nil)
		f2, i2 := b.Snapshot(nil, nil)
		if diff := cmp.Diff(f1, f2, cmpopts.EquateNaNs()) + cmp.Diff(i1, i2); diff != "" {
			rt.Fatalf("futures differ:\n%s", diff)
		}
	})
}

// TestRestoreOther: a snapshot of another size is refused.
func TestRestoreOther(t *testing.T) {
	s := newTruck(t, truck{}, 1e-6)
	floats, ints := s.Snapshot(nil, nil)
	if s.Restore(floats[1:], ints) == nil || s.Restore(floats, ints[1:]) == nil || s.Restore(nil, nil) == nil {
		t.Error("a snapshot of another size was accepted")
	}
	floats[0] = math.NaN()
	if s.Restore(floats, ints) == nil {
		t.Error("a snapshot at no time was accepted")
	}
}

// TestNoAllocation: stepping, events and looking allocate nothing.
func TestNoAllocation(t *testing.T) {
	s := newTruck(t, truck{}, 1e-6)
	x := make([]float64, 6)
	at := 0.0
	if n := testing.AllocsPerRun(100, func() {
		at += 1000
		if err := s.Advance(at); err != nil {
			t.Fatal(err)
		}
		s.State(x)
		s.Interrupt()
	}); n > 0 {
		t.Errorf("%g allocations per 1000 s", n)
	}
}

// TestBadConfig: a simulator that cannot start is refused.
func TestBadConfig(t *testing.T) {
	good := ode.Tolerance{Rel: 1e-6, Abs: []float64{1e-6}}
	for _, c := range []ode.Config{
		{Tolerance: good, State: []float64{math.NaN()}},
		{Tolerance: good, State: []float64{0}, Start: math.Inf(1)},
		{Tolerance: good, State: []float64{0, 0}},
	} {
		if _, err := ode.NewSimulator(thermostat{}, c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
