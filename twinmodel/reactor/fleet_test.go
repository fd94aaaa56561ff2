package reactor

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/validation"
)

var fleetStart = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func newFleet(tb testing.TB, p Params, n int, step time.Duration) *Fleet {
	tb.Helper()
	f, err := NewFleet(fleetStart, p, n, step)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// running is how the continuous tanks are meant to run.
var running = map[string]float64{"feedPump": 100, "jacketValve": 0}

// TestFleetIsReactor: law: a tank of a fleet is a Reactor, through ignition,
// faults and an agitator that stops. Tolerance: 1e-3 K at every full minute.
func TestFleetIsReactor(t *testing.T) {
	for _, c := range []struct {
		name      string
		params    Params
		step      time.Duration
		hours     int
		tolerance float64
		changes   map[int]map[string]float64 // at minutes
	}{
		{"Bequette's tank, ignited by a hot jacket", bequette(), 10 * time.Second, 10, 1e-3,
			map[int]map[string]float64{0: running, 60: {"jacketValve": 95}, 240: {"jacketValve": 0}}},
		{"Bequette's tank with faults", bequette(), 10 * time.Second, 10, 1e-3,
			map[int]map[string]float64{0: running, 30: {"coolingLoss": 0.8}, 120: {"feedConcentration": 1, "impurity": 0.5},
				240: {"agitatorFailure": 1, "fouling": 0.5}, 400: {"agitator": 0, "feedPump": 20, "feedRunaway": 0.5}}},
		{"Seborg's tank, which ignites when its coolant fails", seborg(), time.Second, 2, 1e-3,
			map[int]map[string]float64{0: running, 10: {"coolingLoss": 0.3}, 40: {"coolingLoss": 0}}},
	} {
		f := newFleet(t, c.params, 2, c.step)
		single, err := New(fleetStart, c.params)
		if err != nil {
			t.Fatal(err)
		}
		worst, hottest := 0.0, 0.0
		for minute := range 60 * c.hours {
			planttest.Set(t, single, c.changes[minute])
			for name, v := range c.changes[minute] {
				if err := f.Set(1, name, v); err != nil {
					t.Fatal(err)
				}
			}
			for range time.Minute / c.step {
				f.Step()
			}
			planttest.Advance(t, single, time.Minute)
			v, err := f.Value(1, "reactorTemperature")
			if err != nil {
				t.Fatal(err)
			}
			worst = math.Max(worst, math.Abs(v-planttest.Value(t, single, "reactorTemperature")))
			hottest = math.Max(hottest, v)
		}
		t.Logf("%s: up to %.1f °C", c.name, hottest)
		validation.Row{ID: "fleet", What: fmt.Sprintf("%s: worst temperature at a full minute of %d h, steps of %v", c.name, c.hours, c.step),
			Source: "a single tank by Rodas4", Reference: 0, Ours: worst, Unit: "K", Absolute: c.tolerance}.Check(t)
	}
}

// TestFleetBursts: law: with 30 % more in its feed and no cooling Seborg's vessel
// gets hotter than it bears and stays as it is; one that is cooled does not.
func TestFleetBursts(t *testing.T) {
	p := seborg()
	p.Headspace.HottestAt = 450
	f := newFleet(t, p, 2, time.Second)
	for name, v := range map[string]float64{"feedPump": 100, "feedConcentration": 1, "coolingLoss": 1} {
		if err := f.Set(0, name, v); err != nil {
			t.Fatal(err)
		}
	}
	for name, v := range running {
		if err := f.Set(1, name, v); err != nil {
			t.Fatal(err)
		}
	}
	for range 3600 {
		f.Step()
	}
	for tank, want := range []float64{1, 0} {
		vessel, err1 := f.Value(tank, "vessel")
		heat, err2 := f.Value(tank, "reactionHeat")
		if err1 != nil || err2 != nil || vessel != want || want == 1 && heat != 0 {
			t.Errorf("tank %d: vessel %g, want %g; heat %g kW (%v, %v)", tank, vessel, want, heat, err1, err2)
		}
	}
}

// TestFleetAllocatesNothing: in a step, whatever the tanks do.
func TestFleetAllocatesNothing(t *testing.T) {
	f := newFleet(t, seborg(), 10, time.Second)
	for i := range f.Len() {
		if err := f.Set(i, "jacketValve", float64(10*i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(600, f.Step); n > 0 {
		t.Errorf("%g allocations a step", n)
	}
}

// TestFleetRefuses: errors name the fleet, the tank and the signal.
func TestFleetRefuses(t *testing.T) {
	f := newFleet(t, bequette(), 2, time.Second)
	for _, c := range []struct {
		tank  int
		input string
		value float64
		says  string
	}{
		{1, "jacketValve", math.NaN(), "tank 1: jacketValve: NaN % is outside 0 to 100"},
		{1, "agitator", 0.5, "not one of"},
		{2, "agitator", 1, "tank 2: there are 2"},
		{0, "inhibitorValve", 1, "inhibitorValve cannot be set in a fleet"},
		{0, "warpDrive", 1, `no input "warpDrive"`},
	} {
		err := f.Set(c.tank, c.input, c.value)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "reactor fleet at 2026-07-01") {
			t.Errorf("Set(%d, %s, %g): %v, want an error with %q", c.tank, c.input, c.value, err, c.says)
		}
	}
	if _, err := f.Value(0, "pressure"); err == nil {
		t.Error("a fleet has no gas")
	}
	if _, err := f.Value(9, "agitator"); err == nil {
		t.Error("there is no tank 9")
	}
	bad := bequette()
	bad.Temperature = math.NaN()
	for says, p := range map[string]Params{"Temperature": bad, "a single reaction": vanDeVusse(), "Orders": t2(), "Feed.Flow": chyllaHaase()} {
		if _, err := NewFleet(fleetStart, p, 1, time.Second); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, err := NewFleet(fleetStart, bequette(), 0, time.Second); err == nil || !strings.Contains(err.Error(), "0 tanks") {
		t.Errorf("no tanks: %v", err)
	}
}

// BenchmarkFleet is 20,000 of Bequette's tanks, each with its own cooling, in
// steps of a second.
func BenchmarkFleet(b *testing.B) {
	const n = 20_000
	f := newFleet(b, bequette(), n, time.Second)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		for name, v := range map[string]float64{"feedPump": 100, "jacketValve": 40 * random.Float64()} {
			if err := f.Set(i, name, v); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportAllocs()
	planttest.Throughput(b, n, f.Step)
}
