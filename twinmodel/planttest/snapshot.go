package planttest

import (
	"math"
	"slices"
	"time"

	"twinrig/twinmodel"
)

// RoundTrip restores a plant from the snapshot of another that has been driven,
// and advances both: they have the same future, bit for bit. Then the driven one
// is taken back and has it again.
func RoundTrip(t TB, driven, fresh twinmodel.Plant, future time.Duration) {
	t.Helper()
	taken := driven.Snapshot()
	restore(t, fresh, taken)
	Same(t, driven, fresh)
	const looks = 10
	for range looks {
		Advance(t, driven, future/looks)
		Advance(t, fresh, future/looks)
		Same(t, driven, fresh)
	}
	restore(t, driven, taken)
	for range looks {
		Advance(t, driven, future/looks)
	}
	Same(t, driven, fresh)
}

func restore(t TB, p twinmodel.Plant, s twinmodel.Snapshot) {
	t.Helper()
	if err := p.Restore(s); err != nil {
		t.Fatalf("%v", err)
	}
}

// Same fails when two plants differ in a bit of time, signals, ledgers or
// snapshots.
func Same(t TB, a, b twinmodel.Plant) {
	t.Helper()
	if !a.Time().Equal(b.Time()) {
		t.Fatalf("one plant is at %s, the other at %s", a.Time().UTC(), b.Time().UTC())
	}
	for _, s := range a.Spec().Signals {
		if v, w := Value(t, a, s.Name), Value(t, b, s.Name); math.Float64bits(v) != math.Float64bits(w) {
			t.Fatalf("%s: %s is %v in one plant and %v in the other", a.Time().UTC(), s.Name, v, w)
		}
	}
	if la, lb := a.Ledgers(), b.Ledgers(); !slices.Equal(la, lb) {
		t.Fatalf("%s: ledgers differ: %v and %v", a.Time().UTC(), la, lb)
	}
	if sa, sb := a.Snapshot(), b.Snapshot(); !equal(sa, sb) {
		t.Fatalf("%s: snapshots differ: %v and %v", a.Time().UTC(), sa, sb)
	}
}

// equal compares the bits of snapshots.
func equal(a, b twinmodel.Snapshot) bool {
	return a.Plant == b.Plant && a.Time.Equal(b.Time) && slices.Equal(a.Modes, b.Modes) &&
		slices.EqualFunc(a.State, b.State, func(v, w float64) bool { return math.Float64bits(v) == math.Float64bits(w) })
}
