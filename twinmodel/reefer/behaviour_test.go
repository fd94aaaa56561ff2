package reefer

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

// TestThermostat: in steady weather the return air stays in the band but for
// what the coil still gives off after the compressor stops, and running and
// resting last at least as long as they must.
func TestThermostat(t *testing.T) {
	r := newTruck(t, DefaultParams())
	set(t, r, map[string]float64{"ambientMean": 30, "ambientAmplitude": 0, "solarPeak": 0})
	advance(t, r, 2*time.Hour)
	last, since := value(t, r, "unitMode"), midnight // the first mode began before we look
	starts, low, high := 0, 99.0, -99.0
	for r.Time().Before(midnight.Add(5 * time.Hour)) {
		advance(t, r, time.Second)
		air := value(t, r, "returnAirTemperature")
		low, high = math.Min(low, air), math.Max(high, air)
		mode := value(t, r, "unitMode")
		if mode == last {
			continue
		}
		lasted := r.Time().Sub(since)
		if last == unitCool && lasted < 179*time.Second || last == unitNull && lasted < 299*time.Second {
			t.Errorf("mode %v left after %v", last, lasted)
		}
		if mode == unitStart {
			starts++
		}
		last, since = mode, r.Time()
	}
	if starts < 4 || starts > 36 {
		t.Errorf("%d starts in 3 h", starts)
	}
	if low < -21.8 || high > -18.5 {
		t.Errorf("return air between %.2f and %.2f °C, band is -21 to -19", low, high)
	}
}

// TestMinimumOff: a unit switched off and on again waits until the compressor
// has rested, however warm the box.
func TestMinimumOff(t *testing.T) {
	p := DefaultParams()
	p.CargoTemperature = 10
	r := newTruck(t, p)
	advance(t, r, 10*time.Minute)
	if mode := value(t, r, "unitMode"); mode != unitCool {
		t.Fatalf("a warm truck is in mode %v", mode)
	}
	set(t, r, map[string]float64{"unitOn": 0})
	advance(t, r, 0)
	if mode := value(t, r, "unitMode"); mode != unitOff {
		t.Fatalf("switched off, but in mode %v", mode)
	}
	if q := value(t, r, "coolingPower"); q != 0 {
		t.Errorf("cooling %g kW while off", q)
	}
	advance(t, r, 10*time.Second)
	set(t, r, map[string]float64{"unitOn": 1})
	for _, tt := range []struct {
		after time.Duration
		mode  float64
	}{{1, unitNull}, {289, unitNull}, {291, unitStart}, {309, unitStart}, {311, unitCool}} {
		if err := r.Advance(midnight.Add(10*time.Minute + (10+tt.after)*time.Second)); err != nil {
			t.Fatal(err)
		}
		if mode := value(t, r, "unitMode"); mode != tt.mode {
			t.Errorf("%v after switching on: mode %v, want %v", tt.after*time.Second, mode, tt.mode)
		}
	}
}

// TestDefrost: a requested defrost starts on a cold coil, melts the frost, ends
// on a warm one, and the request falls back so that it can be made again.
func TestDefrost(t *testing.T) {
	r := newTruck(t, DefaultParams())
	set(t, r, map[string]float64{"ambientMean": 30, "ambientHumidity": 80, "doorOpen": 1})
	advance(t, r, 10*time.Minute)
	set(t, r, map[string]float64{"doorOpen": 0})
	advance(t, r, time.Hour)
	frost := value(t, r, "frostMass")
	if frost < 0.3 {
		t.Fatalf("only %.2f kg of frost to melt", frost)
	}
	set(t, r, map[string]float64{"defrost": 1})
	advance(t, r, 0)
	if mode, asked := value(t, r, "unitMode"), value(t, r, "defrost"); mode != unitDefrost || asked != 0 {
		t.Fatalf("mode %v, request %v after pressing defrost", mode, asked)
	}
	for value(t, r, "unitMode") == unitDefrost {
		advance(t, r, 10*time.Second)
	}
	took := r.Time().Sub(midnight) - 70*time.Minute
	if took < 3*time.Minute || took > 40*time.Minute {
		t.Errorf("defrost of %.2f kg took %v", frost, took)
	}
	if coil, left := value(t, r, "coilTemperature"), value(t, r, "frostMass"); coil < 10 || left > 0.1*frost {
		t.Errorf("after the defrost: coil %.1f °C, %.3f kg of frost", coil, left)
	}
	set(t, r, map[string]float64{"defrost": 1})
	advance(t, r, 0)
	if mode := value(t, r, "unitMode"); mode == unitDefrost {
		t.Error("defrost started on a warm coil")
	}
}

// TestTimedDefrost: without a request the clock starts one every six hours.
func TestTimedDefrost(t *testing.T) {
	r := newTruck(t, DefaultParams())
	advance(t, r, 6*time.Hour-time.Second)
	if mode := value(t, r, "unitMode"); mode == unitDefrost {
		t.Error("defrost before its time")
	}
	advance(t, r, 2*time.Second)
	if mode := value(t, r, "unitMode"); mode != unitDefrost {
		t.Errorf("mode %v after six hours", mode)
	}
}

// after runs a truck for some hours with settings and returns it.
func after(t *testing.T, hours int, values map[string]float64) *Reefer {
	r := newTruck(t, DefaultParams())
	set(t, r, map[string]float64{"ambientMean": 30, "ambientAmplitude": 0})
	set(t, r, values)
	advance(t, r, time.Duration(hours)*time.Hour)
	return r
}

// TestFaults: each fault does to the truck what it does to a real one.
func TestFaults(t *testing.T) {
	air := func(r *Reefer) float64 { return value(t, r, "returnAirTemperature") }
	healthy := after(t, 5, nil)
	if a := air(healthy); a > -18.5 {
		t.Fatalf("a healthy truck is at %.1f °C", a)
	}
	if a := air(after(t, 5, map[string]float64{"refrigerantLeak": 0.9})); a < -17 {
		t.Errorf("refrigerant leak: still %.1f °C", a)
	}
	if a := air(after(t, 5, map[string]float64{"compressorFailure": 1})); a < -14 {
		t.Errorf("compressor failure: still %.1f °C", a)
	}
	spread := func(r *Reefer) float64 { return air(r) - value(t, r, "supplyAirTemperature") }
	failed := after(t, 2, map[string]float64{"fanFailure": 1, "setpoint": -30})
	if good := after(t, 2, map[string]float64{"setpoint": -30}); spread(failed) < 1.5*spread(good) ||
		value(t, failed, "coolingPower") > 0.7*value(t, good, "coolingPower") {
		t.Errorf("fan failure: spread %.1f K against %.1f", spread(failed), spread(good))
	}
	energy := func(r *Reefer) float64 { return r.Ledgers()[0].Out }
	if e := energy(after(t, 5, map[string]float64{"insulationAgeing": 1})); e < 1.3*energy(healthy) {
		t.Errorf("insulation ageing: %g J removed against %g", e, energy(healthy))
	}
	frost := func(r *Reefer) float64 { return value(t, r, "frostMass") }
	if f := frost(after(t, 5, map[string]float64{"doorSealLeak": 1})); f < 5*frost(healthy)+0.1 {
		t.Errorf("door seal leak: %.2f kg of frost against %.2f", f, frost(healthy))
	}
	for _, fault := range []float64{0, 1} {
		r := after(t, 1, map[string]float64{"defrostFailure": fault})
		set(t, r, map[string]float64{"defrost": 1})
		advance(t, r, time.Minute)
		if mode := value(t, r, "unitMode"); mode != unitDefrost {
			t.Errorf("defrost did not start: mode %v", mode)
		}
		advance(t, r, 30*time.Minute)
		if mode := value(t, r, "unitMode"); (mode == unitDefrost) != (fault == 1) {
			t.Errorf("defrost heater failure %v: mode %v after half an hour", fault, mode)
		}
	}
}

// TestDoor: an open door warms air within minutes and cargo slowly, and closing
// it brings the box back.
func TestDoor(t *testing.T) {
	r := after(t, 1, nil)
	set(t, r, map[string]float64{"doorOpen": 1})
	advance(t, r, 10*time.Minute)
	air, cargo, core := value(t, r, "returnAirTemperature"), value(t, r, "cargoTemperature"), value(t, r, "cargoCoreTemperature")
	if air < 0 || air > 25 || cargo < -19.5 || cargo > -14 || core > -19.5 {
		t.Errorf("after 10 minutes: air %.1f, cargo %.1f, core %.1f °C", air, cargo, core)
	}
	set(t, r, map[string]float64{"doorOpen": 0})
	advance(t, r, 3*time.Hour)
	if air := value(t, r, "returnAirTemperature"); air > -18.5 {
		t.Errorf("three hours after closing: air %.1f °C", air)
	}
}

// TestBounds: whatever the inputs, all signals stay finite and in the range that
// the specification gives, and the ledgers close.
func TestBounds(t *testing.T) {
	planttest.Walk{
		Make: func(rt *rapid.T) twinmodel.Plant {
			p := DefaultParams()
			p.CargoTemperature = rapid.Float64Range(-25, 25).Draw(rt, "cargo")
			p.CargoMass = rapid.Float64Range(500, 25000).Draw(rt, "mass")
			return newTruck(t, p)
		},
		Changes: 12, Stretch: 20000 * time.Second,
		Adjust: func(s twinmodel.Signal, v float64) float64 {
			if s.Name == "internalHeat" {
				return v / 20 // 20 kW would bake anything
			}
			return v
		},
		Ledgers: []planttest.Tolerance{{Relative: 1e-9, Absolute: 1e-6}},
	}.Run(t)
}

// TestSnapshot: a restored truck has the same future, bit for bit.
func TestSnapshot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := newTruck(t, DefaultParams()), newTruck(t, DefaultParams())
		advance(rt, a, time.Duration(rapid.Int64Range(0, 8*3600e9).Draw(rt, "at")))
		set(rt, a, map[string]float64{"doorOpen": 1, "defrost": 1})
		planttest.RoundTrip(rt, a, b, time.Hour)
	})
}

// TestRestoreRefuses: a snapshot that is not of this truck changes nothing.
func TestRestoreRefuses(t *testing.T) {
	r := newTruck(t, DefaultParams())
	good := r.Snapshot()
	for name, spoil := range map[string]func(*twinmodel.Snapshot){
		"another kind":    func(s *twinmodel.Snapshot) { s.Plant = "esp" },
		"no state":        func(s *twinmodel.Snapshot) { s.State = nil },
		"short state":     func(s *twinmodel.Snapshot) { s.State = s.State[:len(s.State)-1] },
		"no modes":        func(s *twinmodel.Snapshot) { s.Modes = nil },
		"another start":   func(s *twinmodel.Snapshot) { s.Modes = append([]int64{1}, s.Modes[1:]...) },
		"another instant": func(s *twinmodel.Snapshot) { s.Time = s.Time.Add(time.Second) },
		"impossible input": func(s *twinmodel.Snapshot) {
			s.State = append([]float64{math.NaN()}, s.State[1:]...)
		},
	} {
		bad := good
		spoil(&bad)
		if err := r.Restore(bad); err == nil || !strings.HasPrefix(err.Error(), "restore reefer: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(good, r.Snapshot(), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("a refused snapshot changed the truck:\n%s", diff)
	}
}

// TestErrors: what is refused says what, when and why.
func TestErrors(t *testing.T) {
	r := newTruck(t, DefaultParams())
	for _, tt := range []struct {
		input string
		value float64
		want  string
	}{
		{"setpoint", 99, "set reefer at 2026-07-01T00:00:00Z: setpoint: 99 °C is outside -30 to 30"},
		{"setpoint", math.NaN(), "set reefer at 2026-07-01T00:00:00Z: setpoint: NaN °C is outside -30 to 30"},
		{"doorOpen", 0.5, `set reefer at 2026-07-01T00:00:00Z: doorOpen: 0.5 is not one of ["closed" "open"]`},
		{"windSpeed", math.Inf(1), "set reefer at 2026-07-01T00:00:00Z: windSpeed: +Inf km/h is outside 0 to 120"},
		{"cargoTemperature", 1, `set reefer: it has no input "cargoTemperature"`},
		{"warp", 1, `set reefer: it has no input "warp"`},
	} {
		if err := r.Set(tt.input, tt.value); err == nil || err.Error() != tt.want {
			t.Errorf("set %s to %g: %v, want %s", tt.input, tt.value, err, tt.want)
		}
	}
}

// TestParams: impossible parameters are refused by name.
func TestParams(t *testing.T) {
	for name, spoil := range map[string]func(*Params){
		"K":                func(p *Params) { p.K = math.NaN() },
		"InsideFilm":       func(p *Params) { p.InsideFilm = 0.3 },
		"CargoMass":        func(p *Params) { p.CargoMass = 0 },
		"CargoTemperature": func(p *Params) { p.CargoTemperature = -300 },
		"WarmCapacity":     func(p *Params) { p.WarmCapacity = 5000 },
		"DefrostEndsAbove": func(p *Params) { p.DefrostEndsAbove = 3 },
		"DoorHeight":       func(p *Params) { p.DoorHeight = 3 },
		"AirVolume":        func(p *Params) { p.AirVolume = 140 },
	} {
		p := DefaultParams()
		spoil(&p)
		if _, err := New(midnight, p); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkDay is 24 h with a look every 10 s, as a device's controller does.
func BenchmarkDay(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := newTruck(b, DefaultParams())
		for range 8640 {
			advance(b, r, 10*time.Second)
			value(b, r, "cargoTemperature")
		}
	}
}
