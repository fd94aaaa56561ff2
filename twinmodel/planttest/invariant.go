package planttest

import (
	"math"

	"twinrig/twinmodel"
)

// InRange fails when a signal is outside what the specification says, or NaN.
func InRange(t TB, p twinmodel.Plant) {
	t.Helper()
	for _, s := range p.Spec().Signals {
		if v := Value(t, p, s.Name); !(v >= s.Min && v <= s.Max) {
			t.Fatalf("%s: %s is %g %s, range %g to %g", p.Time().UTC(), s.Name, v, s.Unit, s.Min, s.Max)
		}
	}
}

// Tolerance is how far a ledger may fail to close: Relative of what went through
// it, and Absolute in its unit.
type Tolerance struct{ Relative, Absolute float64 }

// CloseLedgers fails when a ledger does not close. The last tolerance holds for
// the ledgers that have none of their own.
func CloseLedgers(t TB, p twinmodel.Plant, tolerances ...Tolerance) {
	t.Helper()
	for i, l := range p.Ledgers() {
		tol := tolerances[min(i, len(tolerances)-1)]
		if through := math.Abs(l.In) + math.Abs(l.Out); !(math.Abs(l.Residual()) <= float64(tol.Relative*through)+tol.Absolute) {
			t.Fatalf("%s: %s does not close by %g %s of %g", p.Time().UTC(), l.Quantity, l.Residual(), l.Unit, through)
		}
	}
}
