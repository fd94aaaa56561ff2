package presence

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/validation"
)

var (
	set     = planttest.Set
	advance = planttest.Advance
	value   = planttest.Value
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func seeded(seed uint64) func(string) *rand.PCG {
	return func(name string) *rand.PCG { return twinmodel.Stream(seed, "room-1", name) }
}

func newRoom(t testing.TB, p Params) *Room {
	t.Helper()
	r, err := New(midnight, p, seeded(1))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// empty is a room nobody comes to by himself.
func empty() Params {
	p := DefaultParams()
	p.Occupants = 0
	return p
}

// after runs a room for some hours with settings.
func after(t testing.TB, p Params, hours float64, values map[string]float64) *Room {
	t.Helper()
	r := newRoom(t, p)
	set(t, r, values)
	advance(t, r, time.Duration(hours*float64(time.Hour)))
	return r
}

// TestFaults: each fault does to the room what it does to a real one.
func TestFaults(t *testing.T) {
	meeting := map[string]float64{"visitors": 3, "ventilation": 50, "lampLevel": 80, "activity": 1, "solarPeak": 0}
	with := func(more map[string]float64) *Room {
		r := newRoom(t, empty())
		set(t, r, meeting)
		set(t, r, more)
		advance(t, r, 6*time.Hour)
		return r
	}
	healthy := with(nil)
	carbon := func(r *Room) float64 { return value(t, r, "co2") }
	if got := carbon(with(map[string]float64{"ventilationFailure": 1})); got < 1.4*carbon(healthy) {
		t.Errorf("ventilation failure: %.0f ppm against %.0f", got, carbon(healthy))
	}
	open := with(map[string]float64{"windowOpen": 1})
	if carbon(open) > 540 || value(t, open, "temperature") > value(t, healthy, "temperature")-2 {
		t.Errorf("open window: %.0f ppm at %.1f °C against %.0f at %.1f", carbon(open), value(t, open, "temperature"), carbon(healthy), value(t, healthy, "temperature"))
	}
	if lit, dark := value(t, healthy, "illuminance"), value(t, with(map[string]float64{"lampFailure": 0.5}), "illuminance"); lit != 480 || dark != 240 {
		t.Errorf("half the lamps burnt out: %g lx against %g", dark, lit)
	}
	if seen := value(t, with(map[string]float64{"detectorCovered": 1}), "detections"); seen > 0 {
		t.Errorf("a covered detector saw %g movements", seen)
	}
	clogged := newRoom(t, empty())
	set(t, clogged, map[string]float64{"co2FilterClogged": 1, "visitors": 5})
	advance(t, clogged, time.Hour)
	if at, truth := value(t, clogged, "co2AtSensor"), carbon(clogged); at > truth-400 {
		t.Errorf("clogged sensor: %.0f ppm in its chamber, %.0f in the room", at, truth)
	}
}

// TestFalseTriggers: law: the triggers of a cause are a Poisson process at 60 an
// hour while it works at full strength, and at none while it does not. Tolerance:
// four standard deviations of the count.
func TestFalseTriggers(t *testing.T) {
	triggers := func(values map[string]float64) float64 {
		r := newRoom(t, empty())
		set(t, r, values)
		advance(t, r, 11*time.Hour)
		before := value(t, r, "falseTriggers")
		advance(t, r, 2*time.Hour)
		return value(t, r, "falseTriggers") - before
	}
	for name, c := range map[string]struct {
		values map[string]float64
		want   float64
	}{
		"draught, full heat":   {map[string]float64{"heaterDraught": 1, "outdoorMean": -20, "windowOpen": 1}, 120},
		"draught, no heat":     {map[string]float64{"heaterDraught": 1, "outdoorMean": 25}, 0},
		"sun, bright noon":     {map[string]float64{"sunOnDetector": 1, "solarPeak": 1000}, 120},
		"half a sunbeam":       {map[string]float64{"sunOnDetector": 0.5, "solarPeak": 1000}, 60},
		"sun behind the cloud": {map[string]float64{"sunOnDetector": 1, "solarPeak": 0}, 0},
	} {
		// One trigger in ten days has no cause at all.
		if got := triggers(c.values); math.Abs(got-c.want) > 4*math.Sqrt(c.want)+1 {
			t.Errorf("%s: %g false triggers in two hours, want about %g", name, got, c.want)
		}
	}
}

// TestHotRoomBlindsTheDetector: no movement is seen in a room as warm as skin.
func TestHotRoomBlindsTheDetector(t *testing.T) {
	p := empty()
	p.InitialTemperature = 36
	r := newRoom(t, p)
	set(t, r, map[string]float64{"outdoorMean": 40, "visitors": 5, "activity": 1})
	advance(t, r, 2*time.Hour)
	if moved, seen := value(t, r, "movements"), value(t, r, "detections"); moved < 1000 || seen > 0 {
		t.Errorf("at %.1f °C the detector saw %g of %g movements", value(t, r, "temperature"), seen, moved)
	}
}

// TestHold: the output stays on for the hold time after the last detection, to
// the second of looking, and a movement seen meanwhile prolongs it.
func TestHold(t *testing.T) {
	p := empty()
	p.Detection, p.Range, p.Field, p.FalseTrigger, p.StillRate = 1, 100, 360, 0, 1.0/600
	r := newRoom(t, p)
	set(t, r, map[string]float64{"visitors": 1, "activity": 0})
	var last time.Time
	seen := 0.0
	for range 24 * 3600 {
		advance(t, r, time.Second)
		if n := value(t, r, "detections"); n > seen {
			seen, last = n, r.Time()
		}
		since := r.Time().Sub(last)
		on := value(t, r, "motion") == 1
		if !last.IsZero() && (on && since > 30*time.Second || !on && since < 29*time.Second) {
			t.Fatalf("output %v %v after a detection, hold time 30 s", on, since)
		}
	}
	if seen < 100 {
		t.Fatalf("only %g detections in a day", seen)
	}
}

// TestDay is PRE-4, the balances. Law: what is stored is what went in less what
// went out, of CO2, heat and water. Tolerance: 1e-9 of what went through, in a
// day with people, lamps, fan and an open window.
func TestDay(t *testing.T) {
	r := newRoom(t, DefaultParams())
	planttest.Day(t, r, func(hour int) map[string]float64 {
		return map[int]map[string]float64{
			8: {"ventilation": 40, "lampLevel": 70}, 10: {"visitors": 6}, 12: {"visitors": 0, "windowOpen": 0.3}, 13: {"windowOpen": 0},
		}[hour]
	})
	planttest.CloseLedgers(t, r, closes...)
	for i, l := range r.Ledgers() {
		validation.Row{
			ID: "PRE-4", What: "balance of " + []string{"CO2", "heat", "water"}[i] + " over a day: what is missing, over what went through", Source: "invariant",
			Reference: 0, Ours: math.Abs(l.Residual()) / (l.In + l.Out), Unit: "1", Absolute: 1e-9,
		}.Check(t)
	}
}

var closes = []planttest.Tolerance{{Relative: 1e-9, Absolute: 1e-12}, {Relative: 1e-9, Absolute: 1e-6}, {Relative: 1e-9, Absolute: 1e-9}}

// TestInvariants: whatever the inputs, signals stay in range (counts are never
// negative), people are whole, and the balances close.
func TestInvariants(t *testing.T) {
	planttest.Walk{
		Make: func(rt *rapid.T) twinmodel.Plant {
			start := midnight.Add(time.Duration(rapid.IntRange(0, 86399).Draw(rt, "start")) * time.Second)
			r, err := New(start, DefaultParams(), seeded(rapid.Uint64().Draw(rt, "seed")))
			if err != nil {
				rt.Fatal(err)
			}
			return r
		},
		Changes: 6, Stretch: 2 * time.Hour, Ledgers: closes,
		Adjust: func(s twinmodel.Signal, v float64) float64 {
			if s.Name == "visitors" {
				return math.Round(v)
			}
			return v
		},
		Check: func(t planttest.TB, p twinmodel.Plant) {
			if n := value(t, p, "occupancyCount"); n != math.Trunc(n) {
				t.Fatalf("%g people", n)
			}
		},
	}.Run(t)
}

// TestSnapshot: a restored room has the same future, chance included, bit for
// bit; a room with another seed has another.
func TestSnapshot(t *testing.T) {
	seedTwo := func() *Room {
		r, err := New(midnight, DefaultParams(), seeded(2))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a, other := after(t, DefaultParams(), 7.6, map[string]float64{"activity": 0.7}), seedTwo()
	planttest.RoundTrip(t, a, seedTwo(), 5*time.Hour)
	set(t, other, map[string]float64{"activity": 0.7})
	if advance(t, other, a.Time().Sub(midnight)); value(t, other, "movements") == value(t, a, "movements") {
		t.Error("another seed moves as often")
	}
}

// TestErrors: impossible inputs and parameters are refused by name.
func TestErrors(t *testing.T) {
	r := newRoom(t, DefaultParams())
	if err := r.Set("visitors", 1.5); err == nil || err.Error() != "set presence at 2026-07-01T00:00:00Z: visitors: people come whole" {
		t.Errorf("one and a half visitors: %v", err)
	}
	for name, spoil := range map[string]func(*Params){
		"Occupants":   func(p *Params) { p.Occupants = 64 },
		"Mobility":    func(p *Params) { p.Mobility = math.NaN() },
		"AirCapacity": func(p *Params) { p.AirCapacity = 2e4 },
		"ActiveRate":  func(p *Params) { p.ActiveRate = 0 },
		"Hours: 8":    func(p *Params) { p.Profile = Profile{[]float64{9, 8}, []float64{1, 0}} },
		"before 24":   func(p *Params) { p.Profile = Profile{[]float64{9, 24}, []float64{1, 0}} },
		"Presence":    func(p *Params) { p.Profile = Profile{[]float64{9}, []float64{1.1}} },
		"at least":    func(p *Params) { p.Profile = Profile{} },
	} {
		p := DefaultParams()
		spoil(&p)
		if _, err := New(midnight, p, seeded(1)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkDay is 24 h with a look every 10 s.
func BenchmarkDay(b *testing.B) {
	for b.Loop() {
		r := newRoom(b, DefaultParams())
		for range 8640 {
			advance(b, r, 10*time.Second)
			value(b, r, "co2")
		}
	}
}
