package reefer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/validation"
)

var fleetStart = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func newFleet(tb testing.TB, n int, step time.Duration) *Fleet {
	tb.Helper()
	p := DefaultParams()
	p.DefrostInterval = 7 * 86400 // a fleet has none
	f, err := NewFleet(fleetStart, p, n, step)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// difference runs one truck of a fleet and a Reefer in dry air through the same
// day, with what happens at full hours, and returns the root mean squares by
// which box air and cargo differ.
func difference(t *testing.T, f *Fleet, truck int, hours map[int]map[string]float64) (air, cargo float64) {
	t.Helper()
	single, err := New(fleetStart, f.r.p)
	if err != nil {
		t.Fatal(err)
	}
	planttest.Set(t, single, map[string]float64{"ambientHumidity": 0})
	n := int(24 * time.Hour / f.step)
	for range n {
		if at := f.Time().Sub(fleetStart); at%time.Hour == 0 {
			happens := hours[int(at/time.Hour)]
			planttest.Set(t, single, happens)
			for name, v := range happens {
				if err := f.Set(truck, name, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		f.Step()
		planttest.Advance(t, single, f.step)
		square := func(signal string) float64 {
			v, err := f.Value(truck, signal)
			if err != nil {
				t.Fatal(err)
			}
			d := v - planttest.Value(t, single, signal)
			return float64(d * d)
		}
		air += square("returnAirTemperature")
		cargo += square("cargoTemperature")
	}
	return math.Sqrt(air / float64(n)), math.Sqrt(cargo / float64(n))
}

// TestFleetIsReefer: law: a truck in a fleet is a Reefer in dry air, through a
// day with the thermostat alone and one with an open door, a unit that is
// switched off and a colder set-point. Tolerance: root mean square 0.1 K for the
// air and 0.01 K for the cargo; the Reefer starts with some moisture in its air,
// which is most of it.
func TestFleetIsReefer(t *testing.T) {
	for _, step := range []time.Duration{time.Second, 10 * time.Second} {
		for _, day := range []struct {
			name  string
			hours map[int]map[string]float64
		}{
			{"a day", nil},
			{"a day with door, pause and new set-point", map[int]map[string]float64{
				6: {"doorOpen": 1}, 7: {"doorOpen": 0}, 14: {"unitOn": 0}, 15: {"unitOn": 1, "setpoint": -22}}},
		} {
			air, cargo := difference(t, newFleet(t, 3, step), 1, day.hours)
			row := validation.Row{ID: "fleet", Source: "a single truck by DoPri5", Reference: 0, Unit: "K",
				What: fmt.Sprintf("%s in steps of %v, box air, root mean square difference", day.name, step), Ours: air, Absolute: 0.1}
			row.Check(t)
			row.What = fmt.Sprintf("%s in steps of %v, cargo, root mean square difference", day.name, step)
			row.Ours, row.Absolute = cargo, 0.01
			row.Check(t)
		}
	}
}

// TestFleetOfDifferentTrucks: the balance is linearised for all trucks at once,
// and still each is a Reefer, with set-points from -26 to -5 °C. Tolerance: 0.4 K
// and 0.04 K, because the warm truck's unit runs into its rated capacity, a bend
// that the tangent at the fleet's mean does not have.
func TestFleetOfDifferentTrucks(t *testing.T) {
	for truck, setpoint := range []float64{-26, -20, -5} {
		f := newFleet(t, 3, 10*time.Second)
		for other, v := range []float64{-26, -20, -5} {
			if err := f.Set(other, "setpoint", v); err != nil {
				t.Fatal(err)
			}
		}
		air, cargo := difference(t, f, truck, map[int]map[string]float64{0: {"setpoint": setpoint}})
		t.Logf("set-point %g: air %.3g K, cargo %.3g K", setpoint, air, cargo)
		if !(air < 0.4) || !(cargo < 0.04) {
			t.Errorf("set-point %g °C: air differs by %g K, cargo by %g K, want 0.4 and 0.04", setpoint, air, cargo)
		}
	}
}

// TestFleetWeather: law: a hot windless noon warms the skins, and with all units
// off the cargo too.
func TestFleetWeather(t *testing.T) {
	hot, cold := newFleet(t, 2, time.Minute), newFleet(t, 2, time.Minute)
	for name, v := range map[string]float64{"ambientMean": 40, "solarPeak": 1000, "windSpeed": 0} {
		if err := hot.SetWeather(name, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := cold.SetWeather("ambientMean", -10); err != nil {
		t.Fatal(err)
	}
	for _, f := range []*Fleet{hot, cold} {
		for i := range f.Len() {
			if err := f.Set(i, "unitOn", 0); err != nil {
				t.Fatal(err)
			}
		}
		for range 13 * 60 {
			f.Step()
		}
	}
	for _, signal := range []string{"skinTemperature", "cargoTemperature", "returnAirTemperature"} {
		h, err1 := hot.Value(1, signal)
		c, err2 := cold.Value(1, signal)
		if err1 != nil || err2 != nil || !(h > c) || !(h < 90) || !(c > -40) {
			t.Errorf("%s: %g hot, %g cold (%v, %v)", signal, h, c, err1, err2)
		}
	}
}

// TestFleetSize: at most 256 bytes of state a truck, measured, and no allocation
// in a step, whatever happens in it.
func TestFleetSize(t *testing.T) {
	const n = 100_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f := newFleet(t, n, 10*time.Second)
	runtime.ReadMemStats(&after)
	bytes := float64(after.TotalAlloc-before.TotalAlloc) / n
	t.Logf("%.1f bytes a truck", bytes)
	if bytes > 256 {
		t.Errorf("%.0f bytes a truck, want 256 at most", bytes)
	}
	f = newFleet(t, 100, 10*time.Second)
	if allocations := testing.AllocsPerRun(20, func() {
		for range 360 {
			f.Step()
		}
	}); allocations > 0 {
		t.Errorf("%g allocations an hour", allocations)
	}
}

// TestFleetRefuses: errors name the fleet, the truck and the signal, and change
// nothing.
func TestFleetRefuses(t *testing.T) {
	f := newFleet(t, 2, time.Second)
	before := fmt.Sprint(f.x, f.gate, f.mode, f.unit)
	for _, c := range []struct {
		truck int
		input string
		value float64
		says  string
	}{
		{1, "setpoint", math.NaN(), "truck 1: setpoint: NaN °C is outside -30 to 30"},
		{1, "setpoint", 31, "outside -30 to 30"},
		{1, "doorOpen", 0.5, "not one of"},
		{2, "doorOpen", 1, "truck 2: there are 2"},
		{-1, "doorOpen", 1, "truck -1: there are 2"},
		{0, "refrigerantLeak", 1, "refrigerantLeak cannot be set for one truck of a fleet"},
		{0, "ambientMean", 1, "ambientMean cannot be set for one truck of a fleet"},
		{0, "warpDrive", 1, `no input "warpDrive"`},
	} {
		err := f.Set(c.truck, c.input, c.value)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "reefer fleet at 2026-07-01") {
			t.Errorf("Set(%d, %s, %g): %v, want an error with %q", c.truck, c.input, c.value, err, c.says)
		}
	}
	for input, value := range map[string]float64{"setpoint": 1, "ambientMean": math.Inf(1), "warp": 0} {
		if err := f.SetWeather(input, value); err == nil || !strings.Contains(err.Error(), input) {
			t.Errorf("SetWeather(%s, %g): %v", input, value, err)
		}
	}
	if _, err := f.Value(2, "setpoint"); err == nil {
		t.Error("there is no truck 2")
	}
	if _, err := f.Value(0, "frostMass"); err == nil {
		t.Error("a fleet has no frost")
	}
	if after := fmt.Sprint(f.x, f.gate, f.mode, f.unit); after != before {
		t.Errorf("refused settings change\n%s\nto\n%s", before, after)
	}
	bad := DefaultParams()
	bad.K = math.NaN()
	for name, make := range map[string]func() (*Fleet, error){
		"K":         func() (*Fleet, error) { return NewFleet(fleetStart, bad, 1, time.Second) },
		"0 trucks":  func() (*Fleet, error) { return NewFleet(fleetStart, DefaultParams(), 0, time.Second) },
		"moving by": func() (*Fleet, error) { return NewFleet(fleetStart, DefaultParams(), 1, time.Hour) },
	} {
		if _, err := make(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFleetStates: the names of the units' modes are those of Reefer's signal.
func TestFleetStates(t *testing.T) {
	f := newFleet(t, 1, time.Second)
	mode, err := f.Value(0, "unitMode")
	s, ok := spec.Signal("unitMode")
	if err != nil || !ok || s.States[int(mode)] != "null" || s.Quantity != twinmodel.State {
		t.Errorf("unit mode %g of %q", mode, s.States)
	}
}

// BenchmarkFleet is 20,000 trucks with thermostats that act at different times,
// in steps of one and of ten seconds. In ten seconds something happens to ten
// times as many trucks.
func BenchmarkFleet(b *testing.B) {
	for _, step := range []time.Duration{time.Second, 10 * time.Second} {
		b.Run(step.String(), func(b *testing.B) {
			const n = 20_000
			f := newFleet(b, n, step)
			random := rand.New(rand.NewPCG(1, 2))
			for i := range n {
				if err := f.Set(i, "setpoint", -22+4*random.Float64()); err != nil {
					b.Fatal(err)
				}
			}
			for range 30 * time.Minute / step {
				f.Step()
			}
			b.ReportAllocs()
			planttest.Throughput(b, n, f.Step)
		})
	}
}
