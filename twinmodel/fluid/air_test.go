package fluid_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/validation"
)

// TestMoistAir: law: moist air at 101,325 Pa. Reference: PsychroLib (ASHRAE
// equations). Tolerance: 0.1 %, 0.5 % below -10 °C, and what the reference's
// printed digits allow.
func TestMoistAir(t *testing.T) {
	tests := []struct{ t, rh, w, h, v, pws float64 }{
		{-20, 0.8, 0.000507, -18.870, 0.71773, 103.260},
		{0, 0.5, 0.001881, 4.705, 0.77614, 611.154},
		{10, 0.7, 0.005321, 23.468, 0.80899, 1227.995},
		{25, 0.5, 0.009881, 50.322, 0.85804, 3169.216},
		{30, 0.6, 0.016041, 71.193, 0.88094, 4246.030},
		{40, 0.3, 0.013900, 76.038, 0.90694, 7383.460},
	}
	for _, tt := range tests {
		tol := 1e-3
		if tt.t < -10 {
			tol = 5e-3
		}
		check := func(name, unit string, got, want, digit float64) {
			validation.Row{ID: "AC-4", What: fmt.Sprintf("%s of air at %g °C, %g %%", name, tt.t, 100*tt.rh), Source: "PsychroLib 2.5",
				Reference: want, Ours: got, Unit: unit, Absolute: float64(tol*math.Abs(want)) + digit/2}.Check(t)
		}
		w := fluid.HumidityRatio(tt.t, tt.rh, fluid.AtmosphericPressure)
		check("humidity ratio", "kg/kg", w, tt.w, 1e-6)
		check("enthalpy", "kJ/kg", fluid.Enthalpy(tt.t, w)/1e3, tt.h, 1e-3)
		check("specific volume", "m³/kg", fluid.SpecificVolume(tt.t, w, fluid.AtmosphericPressure), tt.v, 1e-5)
		validation.Row{ID: "AC-4", What: fmt.Sprintf("saturation pressure at %g °C", tt.t), Source: "PsychroLib 2.5",
			Reference: tt.pws, Ours: fluid.SaturationPressure(tt.t), Unit: "Pa", Relative: 3e-4}.Check(t)
	}
}

// TestHumidityRoundTrip: relative humidity and humidity ratio are inverse, and
// density is mass over volume.
func TestHumidityRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		temp := rapid.Float64Range(-40, 60).Draw(t, "temperature")
		rh := rapid.Float64Range(0.01, 1).Draw(t, "rh")
		w := fluid.HumidityRatio(temp, rh, fluid.AtmosphericPressure)
		if back := fluid.RelativeHumidity(temp, w, fluid.AtmosphericPressure); math.Abs(back-rh) > 1e-12 {
			t.Fatalf("%g °C, %g comes back as %g", temp, rh, back)
		}
		v := fluid.SpecificVolume(temp, w, fluid.AtmosphericPressure)
		if d := fluid.Density(temp, w, fluid.AtmosphericPressure); math.Abs(d*v-(1+w)) > 1e-12 {
			t.Fatalf("density %g and volume %g disagree", d, v)
		}
	})
}

func ExampleHumidityRatio() {
	w := fluid.HumidityRatio(25, 0.5, fluid.AtmosphericPressure)
	fmt.Printf("%.2f g/kg\n", 1e3*w)
	// Output: 9.88 g/kg
}

func BenchmarkHumidityRatio(b *testing.B) {
	w := 0.0
	for b.Loop() {
		w += fluid.HumidityRatio(25, 0.5, fluid.AtmosphericPressure)
	}
}
