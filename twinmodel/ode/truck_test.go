package ode_test

import (
	"math"
	"testing"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/ode"
	"twinrig/twinmodel/validation"
)

// truck is TRUCK-BENCH, the regression problem of a refrigerated body with a
// thermostat and a door that opens every two hours: two modes and a sun.
// States: box air, liner, skin, cargo surface, cargo core in °C, capacity in W.
type truck struct{}

const (
	truckOn, truckDoor = 0, 1
	doorPeriod         = 7200
	doorOpenFor        = 600
)

func (truck) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	const (
		kiS, kwS, koS = 1500, 63.825, 3000
		ca            = 75 * 1.3 * 1005 * 6
		cw, cs, cc    = 675000, 7e6, 3.5e7
		hA, gc, fan   = 900, 900, 300
		sigma         = 5.670374419e-8
	)
	day := 2 * math.Pi / 86400
	amb := 25 + float64(8*detmath.Sin(day*(t-32400)))
	sun := max(0, 800*detmath.Sin(day*(t-21600)))
	inf := 8.0
	if d.Modes[truckDoor] == 1 {
		inf = 0.35 * 1.25 * 1005
	}
	q := 0.0
	if d.Modes[truckOn] == 1 {
		q = 8000 * (1 + float64(0.02*(x[0]+20))) * (1 - float64(0.008*(amb-30)))
	}
	skin, sky := x[2]+273.15, amb-11+273.15
	dx[0] = (float64(kiS*(x[1]-x[0])) + float64(hA*(x[3]-x[0])) + float64(inf*(amb-x[0])) + fan - x[5]) / ca
	dx[1] = (float64(kiS*(x[0]-x[1])) + float64(kwS*(x[2]-x[1]))) / cw
	dx[2] = (float64(kwS*(x[1]-x[2])) + float64(koS*(amb-x[2])) + float64(0.3*45*sun) -
		float64(sigma*0.9*35*(float64(skin*skin*skin*skin)-float64(sky*sky*sky*sky)))) / cw
	dx[3] = (float64(hA*(x[0]-x[3])) + float64(gc*(x[4]-x[3]))) / cs
	dx[4] = gc * (x[3] - x[4]) / cc
	dx[5] = (q - x[5]) / 60
}

func (truck) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	g[0], g[1] = ode.Disabled, ode.Disabled
	if d.Modes[truckOn] == 1 {
		g[0] = x[0] + 21
	} else {
		g[1] = x[0] + 19
	}
}

func (truck) Fire(e ode.Event, t float64, _ []float64, d *ode.Discrete) {
	switch {
	case e.Guard == 0:
		d.Modes[truckOn] = 0
	case e.Guard == 1:
		d.Modes[truckOn] = 1
	case d.Modes[truckDoor] == 0:
		d.Modes[truckDoor] = 1
		d.Timers[0] = t + doorOpenFor
	default:
		d.Modes[truckDoor] = 0
		d.Timers[0] = t + doorPeriod - doorOpenFor
	}
}

func newTruck(tb testing.TB, m ode.Hybrid, rel float64) *ode.Simulator {
	tb.Helper()
	s, err := ode.NewSimulator(m, ode.Config{
		Tolerance: ode.Tolerance{Rel: rel, Abs: []float64{rel, rel, rel, rel, rel, rel}, MaxStep: 50},
		State:     []float64{-20, -18, 22, -20, -20, 8000},
		Modes:     []int64{1, 0},
		Timers:    []float64{doorPeriod},
		Guards:    []ode.Direction{ode.Falling, ode.Rising},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// journal notes the events of a model.
type journal struct {
	ode.Hybrid
	at     []float64
	events []ode.Event
}

func (j *journal) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	j.at = append(j.at, t)
	j.events = append(j.events, e)
	j.Hybrid.Fire(e, t, x, d)
}

// truckEnd is the state after 24 h, by CVODE (Adams, rtol 1e-12).
var truckEnd = []float64{-19.1975866343, -18.355847823, 18.1096830409, -19.7269345677, -19.6591569946, 2.74168169969}

// TestTruckBench: law: the end state after 24 h and the number of events.
// Reference: CVODE (Adams, rtol 1e-12) on the same problem. Tolerance: 1e-5
// relative at rtol 1e-6.
func TestTruckBench(t *testing.T) {
	want := truckEnd
	for _, tt := range []struct{ rel, tol float64 }{{1e-6, 1e-5}, {1e-10, 1e-8}} {
		j := &journal{Hybrid: truck{}}
		s := newTruck(t, j, tt.rel)
		if err := s.Advance(86400); err != nil {
			t.Fatal(err)
		}
		got := make([]float64, 6)
		s.State(got)
		steps, evals := s.Work()
		t.Logf("rtol %g: %d steps, %d evaluations, error %.1e", tt.rel, steps, evals, worst(got, want))
		if !(worst(got, want) <= tt.tol) || len(j.at) != 182 {
			t.Errorf("rtol %g: %d events, want 182; end state %.10g, want %.10g", tt.rel, len(j.at), got, want)
		}
		if tt.rel == 1e-6 {
			truckRows(t, got, len(j.at))
		}
		for i := 1; i < len(j.at); i++ {
			if j.at[i] < j.at[i-1] {
				t.Errorf("event %d at %g comes after one at %g", i, j.at[i], j.at[i-1])
			}
		}
	}
}

func truckRows(t *testing.T, got []float64, events int) {
	row := validation.Row{ID: "TRK-3", What: "TRUCK-BENCH at rtol 1e-6, events in 24 h", Source: "CVODE Adams, rtol 1e-12",
		Reference: 182, Ours: float64(events), Unit: "1", Absolute: 0.5}
	row.Check(t)
	row.Unit, row.Absolute, row.Relative = "°C", 0, 1e-5
	for i, name := range []string{"box air", "liner", "skin", "cargo surface", "cargo core", "refrigeration"} {
		if i == 5 {
			row.Unit = "W"
		}
		row.What = "TRUCK-BENCH at rtol 1e-6 after 24 h, " + name
		row.Reference, row.Ours = truckEnd[i], got[i]
		row.Check(t)
	}
}

// TestTruckEventTimes: law: events are located to 1e-3 s at rtol 1e-6.
// Reference: the same solver at rtol 1e-10.
func TestTruckEventTimes(t *testing.T) {
	run := func(rel float64) *journal {
		j := &journal{Hybrid: truck{}}
		if err := newTruck(t, j, rel).Advance(86400); err != nil {
			t.Fatal(err)
		}
		return j
	}
	got, want := run(1e-6), run(1e-10)
	if len(got.at) != len(want.at) {
		t.Fatalf("%d events, want %d", len(got.at), len(want.at))
	}
	worst := 0.0
	for i := range want.at {
		if got.events[i] != want.events[i] {
			t.Fatalf("event %d is %v, want %v", i, got.events[i], want.events[i])
		}
		worst = math.Max(worst, math.Abs(got.at[i]-want.at[i]))
	}
	validation.Row{ID: "TRK-3", What: "TRUCK-BENCH at rtol 1e-6, worst error of an event's time in 24 h", Source: "the same at rtol 1e-10",
		Reference: 0, Ours: worst, Unit: "s", Absolute: 1e-3}.Check(t)
}

func BenchmarkTruck24h(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := newTruck(b, truck{}, 1e-6).Advance(86400); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTruck24hPolled asks for the state every 10 s, as a device does.
func BenchmarkTruck24hPolled(b *testing.B) {
	x := make([]float64, 6)
	for b.Loop() {
		s := newTruck(b, truck{}, 1e-6)
		for t := 10.0; t <= 86400; t += 10 {
			if err := s.Advance(t); err != nil {
				b.Fatal(err)
			}
			s.State(x)
		}
	}
}
