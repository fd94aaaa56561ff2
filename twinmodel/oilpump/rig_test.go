package oilpump

import (
	"testing"
	"time"

	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/well"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

const (
	pound      = 4.4482216152605    // N
	inchPound  = 0.1129848290276167 // Nm
	horsepower = 0.7456998716       // kW
)

func newWell(t testing.TB, p Params) *Well {
	t.Helper()
	w, err := New(midnight, p)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// started is a well whose unit runs at a speed in strokes per minute.
func started(t testing.TB, p Params, speed float64) *Well {
	t.Helper()
	w := newWell(t, p)
	set(t, w, map[string]float64{"running": 1, "targetSpeed": speed})
	return w
}

func set(t planttest.TB, w *Well, inputs map[string]float64) {
	t.Helper()
	planttest.Set(t, w, inputs)
}

func advance(t planttest.TB, w *Well, d time.Duration) {
	t.Helper()
	planttest.Advance(t, w, d)
}

func value(t planttest.TB, w *Well, signal string) float64 {
	t.Helper()
	return planttest.Value(t, w, signal)
}

// strokes advances by a number of strokes at a constant speed.
func strokes(t testing.TB, w *Well, n float64) {
	t.Helper()
	advance(t, w, time.Duration(n*60/value(t, w, "targetSpeed")*float64(time.Second)))
}

// example is the worked example of API RP 11L: 5,000 ft, level at 4,500 ft, 54 in,
// 1.5 in plunger, G = 0.9, 33.8 % 7/8 in and 66.2 % 3/4 in rods of 1.833 lb/ft,
// unanchored 2 in tubing; no gas, no slippage, no friction, and a reservoir that
// keeps the level.
func example() Params {
	p := DefaultParams()
	const level = 500 * 0.3048
	weight := 1.833 * pound / 0.3048
	p.Unit = Conventional(54 * inch)
	p.Segments, p.StuffingBox = 60, 0
	p.Rods = []Taper{{0.338 * 1524, 0.875 * inch, weight}, {0.662 * 1524, 0.75 * inch, weight}}
	p.Plunger.Diameter, p.Plunger.Gap, p.Spacing = 1.5*inch, 1e-6, 0.2
	p.TubingGive = 0.307e-6 * 5000 * inch / pound
	p.Well = well.Well{
		ReservoirPressure: 8e5 + 900*well.Gravity*level, MaxInflow: 0.1, CasingPressure: 8e5, LiquidDensity: 900,
		CasingInner: 0.159, TubingOuter: 0.0603, FluidTemperature: 40, EntrainedBelow: 2,
	}
	p.FluidLevel, p.TubingInner = level, 0.0507
	p.TubingStorage, p.LineCoefficient = 1e-6, 1e-4
	return p
}
