package catalog_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
)

// TestPlantsSurvive: whatever is set, inputs and faults, anywhere in their
// ranges and in any order, no plant fails, and every signal stays a number in
// its range. A value a plant refuses is refused by name.
func TestPlantsSurvive(t *testing.T) {
	for _, k := range catalog.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				start := time.Date(2026, 7, 1, rapid.IntRange(0, 23).Draw(rt, "hour"), 0, 0, 0, time.UTC)
				p, _, err := k.Build(devicesim.Instance{ID: k.Example, Start: start, Seed: rapid.Uint64().Draw(rt, "seed")})
				if err != nil {
					rt.Fatal(err)
				}
				survive(rt, p)
			})
		})
	}
}

// stretch is the time between two changes: seconds, minutes and sometimes hours.
var stretch = rapid.Custom(func(t *rapid.T) time.Duration {
	most := rapid.SampledFrom([]time.Duration{time.Minute, time.Minute, 20 * time.Minute, 20 * time.Minute, 5 * time.Hour}).Draw(t, "at most")
	return time.Duration(rapid.Int64Range(0, int64(most)).Draw(t, "of it"))
})

func survive(t *rapid.T, p twinmodel.Plant) {
	var inputs []twinmodel.Signal
	for _, s := range p.Spec().Signals {
		if s.Direction != twinmodel.Output {
			inputs = append(inputs, s)
		}
	}
	for range rapid.IntRange(1, 12).Draw(t, "changes") {
		s := rapid.SampledFrom(inputs).Draw(t, "input")
		v := rapid.OneOf(rapid.Float64Range(s.Min, s.Max), rapid.SampledFrom([]float64{s.Min, s.Max, s.Initial})).Draw(t, "value")
		if s.States != nil {
			v = math.Round(v)
		}
		if err := p.Set(s.Name, v); err != nil && !(strings.Contains(err.Error(), p.Spec().Kind) && strings.Contains(err.Error(), s.Name)) {
			t.Fatalf("an error that does not name plant and signal: %v", err)
		}
		if err := p.Advance(p.Time().Add(stretch.Draw(t, "stretch"))); err != nil {
			t.Fatalf("after %s = %g: %v", s.Name, v, err)
		}
		for _, s := range p.Spec().Signals {
			v, err := p.Value(s.Name)
			if err != nil || !(v >= s.Min && v <= s.Max) {
				t.Fatalf("%s: %s is %g %s, range %g to %g (%v)", p.Time(), s.Name, v, s.Unit, s.Min, s.Max, err)
			}
		}
	}
}
