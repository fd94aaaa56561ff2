package esp

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

// until advances minute by minute until done, and says how long it took.
func until(t *testing.T, s *Station, limit time.Duration, what string, done func() bool) time.Duration {
	t.Helper()
	start := s.Time()
	for !done() {
		if s.Time().Sub(start) > limit {
			t.Fatalf("%s: not within %v", what, limit)
		}
		advance(t, s, time.Minute)
	}
	return s.Time().Sub(start)
}

// TestPumpOff tells the story of a pump that is too fast: level, head and
// current fall, gas rises, the pump locks, nothing flows, the winding heats.
func TestPumpOff(t *testing.T) {
	s := started(t, DefaultParams(), 60)
	advance(t, s, 30*time.Minute)
	level, current, flow, gas := value(t, s, "fluidLevel"), value(t, s, "motorCurrent"), value(t, s, "flowRate"), value(t, s, "gasFraction")
	took := until(t, s, 8*time.Hour, "gas lock", func() bool {
		if value(t, s, "pumpState") == stateGasLocked {
			return true
		}
		l, c, f, g := value(t, s, "fluidLevel"), value(t, s, "motorCurrent"), value(t, s, "flowRate"), value(t, s, "gasFraction")
		if l > level || c > current || f > flow || g < gas {
			t.Fatalf("%s: level %g, current %g, flow %g, gas %g must fall, fall, fall, rise", s.Time(), l, c, f, g)
		}
		level, current, flow, gas = l, c, f, g
		return false
	})
	took += 30 * time.Minute
	t.Logf("gas lock after %v at %.0f m", took, level)
	if took < 3*time.Hour || took > 7*time.Hour {
		t.Errorf("pumped off after %v, want some hours", took)
	}
	cool := value(t, s, "windingTemperature")
	advance(t, s, 15*time.Minute)
	if f, c := value(t, s, "flowRate"), value(t, s, "motorCurrent"); f > 1 || c > 0.75*current {
		t.Errorf("locked: flow %g m³/d, current %g A after %g", f, c, current)
	}
	if hot := value(t, s, "windingTemperature"); hot < cool+15 {
		t.Errorf("locked for a quarter of an hour: winding from %.0f to %.0f °C only", cool, hot)
	}
	// Left alone at 60 Hz the well surges: it primes itself and locks again.
	until(t, s, 3*time.Hour, "priming", func() bool { return value(t, s, "pumpState") == stateRunning })
	until(t, s, 8*time.Hour, "second lock", func() bool { return value(t, s, "pumpState") == stateGasLocked })
}

// TestRecovery: a lower speed, commanded before or after the lock, lets the level
// recover to the steady one of that speed.
func TestRecovery(t *testing.T) {
	steady, _ := steadyLevel(DefaultParams(), 45)
	for _, tt := range []struct {
		name  string
		after time.Duration
	}{{"before the lock", 4 * time.Hour}, {"in the lock", 4*time.Hour + 45*time.Minute}} {
		s := started(t, DefaultParams(), 60)
		advance(t, s, tt.after)
		low := value(t, s, "fluidLevel")
		set(t, s, map[string]float64{"driveFrequency": 45})
		took := until(t, s, 8*time.Hour, "recovery", func() bool { return value(t, s, "fluidLevel") > 400 })
		advance(t, s, 12*time.Hour)
		level := value(t, s, "fluidLevel")
		t.Logf("%s: from %.0f m to 400 m in %v, then %.0f m", tt.name, low, took, level)
		if math.Abs(level-steady) > 2 || value(t, s, "pumpState") != stateRunning || value(t, s, "windingTemperature") > 90 {
			t.Errorf("%s: level %.1f m, want %.1f, state %v", tt.name, level, steady, value(t, s, "pumpState"))
		}
	}
}

// TestDrive: the drive ramps at its rate, turns round when asked, and stops.
func TestDrive(t *testing.T) {
	s := started(t, DefaultParams(), 50)
	speed := func(after time.Duration) float64 { advance(t, s, after); return value(t, s, "shaftSpeed") / 58.2 } // Hz
	for _, tt := range []struct {
		after  time.Duration
		change map[string]float64
		want   float64
	}{
		{10 * time.Second, nil, 10},
		{10 * time.Second, map[string]float64{"driveFrequency": 30}, 20},
		{20 * time.Second, nil, 30},
		{10 * time.Second, map[string]float64{"driveFrequency": 60}, 30},
		{10 * time.Second, map[string]float64{"driveFrequency": 25}, 40},
		{5 * time.Second, map[string]float64{"running": 0}, 35},
		{40 * time.Second, map[string]float64{"running": 1}, 0},
		{60 * time.Second, nil, 25},
		{10 * time.Second, map[string]float64{"driveFrequency": 0}, 25},
		{30 * time.Second, nil, 0},
	} {
		if got := speed(tt.after); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: %g Hz, want %g", s.Time().Format("15:04:05"), got, tt.want)
		}
		set(t, s, tt.change)
	}
	if state, current := value(t, s, "pumpState"), value(t, s, "motorCurrent"); state != stateStopped || current != 0 {
		t.Errorf("stopped: state %v, %g A", state, current)
	}
}

// TestRest: a stopped well fills to the static level, and a locked pump that
// rests can be started again.
func TestRest(t *testing.T) {
	p := DefaultParams()
	s := started(t, p, 60)
	until(t, s, 8*time.Hour, "gas lock", func() bool { return value(t, s, "pumpState") == stateGasLocked })
	set(t, s, map[string]float64{"running": 0})
	advance(t, s, 2*time.Hour)
	set(t, s, map[string]float64{"running": 1, "driveFrequency": 45})
	advance(t, s, 2*time.Minute)
	if state, flow := value(t, s, "pumpState"), value(t, s, "flowRate"); state != stateRunning || flow < 50 {
		t.Errorf("restarted: state %v, flow %g", state, flow)
	}
	set(t, s, map[string]float64{"running": 0})
	advance(t, s, 30*24*time.Hour)
	near(t, "static level", value(t, s, "fluidLevel"), p.StaticLevel(), 1e-3)
	near(t, "winding at rest", value(t, s, "windingTemperature"), 65, 1e-3)
}

// TestFaults: each fault does to the well what it does to a real one.
func TestFaults(t *testing.T) {
	run := func(fault string, severity float64) *Station {
		s := started(t, DefaultParams(), 45)
		set(t, s, map[string]float64{fault: severity})
		advance(t, s, 5*24*time.Hour)
		return s
	}
	healthy := run("scale", 0)
	flow := func(s *Station) float64 { return value(t, s, "flowRate") }
	level := func(s *Station) float64 { return value(t, s, "fluidLevel") }
	current := func(s *Station) float64 { return value(t, s, "motorCurrent") }
	for _, fault := range []string{"scale", "wornStages", "tubingLeak", "linePlug"} {
		if s := run(fault, 0.8); flow(s) > 0.95*flow(healthy) || level(s) < level(healthy) {
			t.Errorf("%s: flow %.1f, level %.0f; healthy %.1f, %.0f", fault, flow(s), level(s), flow(healthy), level(healthy))
		}
	}
	if s := run("linePlug", 0.8); value(t, s, "wellheadPressure") < value(t, healthy, "wellheadPressure")+5 {
		t.Errorf("plugged line: wellhead at %.1f bar", value(t, s, "wellheadPressure"))
	}
	if s := run("brokenShaft", 1); flow(s) > 1e-3 || current(s) > 0.8*current(healthy) {
		t.Errorf("broken shaft: flow %g, current %.1f A against %.1f", flow(s), current(s), current(healthy))
	}
	s := run("gasBreakthrough", 1)
	if g := value(t, s, "gasFraction"); g < 1.5*value(t, healthy, "gasFraction") {
		t.Errorf("gas breakthrough: gas fraction %.1f %%", g)
	}
}

// TestBounds: whatever the inputs, all signals stay finite and in the range that
// the specification gives, the pump never makes heat into lift, and the ledgers
// close.
func TestBounds(t *testing.T) {
	planttest.Walk{
		Make: func(rt *rapid.T) twinmodel.Plant {
			s := newStation(t, DefaultParams())
			set(rt, s, map[string]float64{"running": 1})
			return s
		},
		Changes: 12, Stretch: 40000 * time.Second,
		Adjust: func(s twinmodel.Signal, v float64) float64 {
			if s.Name == "driveFrequency" && v < MinFrequency {
				return 0
			}
			return v
		},
		// The slack is a wellhead pressure off by 1e-4 when the pump starts to deliver.
		Ledgers: []planttest.Tolerance{{Relative: 1e-6, Absolute: 10}, {Relative: 1e-9, Absolute: 1e-6}},
	}.Run(t)
}

// TestSecondLaw: the pump gives the liquid less than its shaft takes, at any
// speed, head and gas fraction.
func TestSecondLaw(t *testing.T) {
	s := bare(DefaultParams())
	rapid.Check(t, func(t *rapid.T) {
		s.u[inScale] = rapid.Float64Range(0, 1).Draw(t, "scale")
		s.u[inWornStages] = rapid.Float64Range(0, 1).Draw(t, "worn")
		s.u[inTubingLeak] = rapid.Float64Range(0, 1).Draw(t, "leak")
		w := s.deliver(rapid.Float64Range(0, 70).Draw(t, "frequency"),
			rapid.Float64Range(-500, 3000).Draw(t, "static"), rapid.Float64Range(0, s.p.GasLockAbove).Draw(t, "gas"))
		if hydraulic := s.well.weight * w.flow * w.head; hydraulic > 0.95*w.shaft {
			t.Fatalf("%g W of lift from %g W", hydraulic, w.shaft)
		}
	})
}

// TestSnapshot: a restored station has the same future, bit for bit.
func TestSnapshot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := started(t, DefaultParams(), 60), newStation(t, DefaultParams())
		advance(t, a, time.Duration(rapid.Int64Range(0, 8*3600e9).Draw(rt, "at")))
		set(t, a, map[string]float64{"driveFrequency": 45})
		planttest.RoundTrip(rt, a, b, time.Hour)
	})
}

// TestErrors: what is refused says what and why.
func TestErrors(t *testing.T) {
	s := newStation(t, DefaultParams())
	for _, tt := range []struct {
		input string
		value float64
		want  string
	}{
		{"driveFrequency", 10, "driveFrequency: 10 Hz: the drive makes 0 or at least 25 Hz"},
		{"driveFrequency", 71, "driveFrequency: 71 Hz is outside 0 to 70"},
		{"linePressure", math.NaN(), "linePressure: NaN bar is outside 1 to 60"},
		{"running", 2, "running: 2 1 is outside 0 to 1"},
	} {
		if err := s.Set(tt.input, tt.value); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("set %s to %g: %v, want …%s", tt.input, tt.value, err, tt.want)
		}
	}
}

// TestParams: impossible parameters are refused by name.
func TestParams(t *testing.T) {
	for name, spoil := range map[string]func(*Params){
		"PumpDepth":         func(p *Params) { p.PumpDepth = math.Inf(1) },
		"TubingOuter":       func(p *Params) { p.TubingOuter = 0.17 },
		"ReservoirPressure": func(p *Params) { p.ReservoirPressure = 300e5 },
		"FluidLevel":        func(p *Params) { p.FluidLevel = 1700 },
		"GasLockClears":     func(p *Params) { p.GasLockClears = 0.5 },
		"ShutoffPower":      func(p *Params) { p.ShutoffPower = 5e3 },
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
		s := started(b, DefaultParams(), 60)
		for range 8640 {
			advance(b, s, 10*time.Second)
			value(b, s, "fluidLevel")
		}
	}
}
