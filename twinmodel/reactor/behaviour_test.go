package reactor

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/ode"
	"twinrig/twinmodel/planttest"
)

// hot is the polymerisation at its setpoint, 40 minutes into a batch.
func hot(t testing.TB) *Reactor {
	t.Helper()
	r := newTank(t, chyllaHaase())
	batch(t, r, 40, func(float64, float64) {})
	return r
}

// after lets an hour pass with the valve where it cools a little and the pump on.
func after(t testing.TB, values map[string]float64) *Reactor {
	t.Helper()
	r := hot(t)
	set(t, r, map[string]float64{"jacketValve": 30, "feedPump": 100})
	set(t, r, values)
	advance(t, r, time.Hour)
	return r
}

// TestFaults: each fault does to the tank what it does to a real one.
func TestFaults(t *testing.T) {
	temperature := func(r *Reactor) float64 { return value(t, r, "reactorTemperature") }
	healthy := after(t, nil)
	for _, f := range []string{"coolingLoss", "agitatorFailure", "fouling", "feedConcentration"} {
		if rise := temperature(after(t, map[string]float64{f: 1})) - temperature(healthy); rise < 1 {
			t.Errorf("%s heats the batch by only %.2f K", f, rise)
		}
	}
	slow := after(t, map[string]float64{"impurity": 1})
	if value(t, slow, "conversion") > value(t, healthy, "conversion")-0.1 {
		t.Errorf("impure: conversion %.2f %% against %.2f", value(t, slow, "conversion"), value(t, healthy, "conversion"))
	}
	if p, good := value(t, after(t, map[string]float64{"agitatorFailure": 1}), "agitatorPower"), value(t, healthy, "agitatorPower"); p != 0 || good < 100 {
		t.Errorf("agitator takes %.0f W failed and %.0f W running", p, good)
	}
	off := after(t, map[string]float64{"feedPump": 0})
	leaking := after(t, map[string]float64{"feedPump": 0, "feedRunaway": 0.5})
	if fed := value(t, leaking, "fedMass") - value(t, off, "fedMass"); math.Abs(fed-0.5*7.56e-3*3600) > 1e-6 {
		t.Errorf("a half open feed valve lets in %.6f kg an hour", fed)
	}
}

// TestValve: the valve follows at once, a sticky one in jumps, a stuck one never.
func TestValve(t *testing.T) {
	r := newTank(t, chyllaHaase())
	for _, c := range []struct{ stiction, asked, want float64 }{
		{0, 40, 40}, {0, 41, 41}, {0.1, 45, 41}, {0.1, 52, 52}, {0.1, 61, 52}, {1, 0, 52}, {1, 100, 52}, {0.1, 100, 100}, {0, 99, 99},
	} {
		set(t, r, map[string]float64{"valveStiction": c.stiction, "jacketValve": c.asked})
		advance(t, r, time.Second)
		if v := value(t, r, "valvePosition"); v != c.want {
			t.Errorf("stiction %g, asked %g: the valve is at %g, want %g", c.stiction, c.asked, v, c.want)
		}
	}
}

// TestInhibitor: it spreads exponentially, a tenth of its time takes the rate to
// exp(-0.1), 0.5 %; without inhibitor in its vessel nothing happens.
func TestInhibitor(t *testing.T) {
	for _, missing := range []float64{0, 1} {
		r, twin := hot(t), hot(t)
		set(t, r, map[string]float64{"inhibitorValve": 1, "inhibitorMissing": missing})
		advance(t, r, 6*time.Second)
		advance(t, twin, 6*time.Second)
		rate := func(r *Reactor) float64 { return value(t, r, "reactionHeat") / value(t, r, "reactantConcentration") }
		want := math.Exp(0.1 * (missing - 1))
		if got := rate(r) / rate(twin); math.Abs(got-want) > 0.005*want {
			t.Errorf("missing %g: the rate falls to %.3f, want %.3f", missing, got, want)
		}
	}
}

// TestVent: a vent with room holds the pressure, a blocked one lets it rise until
// the disc bursts.
func TestVent(t *testing.T) {
	held := run(t, t2(), 2, map[string]float64{"jacketValve": 0})
	if p := value(t, held, "pressure"); math.Abs(p-4.4*1.01325) > 1e-9 {
		t.Errorf("a working vent holds %.4f bar", p)
	}
	blocked := run(t, t2(), 2, map[string]float64{"jacketValve": 0, "ventBlocked": 0.9})
	if p := value(t, blocked, "pressure"); p < 5 {
		t.Errorf("behind a vent blocked by 90 %%: %.2f bar", p)
	}
	shut := run(t, t2(), 3, map[string]float64{"ventBlocked": 1})
	if value(t, shut, "ruptureDisc") != 1 || value(t, shut, "vessel") != 1 {
		t.Errorf("behind a shut vent: disc %v, vessel %v at %.1f bar", value(t, shut, "ruptureDisc"), value(t, shut, "vessel"), value(t, shut, "pressure"))
	}
}

// TestFull: nothing can be pumped into a full vessel.
func TestFull(t *testing.T) {
	r := run(t, chyllaHaase(), 10, map[string]float64{"feedRunaway": 1})
	if l := value(t, r, "level"); l < 98.9 || l > 100.001 {
		t.Errorf("level %.3f %% after ten hours of feed", l)
	}
}

// TestInvariants: whatever the inputs, signals stay in range, both ledgers close
// to 1e-8, no amount falls below zero by more than 1e-6 of all there is, and no
// tank gets hotter than its heat of reaction and its utilities
// can make it.
func TestInvariants(t *testing.T) {
	planttest.Walk{
		Make: func(rt *rapid.T) twinmodel.Plant {
			p, _ := Reaction(rapid.IntRange(0, len(reactions)-1).Draw(rt, "reaction")).Params()
			return newTank(t, p)
		},
		Changes: 6, Stretch: 2 * time.Hour,
		Ledgers: []planttest.Tolerance{{Relative: 1e-8, Absolute: 1e-3}, {Relative: 1e-8, Absolute: 1e-4}},
		Check: func(t planttest.TB, r twinmodel.Plant) {
			p := r.(*Reactor).physics.p
			all := 0.0
			for _, c := range r.(*Reactor).physics.present.concentration {
				all += math.Abs(c)
			}
			for i, c := range r.(*Reactor).physics.present.concentration {
				if c < -1e-6*all {
					t.Fatalf("%g mol/m³ of %s", c, p.Species[i].Name)
				}
			}
			if value(t, r, "vessel") == 0 && value(t, r, "reactorTemperature")+Freezing > hottest(p) {
				t.Fatalf("%.1f °C, more than all the heat there is can make: %.1f K", value(t, r, "reactorTemperature"), hottest(p))
			}
		},
	}.Run(t)
}

// hottest is the adiabatic limit: the hottest thing around and all the heat of
// reaction in the carrier alone.
func hottest(p Params) float64 {
	amount := p.Species[0].Charge
	if p.Feed.Flow > 0 {
		amount = math.Max(amount, 1.3*p.Feed.Species[0]/p.Feed.Flow*p.CarrierVolume)
	} else {
		amount += p.VesselVolume * 1e4 * 1.3
	}
	heat := 0.0
	for _, s := range p.Steps {
		heat += math.Max(0, -s.Enthalpy)
	}
	return math.Max(p.Temperature, math.Max(p.Jacket.Hot, p.Feed.Temperature)) + heat*amount/p.CarrierCapacity
}

// TestSnapshot: a restored tank has the same future, bit for bit, with what is in
// its pipes.
func TestSnapshot(t *testing.T) {
	for i := range reactions {
		p, _ := Reaction(i).Params()
		a, b := newTank(t, p), newTank(t, p)
		set(t, a, map[string]float64{"jacketValve": 80, "feedPump": 60, "valveStiction": 0.1})
		advance(t, a, 17*time.Minute+123*time.Millisecond)
		planttest.RoundTrip(t, a, b, 20*time.Minute)
	}
}

// FuzzRestore: no snapshot makes a tank panic, whatever it says of the past.
func FuzzRestore(f *testing.F) {
	f.Add(uint16(0), 0.0, int64(0))
	f.Add(uint16(150), math.NaN(), int64(-1))
	f.Add(uint16(130), 1e300, int64(math.MaxInt64))
	r := hot(f)
	taken := r.Snapshot()
	f.Fuzz(func(t *testing.T, at uint16, value float64, mode int64) {
		r, err := New(midnight, chyllaHaase())
		if err != nil {
			t.Fatal(err)
		}
		s := taken
		s.State, s.Modes = slices.Clone(taken.State), slices.Clone(taken.Modes)
		s.State[int(at)%len(s.State)] = value
		s.Modes[int(at)%len(s.Modes)] = mode
		if r.Restore(s) == nil {
			_ = r.Advance(r.Time().Add(20 * time.Second))
			_ = r.Ledgers()
		}
	})
}

// TestErrors: parameters that do not fit are refused by name.
func TestErrors(t *testing.T) {
	for says, spoil := range map[string]func(*Params){
		"Temperature: NaN K":                   func(p *Params) { p.Temperature = math.NaN() },
		"Steps[0].Enthalpy":                    func(p *Params) { p.Steps[0].Enthalpy = math.Inf(-1) },
		"makes 1 building blocks":              func(p *Params) { p.Steps[0].Yields = []float64{-1, 2} },
		"Orders: monomer is consumed":          func(p *Params) { p.Steps[0].Orders = []int{0, 1} },
		"1 orders and 2 yields":                func(p *Params) { p.Steps[0].Orders = []int{1} },
		"Feed.Species: 1 amounts":              func(p *Params) { p.Feed.Species = []float64{1} },
		"Species[0].MolarVolume: a tank that":  func(p *Params) { p.Feed.Flow = 1e-3 },
		"VesselVolume: 0.05 m³":                func(p *Params) { p.VesselVolume = 0.05 },
		`Jacket.Circuit: "tea" is not`:         func(p *Params) { p.Jacket.Circuit = "tea" },
		"a loop needs":                         func(p *Params) { p.Jacket.OutDelay = 0 },
		"Jacket.Hot: colder":                   func(p *Params) { p.Jacket.Hot = 280 },
		"GelExponent: a gel effect needs":      func(p *Params) { p.Viscosity.Factor = 0 },
		"Headspace.Pressure: must lie between": func(p *Params) { p.Headspace.RuptureAt = 1e5 },
		"at a Temperature of 600 K":            func(p *Params) { p.Temperature = 600 },
		"Species and Steps: 2 and 0":           func(p *Params) { p.Steps = nil },
	} {
		p := chyllaHaase()
		spoil(&p)
		if _, err := New(midnight, p); err == nil || !strings.HasPrefix(err.Error(), "make reactor: ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	if _, err := Reaction(7).Params(); err == nil || !strings.Contains(err.Error(), "van de Vusse") {
		t.Errorf("reaction 7: %v", err)
	}
}

// TestStiff: a tank whose reaction is a million times faster is stiff. Given to
// the explicit method it stops with an error that says plant, instant and cause,
// and does not creep; the method in use walks through.
func TestStiff(t *testing.T) {
	p := charged(bequette(), 3000, 366)
	p.Steps[0].Factor *= 1e6
	explicit, err := build(midnight, p, false, 1)
	if err != nil {
		t.Fatal(err)
	}
	set(t, explicit, continuous)
	err = explicit.Advance(midnight.Add(10 * time.Hour))
	if !errors.Is(err, ode.ErrStiff) || !strings.HasPrefix(err.Error(), "advance reactor at 2026-07-01T00:0") {
		t.Errorf("the explicit method says %v", err)
	}
	if steps, _ := explicit.Work(); steps > 1000 {
		t.Errorf("it took %d steps to notice", steps)
	}
	run(t, p, 10, continuous)
}

// TestTolerance: a tenth of the tolerance changes a batch by less than 2 mK.
func TestTolerance(t *testing.T) {
	end := func(tolerance float64) (hot float64) {
		r, err := build(midnight, chyllaHaase(), true, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		set(t, r, map[string]float64{"jacketValve": 75})
		advance(t, r, 30*time.Minute)
		set(t, r, map[string]float64{"jacketValve": 40, "feedPump": 100})
		advance(t, r, time.Hour)
		return value(t, r, "reactorTemperature")
	}
	if a, b := end(1), end(0.1); math.Abs(a-b) > 2e-3 {
		t.Errorf("%.5f and %.5f °C", a, b)
	}
}

// BenchmarkBatch is a polymerisation of 150 minutes under control every 4 s.
func BenchmarkBatch(b *testing.B) {
	for b.Loop() {
		r := newTank(b, chyllaHaase())
		batch(b, r, 150, func(float64, float64) {})
	}
}

// BenchmarkIgnition is ten hours of the tank that ignites, with set-up.
func BenchmarkIgnition(b *testing.B) {
	p := charged(bequette(), 5518, 345)
	p.Jacket.Cold = 312
	for b.Loop() {
		run(b, p, 10, continuous)
	}
}
