package elevator

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"twinrig/twinmodel"
)

var midnight = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func made(t testing.TB) *Elevator {
	t.Helper()
	e, err := New(midnight, DefaultParams(), twinmodel.Stream(1, "lift", "passengers"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestFlightTimes: ELV-1, law: S-curve in closed form; reference physics.md 4.3.1;
// tolerance 1e-6 s (the digits given) and 1e-9 m.
func TestFlightTimes(t *testing.T) {
	for _, c := range []struct{ d, v, a, j, want float64 }{
		{40, 2.5, 1, 1, 19.5}, {10, 2.5, 1, 1, 7.5}, {3, 1.6, 0.8, 1.2, 4.596609}, {0.5, 1.6, 0.8, 1.2, 2.371262},
	} {
		p := NewProfile(c.d, Limits{c.v, c.a, c.j})
		if got := p.Duration(); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%g m: %.9f s, want %g", c.d, got, c.want)
		}
		if way, _, _ := p.At(p.Duration() * (1 - 1e-14)); math.Abs(way-c.d) > 1e-9 {
			t.Errorf("%g m: stops at %.12f", c.d, way)
		}
	}
}

// TestRopeModes: ELV-2, law: β·tan β = µL/M; reference physics.md 4.3.2;
// tolerance 0.1 %, or the rounding of the reference.
func TestRopeModes(t *testing.T) {
	for _, c := range []struct{ l, f1, f2 float64 }{{10, 4.205, 141.5}, {30, 2.421, 47.3}, {60, 1.704, 23.7}, {100, 1.312, 14.3}} {
		m := RopeModes(14e6, 1.75, c.l, 2000)
		if math.Abs(m[0].Frequency/c.f1-1) > 1e-3 || math.Abs(m[1].Frequency-c.f2) > 0.051 {
			t.Errorf("L=%g m: %.4f and %.3f Hz, want %g and %g", c.l, m[0].Frequency, m[1].Frequency, c.f1, c.f2)
		}
	}
}

// TestTraction: ELV-7, law: Euler and Eytelwein; reference e^(0.2π) = 1.874. Ropes
// slip on a ride exactly when its acceleration needs more than the limit.
func TestTraction(t *testing.T) {
	if k := TractionLimit(0.2, math.Pi); math.Abs(k-1.874) > 1e-3 {
		t.Errorf("limit %g", k)
	}
	rapid.Check(t, func(rt *rapid.T) {
		e := made(t)
		e.u[inRopeSlip] = rapid.Float64Range(0, 1).Draw(rt, "slip")
		e.aboard = rapid.IntRange(0, 13).Draw(rt, "aboard")
		e.position = 3.5 * float64(rapid.IntRange(0, 5).Draw(rt, "from"))
		e.ride(rapid.IntRange(6, 11).Draw(rt, "to"))
		low, high := e.cond.limits(1)
		slips := false
		for _, q := range e.pieces {
			slips = slips || q.slipping == 1
		}
		if must := high < 1 || low > -1; must != slips {
			rt.Fatalf("limits %g to %g, slips %v", low, high, slips)
		}
	})
}

// TestInvariants: ELV-6, under random traffic and faults: energy closes within
// 1e-6, signals keep their ranges, and a restored snapshot has the same future.
func TestInvariants(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, b := made(t), made(t)
		for range rapid.IntRange(1, 5).Draw(rt, "changes") {
			s := rapid.SampledFrom(spec.Signals[inRate:inputs]).Draw(rt, "input")
			if err := e.Set(s.Name, rapid.Float64Range(0, math.Min(s.Max, 200)).Draw(rt, "value")); err != nil {
				rt.Fatal(err)
			}
			_ = e.Set("reset", 1)
			if err := e.Advance(e.now.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "s")) * time.Second)); err != nil {
				rt.Fatal(err)
			}
			for i, s := range spec.Signals {
				if v, _ := e.Value(s.Name); !(v >= s.Min && v <= s.Max) {
					rt.Fatalf("%s (%d) is %g", s.Name, i, v)
				}
			}
			for _, l := range e.Ledgers() {
				if math.Abs(l.Residual()) > 1e-6*(math.Abs(l.In)+l.Out+1) {
					rt.Fatalf("ledger %+v is off by %g", l, l.Residual())
				}
			}
		}
		if err := b.Restore(e.Snapshot()); err != nil {
			rt.Fatal(err)
		}
		_ = e.Advance(e.now.Add(time.Hour))
		_ = b.Advance(b.now.Add(time.Hour))
		if d := cmp.Diff(e.Snapshot(), b.Snapshot()); d != "" {
			rt.Fatal(d)
		}
	})
}

func BenchmarkDay(b *testing.B) {
	for b.Loop() {
		e := made(b)
		if err := e.Advance(midnight.Add(24 * time.Hour)); err != nil {
			b.Fatal(err)
		}
	}
}
