package oilpump

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

// closed is how far the ledgers may fail to close: energy by the error of the
// wave steps, SRP-5's 0.5 % at most and a hundredth of it in fact, and liquid by
// rounding. The slack is a wave step's energy.
var closed = []planttest.Tolerance{{Relative: 5e-4, Absolute: 300}, {Relative: 1e-9, Absolute: 1e-6}}

// TestPumpOff tells the story of a unit that is too fast: the level falls, gas
// and then fluid pound come, and the well delivers no more than the reservoir.
func TestPumpOff(t *testing.T) {
	w := started(t, DefaultParams(), 8)
	advance(t, w, 10*time.Minute)
	level, fillage, full := value(t, w, "fluidLevel"), value(t, w, "pumpFillage"), value(t, w, "production")
	if fillage < 93 {
		t.Errorf("with a level of %.0f m the fillage is %.0f %%", level, fillage)
	}
	for range 8 {
		advance(t, w, time.Hour)
		l, f := value(t, w, "fluidLevel"), value(t, w, "pumpFillage")
		if l > level+0.1 || f > fillage+0.5 {
			t.Fatalf("%s: level %g after %g m, fillage %g after %g %%: both must fall", w.Time(), l, level, f, fillage)
		}
		level, fillage = l, f
	}
	if level > 10 || fillage > 65 {
		t.Errorf("after 8 h the level is %.1f m and the fillage %.0f %%: not pumped off", level, fillage)
	}
	inflow, lifted := value(t, w, "inflowRate"), value(t, w, "production")
	if math.Abs(lifted/inflow-1) > 0.05 || lifted > 0.75*full {
		t.Errorf("pumped off it lifts %.1f m³/d of the reservoir's %.1f, full it lifted %.1f", lifted, inflow, full)
	}
	// Rest lets the level recover, slowly as Vogel has it.
	set(t, w, map[string]float64{"running": 0})
	advance(t, w, time.Hour)
	if rise := value(t, w, "fluidLevel") - level; math.Abs(rise-18*cubicMetrePerDay*3600/w.m.annulus) > 10 {
		t.Errorf("an hour of rest raises the level by %.0f m", rise)
	}
	set(t, w, map[string]float64{"running": 1})
	advance(t, w, 15*time.Second)
	if f := value(t, w, "pumpFillage"); f < 80 {
		t.Errorf("after an hour of rest the fillage is %.0f %%", f)
	}
	// The rest is no part of the stroke that it interrupted, the ramps are.
	if p := value(t, w, "production"); p < 0.5*full {
		t.Errorf("after an hour of rest it lifts %.1f m³/d, full it lifted %.1f", p, full)
	}
}

// TestPound: the less the barrel is filled, the later on the downstroke the load
// comes off, and the diagnosis reads that from the surface card.
func TestPound(t *testing.T) {
	p := DefaultParams()
	for _, c := range []struct {
		level, speed float64
	}{{300, 5}, {300, 8}, {20, 8}, {2, 8}, {1.6, 10}} {
		p.FluidLevel = c.level
		w := started(t, p, c.speed)
		strokes(t, w, 30.3)
		surface, pump, _ := w.Cards()
		read := p.PumpCard(surface, 60/c.speed).Fillage()
		fillage := value(t, w, "pumpFillage") / 100
		t.Logf("level %g m, %g 1/min: fillage %.3f, from the pump card %.3f, from the surface card %.3f", c.level, c.speed, fillage, pump.Fillage(), read)
		if math.Abs(read-fillage) > 0.08 || math.Abs(pump.Fillage()-fillage) > 0.08 {
			t.Errorf("level %g m, %g 1/min: fillage %.3f, from the pump card %.3f, from the surface card %.3f", c.level, c.speed, fillage, pump.Fillage(), read)
		}
	}
}

// TestFaults: each fault does to the well what it does to a real one.
func TestFaults(t *testing.T) {
	run := func(fault string) map[string]float64 {
		w := started(t, DefaultParams(), 5)
		advance(t, w, time.Hour)
		if fault != "" {
			set(t, w, map[string]float64{fault: 0.8})
		}
		advance(t, w, time.Hour)
		v := map[string]float64{}
		for _, s := range spec.Signals[inputs:] {
			v[s.Name] = value(t, w, s.Name)
		}
		planttest.CloseLedgers(t, w, closed...)
		return v
	}
	healthy := run("")
	for _, c := range []struct {
		fault, signal string
		least, most   float64 // of the healthy value
	}{
		{"gasInterference", "pumpFillage", 0.3, 0.7},
		{"gasInterference", "fluidLevel", 1.02, 1.5},
		{"travellingValveLeak", "production", 0, 0.5},
		{"travellingValveLeak", "pumpFillage", 0, 0.6},
		{"standingValveLeak", "production", 0, 0.5},
		{"standingValveLeak", "minimumLoad", 1.02, 2},
		{"wornPlunger", "production", 0.7, 0.95},
		{"rodParted", "production", 0, 1e-9},
		{"rodParted", "peakLoad", 0, 0.3},
		{"stuckPump", "peakLoad", 1.5, 4},
		{"stuckPump", "plungerStroke", 0, 0.5},
		{"counterweightLoss", "peakTorque", 1.5, 5},
		{"counterweightLoss", "production", 0.98, 1.02},
		{"paraffin", "polishedRodPower", 1.5, 4},
		{"paraffin", "minimumLoad", 0.2, 0.8},
		{"tubingLeak", "flowRate", -1e-9, 0.6},
		{"linePlug", "tubingPressure", 1.5, 10},
		{"beltSlip", "strokesPerMinute", 0.59, 0.61},
	} {
		if v, h := run(c.fault)[c.signal], healthy[c.signal]; !(v >= c.least*h && v <= c.most*h) {
			t.Errorf("%s: %s is %.4g, healthy %.4g; want %g to %g of it", c.fault, c.signal, v, h, c.least, c.most)
		}
	}
}

// TestPartedRod: the part that hangs weighs what it weighs, and a repaired
// string pumps again.
func TestPartedRod(t *testing.T) {
	w := started(t, DefaultParams(), 5)
	advance(t, w, 10*time.Minute)
	whole := value(t, w, "production")
	set(t, w, map[string]float64{"rodParted": 0.5})
	advance(t, w, 2*time.Minute)
	hangs := (value(t, w, "peakLoad") + value(t, w, "minimumLoad")) / 2 * 1e3
	p := DefaultParams()
	weight := (float64(300*32.4) + float64(200*23.8)) * p.Buoyancy()
	if math.Abs(hangs/weight-1) > 0.05 {
		t.Errorf("half of the string hangs with %.0f N, weighs %.0f", hangs, weight)
	}
	set(t, w, map[string]float64{"rodParted": 0})
	advance(t, w, 10*time.Minute)
	if got := value(t, w, "production"); math.Abs(got/whole-1) > 0.05 {
		t.Errorf("repaired it lifts %.1f m³/d, before %.1f", got, whole)
	}
	planttest.CloseLedgers(t, w, closed...)
}

// TestProtector: an overloaded motor is stopped by its protector and runs again
// when it has cooled.
func TestProtector(t *testing.T) {
	w := started(t, DefaultParams(), 20)
	set(t, w, map[string]float64{"stuckPump": 1, "counterweightLoss": 1, "paraffin": 1})
	stopped := false
	for range 240 {
		advance(t, w, time.Minute)
		stopped = stopped || value(t, w, "strokesPerMinute") == 0
		if hot := value(t, w, "windingTemperature"); hot > 200 {
			t.Fatalf("the winding is at %.0f °C", hot)
		}
	}
	if !stopped {
		t.Error("the protector never stopped the motor")
	}
	set(t, w, map[string]float64{"stuckPump": 0, "counterweightLoss": 0, "paraffin": 0})
	advance(t, w, 2*time.Hour)
	if v := value(t, w, "strokesPerMinute"); v != 20 {
		t.Errorf("cooled and repaired it makes %g strokes per minute", v)
	}
}

// TestDrive: the drive ramps at its rate and stops the unit.
func TestDrive(t *testing.T) {
	w := started(t, DefaultParams(), 8)
	advance(t, w, 4*time.Second)
	if v := value(t, w, "strokesPerMinute"); math.Abs(v-4) > 0.05 {
		t.Errorf("after 4 s it makes %g strokes per minute, want 4", v)
	}
	advance(t, w, time.Minute)
	set(t, w, map[string]float64{"running": 0})
	advance(t, w, 10*time.Second)
	at := value(t, w, "polishedRodPosition")
	advance(t, w, time.Hour)
	if v, p := value(t, w, "strokesPerMinute"), value(t, w, "polishedRodPosition"); v != 0 || p != at {
		t.Errorf("stopped it makes %g strokes per minute and goes from %g to %g m", v, at, p)
	}
	if c, q := value(t, w, "motorCurrent"), value(t, w, "production"); c != 0 || q != 0 {
		t.Errorf("stopped it takes %g A and lifts %g m³/d", c, q)
	}
}

// TestDay: law: energy and liquid are conserved over a day of pumping off,
// standing and faults.
func TestDay(t *testing.T) {
	w := newWell(t, DefaultParams())
	planttest.Day(t, w, func(hour int) map[string]float64 {
		return map[int]map[string]float64{
			0: {"running": 1}, 6: {"gasInterference": 0.5}, 8: {"running": 0}, 9: {"running": 1, "gasInterference": 0},
			12: {"travellingValveLeak": 0.6}, 14: {"travellingValveLeak": 0, "rodParted": 0.4}, 15: {"rodParted": 0, "stuckPump": 0.3},
			17: {"stuckPump": 0, "tubingLeak": 0.7, "targetSpeed": 4}, 20: {"tubingLeak": 0, "beltSlip": 0.3, "paraffin": 0.5},
		}[hour]
	})
	planttest.CloseLedgers(t, w, closed...)
}

// TestInvariants: whatever inputs and faults do, signals stay in their ranges
// and the ledgers close.
func TestInvariants(t *testing.T) {
	planttest.Walk{
		Make: func(rt *rapid.T) twinmodel.Plant {
			p := DefaultParams()
			p.FluidLevel = rapid.Float64Range(1, 800).Draw(rt, "level")
			w, err := New(midnight, p)
			if err != nil {
				rt.Fatal(err)
			}
			set(rt, w, map[string]float64{"running": 1})
			return w
		},
		Changes: 6, Stretch: 6 * time.Minute, Ledgers: closed,
		Check: func(t planttest.TB, p twinmodel.Plant) {
			w := p.(*Well)
			if w.barrel.liquid < 0 || w.barrel.gas < 0 || w.column.level < 0 {
				t.Fatalf("liquid %g m³, gas %g and level %g m must not be negative", w.barrel.liquid, w.barrel.gas, w.column.level)
			}
		},
	}.Run(t)
}

// TestContract: what every plant owes its callers.
func TestContract(t *testing.T) {
	planttest.Contract(t, func() twinmodel.Plant { return newWell(t, DefaultParams()) })
}

// TestSnapshot: a restored well has the same future, also with a parted rod.
func TestSnapshot(t *testing.T) {
	w := started(t, DefaultParams(), 8)
	advance(t, w, 77*time.Second)
	planttest.RoundTrip(t, w, newWell(t, DefaultParams()), time.Minute)
	set(t, w, map[string]float64{"rodParted": 0.3, "wornPlunger": 0.5})
	advance(t, w, 10*time.Second)
	planttest.RoundTrip(t, w, newWell(t, DefaultParams()), time.Minute)
	s := w.Snapshot()
	s.State[inputs] = math.NaN()
	if err := w.Restore(s); err == nil || !strings.Contains(err.Error(), "not a number") {
		t.Errorf("a snapshot with NaN: %v", err)
	}
}

// FuzzRestore: no snapshot makes a well panic or hang.
func FuzzRestore(f *testing.F) {
	f.Add(int64(0), 0.0, uint16(0))
	f.Add(int64(-300), math.NaN(), uint16(40))
	f.Add(int64(199), 1e300, uint16(50))
	f.Fuzz(func(t *testing.T, mode int64, value float64, at uint16) {
		w := started(t, DefaultParams(), 8)
		advance(t, w, 3*time.Second)
		s := w.Snapshot()
		s.State[int(at)%len(s.State)] = value
		s.Modes[3+int(at)%(len(s.Modes)-3)] = mode
		if w.Restore(s) == nil {
			_ = w.Advance(w.Time().Add(10 * time.Second))
			_ = w.Ledgers()
		}
	})
}

// TestParams: impossible parameters are refused by name.
func TestParams(t *testing.T) {
	for name, spoil := range map[string]func(*Params){
		"Damping":                func(p *Params) { p.Damping = math.NaN() },
		"Rods[1].Length":         func(p *Params) { p.Rods[1].Length = 0 },
		"of 0 tapers":            func(p *Params) { p.Rods = nil },
		"Segments":               func(p *Params) { p.Segments, p.Rods = 4, append(p.Rods, p.Rods[0]) },
		"Unit.R":                 func(p *Params) { p.Unit.R = 4 },
		"Unit.G":                 func(p *Params) { p.Unit.G = p.Unit.H },
		"TubingInner":            func(p *Params) { p.TubingInner = 0.04 },
		"Well.ReservoirPressure": func(p *Params) { p.Well.ReservoirPressure = 200e5 },
		"FluidLevel":             func(p *Params) { p.FluidLevel = 1100 },
		"TubingStorage":          func(p *Params) { p.TubingStorage = 1e-10 },
		"ThermalReset":           func(p *Params) { p.ThermalReset = 170 },
	} {
		p := DefaultParams()
		spoil(&p)
		if _, err := New(midnight, p); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
