package fluid

import (
	"math"
	"testing"
)

// TestWetBulbAndDewPoint is AC-4: adiabatic saturation and dew point against
// PsychroLib 2.5 at 101,325 Pa (reference/physics.md 3.3), 0.05 K with Buck's
// saturation pressure.
func TestWetBulbAndDewPoint(t *testing.T) {
	for _, c := range []struct{ t, rh, wet, dew float64 }{
		{-20, 0.8, -20.306, -22.304}, {0, 0.5, -2.975, -8.164}, {10, 0.7, 7.399, 4.787},
		{25, 0.5, 17.889, 13.864}, {30, 0.6, 23.812, 21.388}, {40, 0.3, 25.093, 19.125},
	} {
		w := HumidityRatio(c.t, c.rh, AtmosphericPressure)
		if got := WetBulb(c.t, w, AtmosphericPressure); math.Abs(got-c.wet) > 0.05 {
			t.Errorf("wet bulb at %g °C, %g: %.3f, reference %.3f", c.t, c.rh, got, c.wet)
		}
		if got := DewPoint(w, AtmosphericPressure); math.Abs(got-c.dew) > 0.05 {
			t.Errorf("dew point at %g °C, %g: %.3f, reference %.3f", c.t, c.rh, got, c.dew)
		}
	}
}

// TestSaturationTemperature inverts SaturatedEnthalpy.
func TestSaturationTemperature(t *testing.T) {
	for _, want := range []float64{-40, -5, 0.1, 12, 30, 60} {
		if got := SaturationTemperature(SaturatedEnthalpy(want, AtmosphericPressure), AtmosphericPressure); math.Abs(got-want) > 1e-5 {
			t.Errorf("%g °C comes back as %g", want, got)
		}
	}
}
