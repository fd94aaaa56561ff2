package fluid

import (
	"fmt"
	"math"
	"testing"

	"twinrig/twinmodel/validation"
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
		row := validation.Row{ID: "AC-4", Source: "PsychroLib 2.5", Unit: "°C", Absolute: 0.05}
		row.What, row.Reference, row.Ours = fmt.Sprintf("wet bulb of air at %g °C, %g %%", c.t, 100*c.rh), c.wet, WetBulb(c.t, w, AtmosphericPressure)
		row.Check(t)
		row.What, row.Reference, row.Ours = fmt.Sprintf("dew point of air at %g °C, %g %%", c.t, 100*c.rh), c.dew, DewPoint(w, AtmosphericPressure)
		row.Check(t)
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
