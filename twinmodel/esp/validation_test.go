package esp

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/well"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

var set, advance, value = planttest.Set, planttest.Advance, planttest.Value

func newStation(t testing.TB, p Params) *Station {
	t.Helper()
	s, err := New(midnight, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// started is a station whose drive is asked for a frequency.
func started(t testing.TB, p Params, frequency float64) *Station {
	t.Helper()
	s := newStation(t, p)
	set(t, s, map[string]float64{"running": 1, "driveFrequency": frequency})
	return s
}

func near(t testing.TB, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: %.6g, want %.6g within %g %%", what, got, want, 100*relative)
	}
}

// bare is a station's physics with inputs to play with.
func bare(p Params) *station {
	s := &station{p: p, well: newBorehole(&p), u: make([]float64, inputs)}
	s.u[inLinePressure] = 10
	return s
}

// deliver is the working point of a pump that delivers if it can.
func (s *station) deliver(frequency, static, gas float64) pumping {
	pump := int64(pumpIdle)
	if s.excess(frequency, static, gas) > 0 {
		pump = pumpDelivering
	}
	return s.working(frequency, static, gas, pump)
}

// TestAffinity: law: at the same flow coefficient q/n, flow goes with speed, head
// with its square and shaft power with its cube. Tolerance: rounding.
func TestAffinity(t *testing.T) {
	s := bare(DefaultParams())
	s.well.friction = 0
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(25, 70).Draw(t, "frequency")
		static := rapid.Float64Range(0, 2500).Draw(t, "static head")
		r := f / 60
		a := s.deliver(60, static, 0)
		b := s.deliver(f, static*r*r, 0)
		for _, c := range [][2]float64{{b.flow, a.flow * r}, {b.head, a.head * r * r}, {b.shaft, a.shaft * r * r * r}} {
			if math.Abs(c[0]-c[1]) > 1e-9*(c[1]+1) {
				t.Fatalf("%g Hz: %g, affinity says %g", f, c[0], c[1])
			}
		}
	})
}

// TestPumpCurve: law: head and power at rated frequency are the polynomials that
// the parameters state, and friction is Darcy's. Reference: written out here.
func TestPumpCurve(t *testing.T) {
	p := DefaultParams()
	s := bare(p)
	for _, static := range []float64{1, 500, 1633, 2500, 2599} {
		w := s.deliver(60, static, 0)
		day := w.flow * 86400
		near(t, "head", w.head, 2600-day-0.01543*day*day, 1e-9)
		near(t, "shaft power", w.shaft, 28000+28600*day/220, 1e-9)
		v := w.flow / (math.Pi / 4 * 0.062 * 0.062)
		friction := 0.024 * 1600 / 0.062 * v * v / (2 * well.Gravity)
		near(t, "head less friction", w.head-friction, static, 1e-9)
	}
	if w := s.deliver(60, 2601, 0); w.flow != 0 || w.shaft != 28000 {
		t.Errorf("above the shutoff head: flow %g, power %g", w.flow, w.shaft)
	}
	near(t, "best efficiency", p.bestEfficiency(), 0.65, 0.02)
}

// steadyLevel finds by bisection the level at which the reservoir delivers what
// the pump lifts: an independent statement of the steady state, in the units of
// the trade.
func steadyLevel(p Params, frequency float64) (level, flow float64) {
	nu := frequency / 60
	weight := 860 * 9.80665 / 1e5 // bar/m
	liftFor := func(day, gas float64) float64 {
		v := day / 86400 / (math.Pi / 4 * 0.062 * 0.062)
		return (1-0.3*gas)*(nu*nu*2600-nu*day-0.01543*day*day) - 0.024*1600/0.062*v*v/(2*9.80665)
	}
	surplus := func(h float64) (float64, float64) {
		intake := 5 + weight*h
		day := 180 * (1 - 0.2*intake/130 - 0.8*intake*intake/130/130)
		free := 14 * 0.5 * (1 - intake/130) * 1.01325 / intake * (65 + 273.15) / 288.15
		drop := math.Pow(day/86400/3.36e-6, 2) / 1e5 // bar, to be corrected for the soft law
		for range 50 {
			drop = math.Pow(day/86400/3.36e-6, 2) / 1e5 * (drop + 0.5) / drop
		}
		need := 1600 + (10+drop-intake)/weight
		return liftFor(day, free/(1+free)) - need, day
	}
	lo, hi := 20.0, p.StaticLevel()
	for range 200 {
		mid := (lo + hi) / 2
		// More surplus head than needed: the pump takes more, the level falls.
		if s, _ := surplus(mid); s > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	_, flow = surplus(lo)
	return lo, flow
}

// TestSteadyState: law: the steady level is where inflow and pump curves cross.
// Reference: bisection. Tolerance: 0.1 %.
func TestSteadyState(t *testing.T) {
	p := DefaultParams()
	for _, frequency := range []float64{35, 40, 45, 50, 55} {
		level, flow := steadyLevel(p, frequency)
		s := started(t, p, frequency)
		advance(t, s, 10*24*time.Hour)
		t.Logf("%g Hz: level %.2f m (bisection %.2f), flow %.2f m³/d", frequency, value(t, s, "fluidLevel"), level, value(t, s, "flowRate"))
		near(t, "level", value(t, s, "fluidLevel"), level, 1e-3)
		near(t, "flow", value(t, s, "flowRate"), flow, 1e-3)
		near(t, "inflow", value(t, s, "inflowRate"), value(t, s, "flowRate"), 1e-4)
	}
}

// TestLedgers: law: energy and liquid are conserved. Reference: the ledgers'
// fluxes over a day with pump-off, gas lock, stops and faults. Tolerance: liquid
// 1e-9 of what crossed the boundary; energy, which is not linear in the state,
// 1e-6.
func TestLedgers(t *testing.T) {
	s := started(t, DefaultParams(), 60)
	advance(t, s, 8*time.Hour)
	set(t, s, map[string]float64{"tubingLeak": 0.5, "scale": 0.3})
	advance(t, s, 4*time.Hour)
	set(t, s, map[string]float64{"running": 0, "tubingLeak": 0, "linePlug": 0.5})
	advance(t, s, 2*time.Hour)
	set(t, s, map[string]float64{"running": 1, "driveFrequency": 40, "linePressure": 25})
	advance(t, s, 10*time.Hour)
	for i, tol := range []float64{1e-6, 1e-9} {
		l := s.Ledgers()[i]
		if l.In <= 0 || l.Out <= 0 {
			t.Errorf("%s: in %g, out %g: nothing happened", l.Quantity, l.In, l.Out)
		}
		if res := math.Abs(l.Residual()); res > tol*(l.In+l.Out) {
			t.Errorf("%s: does not close by %g of %g %s", l.Quantity, res, l.In, l.Unit)
		}
	}
}

// TestMotor: law: the electrical power is √3·U·I·cos φ with the losses booked:
// what goes in is shaft power and heat; at rated flow the current is what a
// motor of that power at 2,300 V draws.
func TestMotor(t *testing.T) {
	s := bare(DefaultParams())
	m := s.motor(60, 0, 56600, 65)
	near(t, "power", m.power, 56600+m.losses, 1e-12)
	near(t, "copper loss", m.losses-3000, 3*5*m.current*m.current, 1e-9)
	apparent := math.Sqrt(3) * 2300 * m.current
	if m.power > apparent {
		t.Errorf("real power %g exceeds the apparent %g", m.power, apparent)
	}
	near(t, "current", m.current, 16.5, 0.02)
	near(t, "shaft speed", m.speed*30/math.Pi, 3492, 1e-9)
	if hot := s.motor(60, 0, 56600, 165); hot.losses <= m.losses {
		t.Error("a hot winding does not lose more")
	}
	if off := s.motor(0, 0, 0, 100); off != (motor{}) {
		t.Errorf("a motor at rest does %+v", off)
	}
}
