package reefer

import (
	"fmt"
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/validation"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

var set, advance, value = planttest.Set, planttest.Advance, planttest.Value

func newTruck(t testing.TB, p Params) *Reefer {
	t.Helper()
	r, err := New(midnight, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t testing.TB, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: %.6g, want %.6g within %g %%", what, got, want, 100*relative)
	}
}

// chamber is a truck in a test chamber: no sky, the unit off, little cargo, air
// moving as for the rating.
func chamber(t testing.TB, p Params, ambient, heat float64) *Reefer {
	p.Emittance, p.CargoMass = 0, 100
	r := newTruck(t, p)
	set(t, r, map[string]float64{"unitOn": 0, "ambientMean": ambient, "ambientAmplitude": 0,
		"solarPeak": 0, "windSpeed": 3.6 * atpWind, "internalHeat": heat})
	return r
}

// TestTRK1 is the ATP test by internal heating. Law: K = W/(S ΔT), the mean of
// the last six hours. Reference: the design K. Tolerance: 0.5 %.
func TestTRK1(t *testing.T) {
	p := DefaultParams()
	const heat = 1534.0
	r := chamber(t, p, 7.5, heat)
	advance(t, r, 10*24*time.Hour)
	sum, n := 0.0, 360
	for range n {
		advance(t, r, time.Minute)
		sum += value(t, r, "returnAirTemperature") - value(t, r, "ambientTemperature")
	}
	validation.Row{ID: "TRK-1", What: "K by internal heating of 1,534 W, mean of the last six hours of ten days", Source: "design value of the body",
		Reference: p.K, Ours: heat / (p.meanArea() * sum / float64(n)), Unit: "W/(m² K)", Relative: 5e-3}.Check(t)
	if mean := (value(t, r, "returnAirTemperature") + 7.5) / 2; mean < 19 || mean > 21 {
		t.Errorf("mean wall temperature %.2f °C, the test wants 19 to 21", mean)
	}
}

// TestTRK2: law: steady transmission K·S·ΔT. Reference: 3,067 W at ΔT = 50 K,
// S = 153.4 m², K = 0.40. Tolerance: 0.1 %.
func TestTRK2(t *testing.T) {
	p := DefaultParams()
	validation.Row{ID: "TRK-2", What: "mean surface of the body, √(inside · outside)", Source: "closed form", Reference: 153.4, Ours: p.meanArea(), Unit: "m²", Relative: 1e-3}.Check(t)
	p.Leakage = 0
	r := chamber(t, p, -30, 3067)
	advance(t, r, 20*24*time.Hour)
	validation.Row{ID: "TRK-2", What: "temperature difference that 3,067 W keep up through K = 0.40 and 153.4 m²", Source: "closed form",
		Reference: 50, Ours: value(t, r, "returnAirTemperature") + 30, Unit: "K", Relative: 1e-3}.Check(t)
}

// TestTRK4: law: Gosney and Olama. Reference: their formula with PsychroLib's
// moist air, ambient 30 °C 50 %, box 90 % (the reference does not say), door
// 2.4 × 2.5 m. Tolerance: 1 %, but 2 % of the time to exchange the air, which the
// reference gives as 33 s, cut to whole seconds: 87 m³ at its own flow take 33.6 s.
func TestTRK4(t *testing.T) {
	const p = fluid.AtmosphericPressure
	out := fluid.HumidityRatio(30, 0.5, p)
	for _, tt := range []struct{ box, flow, heat float64 }{{-20, 3.61, 300e3}, {0, 2.66, 148e3}} {
		in := fluid.HumidityRatio(tt.box, 0.9, p)
		flow := doorFlow(2.4, 2.5, fluid.Density(tt.box, in, p), fluid.Density(30, out, p))
		row := validation.Row{ID: "TRK-4", Source: "Gosney and Olama's formula", Relative: 1e-2}
		row.What, row.Reference, row.Ours, row.Unit = fmt.Sprintf("air through the open door, box at %g °C", tt.box), tt.flow, flow, "kg/s"
		row.Check(t)
		row.What, row.Reference, row.Ours, row.Unit = fmt.Sprintf("its heat, box at %g °C", tt.box), tt.heat/1e3, flow*(fluid.Enthalpy(30, out)-fluid.Enthalpy(tt.box, in))/1e3, "kW"
		row.Check(t)
		if tt.box == -20 {
			row.What, row.Reference, row.Ours, row.Unit, row.Relative = "time to exchange 87 m³ of air at -20 °C", 33, 87*fluid.Density(tt.box, in, p)/flow, "s", 2e-2
			row.Check(t)
		}
	}
	if same := doorFlow(2.4, 2.5, 1.2, 1.2); same != 0 {
		t.Errorf("flow between equal densities: %g", same)
	}
	near(t, "flow with the cold outside", doorFlow(2.4, 2.5, 1.2, 1.4), doorFlow(2.4, 2.5, 1.4, 1.2), 1e-15)
}

// TestTRK5and6: law: energy and water are conserved. Reference: the ledgers'
// fluxes over a day with sun, open door, defrosts and faults. Tolerance: 1e-9 of
// what crossed the boundary.
func TestTRK5and6(t *testing.T) {
	p := DefaultParams()
	p.Respiration, p.Transpiration = 0.02, 1e-9
	r := newTruck(t, p)
	planttest.Day(t, r, func(hour int) map[string]float64 {
		return map[string]float64{
			"doorOpen": float64(hour % 3 / 2), "defrost": float64(hour % 5 / 4), "windSpeed": float64(hour * 3),
			"fanFailure": float64(hour%4) / 4, "doorSealLeak": float64(hour%2) / 2, "setpoint": float64(hour - 20),
		}
	})
	for i, row := range []validation.Row{{ID: "TRK-5", What: "energy ledger over a day, residual by throughput"}, {ID: "TRK-6", What: "water ledger over a day, residual by throughput"}} {
		l := r.Ledgers()[i]
		row.Source, row.Ours, row.Unit, row.Absolute = "conservation", l.Residual()/(l.In+l.Out), "1", 1e-9
		row.Check(t)
	}
}

// TestRating: law: in steady running with a clean coil the unit delivers its
// rated capacity. Reference: the two published points. Tolerance: 0.1 %.
func TestRating(t *testing.T) {
	p := DefaultParams()
	r := &reefer{p: p, u: make([]float64, inputs), slope: p.capacitySlope(), warm: p.warmCoil()}
	for _, tt := range []struct{ air, want float64 }{{p.WarmReturn, 17600}, {p.ColdReturn, 7030}} {
		coil := tt.air
		for range 200 { // the coil is colder than the air by capacity over conductance
			coil += 0.3 * (tt.air - r.capacity(coil, p.RatingAmbient)/p.CoilConductance - coil)
		}
		validation.Row{ID: "rating", What: fmt.Sprintf("capacity at %.4g °C return air, clean coil", tt.air), Source: "Carrier Vector 8500, by ccjdigital 2013",
			Reference: tt.want, Ours: r.capacity(coil, p.RatingAmbient), Unit: "W", Relative: 1e-3}.Check(t)
	}
	near(t, "capacity 10 K hotter outside", r.capacity(-20, p.RatingAmbient+10), 0.92*r.capacity(-20, p.RatingAmbient), 1e-12)
}

// TestWeather: the synthetic day: mean at 09:00, extremes at 03:00 and 15:00,
// the sun from 06:00 to 18:00, whatever time the truck starts.
func TestWeather(t *testing.T) {
	r, err := New(time.Date(2026, 7, 1, 8, 30, 0, 0, time.FixedZone("", 2*3600)), DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		hour               int
		temperature, light float64
	}{{9, 25, 565.685}, {12, 30.657, 800}, {15, 33, 565.685}, {18, 30.657, 0}, {27, 17, 0}} {
		if err := r.Advance(midnight.Add(time.Duration(tt.hour) * time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := value(t, r, "ambientTemperature"); math.Abs(got-tt.temperature) > 1e-3 {
			t.Errorf("%02d:00: %g °C, want %g", tt.hour, got, tt.temperature)
		}
		if got := value(t, r, "solarIrradiance"); math.Abs(got-tt.light) > 1e-3 {
			t.Errorf("%02d:00: %g W/m², want %g", tt.hour, got, tt.light)
		}
	}
}

// TestTolerance: the steps are good enough: over a day with a thermostat, a
// defrost and a door, cargo within 0.01 K and heat within 0.2 % of a solution
// ten thousand times as strict.
func TestTolerance(t *testing.T) {
	day := func(scale float64) (cargo, removed float64) {
		tol := tolerance()
		tol.Rel *= scale
		for i := range tol.Abs {
			tol.Abs[i] *= scale
		}
		r, err := build(midnight, DefaultParams(), tol)
		if err != nil {
			t.Fatal(err)
		}
		advance(t, r, 10*time.Hour)
		set(t, r, map[string]float64{"doorOpen": 1})
		advance(t, r, 5*time.Minute)
		set(t, r, map[string]float64{"doorOpen": 0})
		advance(t, r, 14*time.Hour)
		return value(t, r, "cargoTemperature"), r.Ledgers()[0].Out
	}
	c1, q1 := day(1)
	c2, q2 := day(1e-4)
	t.Logf("cargo %.4f and %.4f °C, heat removed %.5g and %.5g J", c1, c2, q1, q2)
	if math.Abs(c1-c2) > 0.01 {
		t.Errorf("cargo %.4f °C, strictly %.4f", c1, c2)
	}
	near(t, "heat removed", q1, q2, 2e-3)
}
