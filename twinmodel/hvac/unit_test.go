package hvac

import (
	"math"
	"testing"
	"time"

	"twinrig/twinmodel/fluid"
)

// TestDirtyFilter: what a dirty filter does to a unit at work, in the same room
// at the same instant. Laws: pressure drop grows with the filter's resistance and
// the square of the flow, and the flow is where fan and resistance meet; the coil's balance gives the supply temperature;
// capacity and input follow the curves' modifiers of flow. Tolerance: 1e-9.
func TestDirtyFilter(t *testing.T) {
	h := after(t, 6, map[string]float64{"outdoorMean": 38, "outdoorSwing": 0, "outdoorHumidity": 0, "internalHeat": 2500, "occupants": 0})
	room, clean := value(t, h, "temperature"), look(t, h)
	if clean.filter != DefaultParams().FilterDrop {
		t.Errorf("clean filter: %.1f Pa, want %.1f", clean.filter, DefaultParams().FilterDrop)
	}
	last := clean
	for _, f := range []float64{0.25, 0.5, 1} {
		set(t, h, map[string]float64{"dirtyFilter": f})
		share, dirty := 1/math.Sqrt(1+3*f), look(t, h)
		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got/want-1) > 1e-9 {
				t.Errorf("filter %g dirty: %s is %.9g, want %.9g", f, what, got, want)
			}
		}
		flow := DefaultParams().Airflow * share * fluid.DryAirHeatCapacity
		near("pressure drop", dirty.filter, clean.filter*share*share*(1+11*f))
		near("capacity", dirty.heat, clean.heat*(0.8+0.2*share))
		near("supply temperature", room-dirty.supply, (dirty.heat-DefaultParams().FanPower)/flow)
		near("compressor's power", dirty.compressor, clean.compressor*(0.8+0.2*share)*(1.1552-0.1808*share+0.0256*share*share))
		if dirty.filter <= last.filter || dirty.supply >= last.supply || dirty.heat >= last.heat {
			t.Errorf("filter %g dirty: %+v after %+v", f, dirty, last)
		}
		last = dirty
	}
}

// TestDirtyFilterDriesMore: the slower air of a dirty filter leaves colder and
// gives up more water for each kilojoule taken, in humid air.
func TestDirtyFilterDriesMore(t *testing.T) {
	share := func(f float64) float64 {
		h := after(t, 6, map[string]float64{"outdoorMean": 34, "outdoorSwing": 0, "outdoorHumidity": 60, "internalHeat": 2000, "dirtyFilter": f})
		water, energy := h.Ledgers()[1], value(t, h, "coilHeat")
		advance(t, h, 10*time.Minute)
		return (h.Ledgers()[1].Out - water.Out) / energy
	}
	if clean, dirty := share(0), share(1); dirty < 1.1*clean {
		t.Errorf("condensate over cooling: %.3g kg/kW dirty, %.3g clean", dirty, clean)
	}
}

// seen is a unit at work.
type seen struct{ filter, heat, supply, compressor float64 }

func look(t *testing.T, h *HVAC) seen {
	t.Helper()
	if value(t, h, "compressorState") != 1 {
		t.Fatal("the unit rests")
	}
	return seen{value(t, h, "filterDp"), value(t, h, "coilHeat"), value(t, h, "supplyAirTemperature"), value(t, h, "power") - DefaultParams().FanPower}
}

// TestInverter: at half load an inverter holds the room at its setpoint without
// a stop, and needs less for it than a unit that switches; at a load below its
// lowest speed it switches at that speed.
func TestInverter(t *testing.T) {
	run := func(lowest, heat float64) (h *HVAC, starts int, least, most, energy float64) {
		p := DefaultParams()
		p.MinSpeed = lowest
		h, err := New(midnight, p)
		if err != nil {
			t.Fatal(err)
		}
		set(t, h, map[string]float64{"outdoorMean": 32, "outdoorSwing": 0, "solarPeak": 0, "internalHeat": heat})
		advance(t, h, 24*time.Hour)
		used, was := value(t, h, "energyUsed"), value(t, h, "compressorState")
		least, most = math.Inf(1), math.Inf(-1)
		for range 12 * 360 {
			advance(t, h, 10*time.Second)
			air, is := value(t, h, "temperature"), value(t, h, "compressorState")
			if least, most = math.Min(least, air), math.Max(most, air); is > was {
				starts++
			}
			was = is
		}
		return h, starts, least, most, value(t, h, "energyUsed") - used
	}
	h, starts, least, most, energy := run(0.25, 1500)
	speed := value(t, h, "compressorSpeed")
	if starts != 0 || least < 23.99 || most > 24.01 || speed < 30 || speed > 90 {
		t.Errorf("half load: %d starts, air from %.3f to %.3f °C at a speed of %.0f %%; want 24 without a stop", starts, least, most, speed)
	}
	_, switched, _, _, rated := run(1, 1500)
	if switched < 10 || energy > 0.95*rated {
		t.Errorf("half load: %.2f kWh without a stop, %.2f with %d starts", energy, rated, switched)
	}
	h, starts, least, most, _ = run(0.25, 0)
	for value(t, h, "compressorState") == 0 {
		advance(t, h, 10*time.Second)
	}
	if advance(t, h, 5*time.Minute); starts < 2 || least < 23 || most > 25 || value(t, h, "compressorSpeed") > 60 {
		t.Errorf("low load: %d starts, air from %.2f to %.2f °C, speed %.0f %%", starts, least, most, value(t, h, "compressorSpeed"))
	}
}

// TestInverterAtItsLimit: an overloaded inverter runs at full speed, and comes
// off it soon when the load is gone.
func TestInverterAtItsLimit(t *testing.T) {
	p := DefaultParams()
	p.MinSpeed = 0.25
	h, err := New(midnight, p)
	if err != nil {
		t.Fatal(err)
	}
	set(t, h, map[string]float64{"outdoorMean": 38, "outdoorSwing": 0, "internalHeat": 5000})
	advance(t, h, 12*time.Hour)
	if v := value(t, h, "compressorSpeed"); v != 100 {
		t.Errorf("overloaded at %.0f %%", v)
	}
	set(t, h, map[string]float64{"internalHeat": 0, "outdoorMean": 28})
	for n := 0; value(t, h, "temperature") > 24; n++ {
		if advance(t, h, time.Minute); n > 24*60 {
			t.Fatal("the room does not come down")
		}
	}
	if advance(t, h, 15*time.Minute); value(t, h, "temperature") < 23 {
		t.Errorf("the speed's integral wound up: %.2f °C, %.0f %%", value(t, h, "temperature"), value(t, h, "compressorSpeed"))
	}
}
