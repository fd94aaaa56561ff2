package twinmodel_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
)

func TestQuantities(t *testing.T) {
	cases := []struct {
		text string
		unit string
		want float64
		why  string
	}{
		{"0 °F", "°C", -17.7777777777778, "Fahrenheit has another zero and another step"},
		{"255.15 K", "°C", -18, "kelvin another zero"},
		{"500 psi", "bar", 34.4737864658, "1 psi is 6894.757293168 Pa (NIST SP 811)"},
		{"100 bbl/d", "m³/d", 15.8987294928, "a barrel is 42 US gallons (NIST SP 811)"},
		{"20 %", "1", 0.2, "a percentage is a ratio"},
		{"-18°C", "°C", -18, "the space may be left out"},
		{"90 km/h", "m/s", 25, ""},
	}
	for _, c := range cases {
		q, err := twinmodel.ParseMeasure(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got, err := q.In(twinmodel.Signal{Label: "it", Quantity: twinmodel.UnitQuantity(c.unit), Unit: c.unit})
		if err != nil || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %s is %g %s (%v), want %g", c.why, c.text, got, c.unit, err, c.want)
		}
	}
}

// Converting there and back changes nothing.
func TestConversionsInvert(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(twinmodel.Units("")).Draw(t, "from")
		b := rapid.SampledFrom(twinmodel.Units("")).Draw(t, "to")
		v := rapid.Float64Range(-1e3, 1e3).Draw(t, "value")
		if twinmodel.UnitQuantity(a) != twinmodel.UnitQuantity(b) {
			t.Skip("different quantities")
		}
		signal := func(u string) twinmodel.Signal { return twinmodel.Signal{Quantity: twinmodel.UnitQuantity(u), Unit: u} }
		there, err := twinmodel.Measure{Value: v, Unit: a}.In(signal(b))
		if err != nil {
			t.Fatal(err)
		}
		// Rounding is relative to the larger of value and offset, seen from either
		// side: 1e-12 of the SI value at least.
		zero, _ := twinmodel.Measure{Value: 0, Unit: b}.In(signal(a))
		scale := math.Max(math.Abs(v), math.Max(1, math.Abs(zero)))
		back, err := twinmodel.Measure{Value: there, Unit: b}.In(signal(a))
		if err != nil || math.Abs(back-v) > 1e-12*scale {
			t.Fatalf("%g %s is %g %s is %g %s", v, a, there, b, back, a)
		}
	})
}

func FuzzParseMeasure(f *testing.F) {
	for _, s := range []string{"-18 °C", "1e3", "%", "", "12 m³/d", "..5 K"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if q, err := twinmodel.ParseMeasure(s); err == nil {
			if again, err := twinmodel.ParseMeasure(q.String()); err != nil || again != q {
				t.Errorf("%q reads %v, which reads %v (%v)", s, q, again, err)
			}
		}
	})
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5 minutes": 5 * time.Minute, "1 hour": time.Hour, "90 s": 90 * time.Second, "1.5 h": 90 * time.Minute, "2 days": 48 * time.Hour, "250 ms": 250 * time.Millisecond,
	} {
		if got, err := twinmodel.ParseDuration(text); err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, bad := range []string{"", "5", "5 fortnights", "-1 hour", "1e30 days", "x minutes"} {
		if d, err := twinmodel.ParseDuration(bad); err == nil {
			t.Errorf("%q is taken for %v", bad, d)
		}
	}
}
