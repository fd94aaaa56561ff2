package hvac

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
	"twinrig/twinmodel/validation"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

var set, advance, value = planttest.Set, planttest.Advance, planttest.Value

func newRoom(t testing.TB) *HVAC {
	t.Helper()
	h, err := New(midnight, DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// after runs a room for some hours with settings.
func after(t testing.TB, hours float64, values map[string]float64) *HVAC {
	t.Helper()
	h := newRoom(t)
	set(t, h, values)
	advance(t, h, time.Duration(hours*float64(time.Hour)))
	return h
}

// TestCurves: the curves are 1 at their rating point (published fit: 0.9994 and
// 1.0009), within 0.1 %.
func TestCurves(t *testing.T) {
	for name, c := range map[string]struct {
		curve *[6]float64
		want  float64
	}{"capacity": {&capacityCurve, 0.9994}, "input": {&inputCurve, 1.0009}} {
		if got := biquadratic(c.curve, 19.44, 35); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%s curve at the rating point: %.4f, want %.4f", name, got, c.want)
		}
	}
}

// TestEquilibrium: without gains and unit the room settles at the outdoor
// temperature, within 1e-3 K.
func TestEquilibrium(t *testing.T) {
	h := after(t, 24*60, map[string]float64{"mode": modeOff, "outdoorSwing": 0, "outdoorMean": 10, "solarPeak": 0, "internalHeat": 0, "occupants": 0})
	if a, m := value(t, h, "temperature"), value(t, h, "massTemperature"); math.Abs(a-10) > 1e-3 || math.Abs(m-10) > 1e-3 {
		t.Errorf("without gains: air %.4f, mass %.4f °C, want 10", a, m)
	}
}

// TestThermostat: the room keeps the band but for what
// minimum times let through, which are kept to the second.
func TestThermostat(t *testing.T) {
	h := after(t, 6, map[string]float64{"outdoorSwing": 0, "outdoorMean": 32})
	last, since, changes := value(t, h, "compressorState"), time.Time{}, 0
	for range 2 * 3600 {
		advance(t, h, time.Second)
		if a := value(t, h, "temperature"); a < 22.5 || a > 25.5 {
			t.Fatalf("room at %.2f °C", a)
		}
		if s := value(t, h, "compressorState"); s != last {
			if !since.IsZero() && h.Time().Sub(since) < 179*time.Second {
				t.Errorf("state %v lasted only %v", last, h.Time().Sub(since))
			}
			last, since, changes = s, h.Time(), changes+1
		}
	}
	if changes < 4 {
		t.Errorf("%d changes in two hours", changes)
	}
}

// TestFaults: each fault does to the room what it does to a real one.
func TestFaults(t *testing.T) {
	hot := func(more map[string]float64) *HVAC {
		values := map[string]float64{"outdoorMean": 38, "outdoorSwing": 0, "internalHeat": 2500}
		for k, v := range more {
			values[k] = v
		}
		return after(t, 12, values)
	}
	healthy := hot(nil)
	room := func(h *HVAC) float64 { return value(t, h, "temperature") }
	for _, fault := range []string{"refrigerantUndercharge", "windowOpen", "thermostatDrift"} {
		if got := room(hot(map[string]float64{fault: 1})) - room(healthy); got < 1 {
			t.Errorf("%s changes the room by only %.2f K", fault, got)
		}
	}
	energy := func(h *HVAC) float64 { return value(t, h, "energyUsed") }
	if e := energy(hot(map[string]float64{"condenserFouling": 1})); e < 1.1*energy(healthy) {
		t.Errorf("condenser fouling: %.2f kWh against %.2f", e, energy(healthy))
	}
	if h := hot(map[string]float64{"drainBlocked": 1, "outdoorHumidity": 60}); value(t, h, "floatSwitch") != 1 || value(t, h, "compressorState") != 0 {
		t.Errorf("blocked drain: pan at %.0f %%, the unit still runs", value(t, h, "condensateLevel"))
	}
	winter := map[string]float64{"mode": modeHeat, "outdoorMean": 0, "setpoint": 22}
	warm := room(after(t, 12, winter))
	winter["reversingValveStuck"] = 1
	if cold := room(after(t, 12, winter)); cold > warm-3 {
		t.Errorf("stuck reversing valve: %.1f °C against %.1f", cold, warm)
	}
	starts := func(f float64) (n int) {
		h := after(t, 1, map[string]float64{"shortCycling": f, "outdoorMean": 30, "outdoorSwing": 0, "internalHeat": 0})
		last := value(t, h, "compressorState")
		for range 720 {
			advance(t, h, 5*time.Second)
			s := value(t, h, "compressorState")
			if s > last {
				n++
			}
			last = s
		}
		return n
	}
	if broken, good := starts(1), starts(0); broken <= good {
		t.Errorf("short cycling: %d starts in an hour against %d", broken, good)
	}
}

// TestLedgers is AC-6. Law: what is stored is what went in less what went out, of
// heat and of water. Tolerance: 1e-9 of what went through in a day of cooling
// with people, sun and an open window.
func TestLedgers(t *testing.T) {
	h := newRoom(t)
	planttest.Day(t, h, func(hour int) map[string]float64 {
		return map[int]map[string]float64{8: {"occupants": 5}, 13: {"windowOpen": 1}, 14: {"windowOpen": 0}, 18: {"occupants": 0}}[hour]
	})
	for i, l := range h.Ledgers() {
		validation.Row{
			ID: "AC-6", What: "balance of " + []string{"heat", "water"}[i] + " over a day: what is missing, over what went through", Source: "invariant",
			Reference: 0, Ours: math.Abs(l.Residual()) / (l.In + l.Out), Unit: "1", Absolute: 1e-9,
		}.Check(t)
	}
}

// TestInvariants is AC-6 (ledgers, 1e-9) and the bounds: whatever the inputs, signals stay in
// range and both ledgers close to 1e-9 of what went through.
func TestInvariants(t *testing.T) {
	planttest.Walk{
		Make:    func(*rapid.T) twinmodel.Plant { return newRoom(t) },
		Changes: 6, Stretch: 9000 * time.Second,
		Ledgers: []planttest.Tolerance{{Relative: 1e-9, Absolute: 1e-6}},
	}.Run(t)
}

// TestSnapshot: a restored room has the same future, bit for bit.
func TestSnapshot(t *testing.T) {
	planttest.RoundTrip(t, after(t, 7.3, map[string]float64{"outdoorMean": 34}), newRoom(t), time.Hour)
}

// TestErrors: what is refused says what and when.
func TestErrors(t *testing.T) {
	h := newRoom(t)
	for input, v := range map[string]float64{"setpoint": math.NaN(), "mode": 0.5, "windowOpen": 2} {
		if err := h.Set(input, v); err == nil || !strings.HasPrefix(err.Error(), "set hvac at 2026-07-01T00:00:00Z: "+input) {
			t.Errorf("set %s to %g: %v", input, v, err)
		}
	}
	p := DefaultParams()
	p.Zone.MassArea = 2
	if _, err := New(midnight, p); err == nil || !strings.Contains(err.Error(), "Zone.Opaque") {
		t.Errorf("impossible zone: %v", err)
	}
}

// BenchmarkDay is 24 h with a look every 10 s.
func BenchmarkDay(b *testing.B) {
	for b.Loop() {
		h := newRoom(b)
		for range 8640 {
			advance(b, h, 10*time.Second)
			value(b, h, "temperature")
		}
	}
}
