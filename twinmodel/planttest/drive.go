package planttest

import (
	"maps"
	"slices"
	"time"

	"twinrig/twinmodel"
)

// TB is what the helpers use of *testing.T, *testing.B and *rapid.T.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Set changes inputs, in the order of their names.
func Set(t TB, p twinmodel.Plant, values map[string]float64) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if err := p.Set(name, values[name]); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// Advance lets time pass.
func Advance(t TB, p twinmodel.Plant, d time.Duration) {
	t.Helper()
	if err := p.Advance(p.Time().Add(d)); err != nil {
		t.Fatalf("%v", err)
	}
}

// Value reads a signal.
func Value(t TB, p twinmodel.Plant, signal string) float64 {
	t.Helper()
	v, err := p.Value(signal)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return v
}

// Day runs 24 hours in which inputs change at full hours. A ledger through which
// nothing went has proved nothing and fails the test.
func Day(t TB, p twinmodel.Plant, inputs func(hour int) map[string]float64) {
	t.Helper()
	for hour := range 24 {
		Set(t, p, inputs(hour))
		Advance(t, p, time.Hour)
	}
	for _, l := range p.Ledgers() {
		if !(l.In+l.Out > 0) {
			t.Errorf("%s: in %g, out %g %s: nothing happened all day", l.Quantity, l.In, l.Out, l.Unit)
		}
	}
}
