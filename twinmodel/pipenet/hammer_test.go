package pipenet

import (
	"math"
	"testing"

	"twinrig/twinmodel/validation"
)

// surge closes a valve at once on 600 m of pipe with 1 m/s in it and returns the
// rise of head at the valve after each step.
func surge(t *testing.T, friction float64, reaches, steps int) (rise []float64, dt float64) {
	t.Helper()
	area := math.Pi / 4 * 0.5 * 0.5
	w, err := NewHammer(600, 0.5, 1200, friction, 200, area, reaches)
	if err != nil {
		t.Fatal(err)
	}
	before := w.Head[reaches]
	for range steps {
		w.Step(0)
		rise = append(rise, w.Head[reaches]-before)
	}
	return rise, w.step
}

// NET-7: Joukowsky's surge aV/g stands for 2L/a, turns to its negative and comes
// back after 4L/a.
func TestJoukowsky(t *testing.T) {
	const reaches = 100
	rise, dt := surge(t, 0, reaches, 4*reaches+1)
	validation.Row{ID: "NET-7", What: "surge of a valve that shuts at once, a = 1200 m/s, V = 1 m/s", Source: "Joukowsky: aV/g",
		Reference: 1200 / gravity, Ours: rise[0], Unit: "m", Relative: 1e-9}.Check(t)
	for i, h := range rise {
		want := 1200 / gravity
		if i >= 2*reaches && i < 4*reaches {
			want = -want
		}
		if math.Abs(h-want) > 1e-9*math.Abs(want) {
			t.Fatalf("after %d steps of %g s the head has risen by %.9g m, want %.9g", i+1, dt, h, want)
		}
	}
	flip := 0
	for rise[flip] > 0 {
		flip++
	}
	validation.Row{ID: "NET-7", What: "first change of sign of the surge, 100 reaches", Source: "closed form: 2L/a and one step",
		Reference: 1 + dt, Ours: float64(flip+1) * dt, Unit: "s", Relative: 1e-9}.Check(t)
}

// With friction the first rise is Joukowsky's still. Then line packing adds to it,
// no more than the pipe lost to friction before, and the surges die away.
func TestSurgeWithFriction(t *testing.T) {
	const reaches = 100
	rise, _ := surge(t, 0.018, reaches, 40*reaches)
	joukowsky, loss := 1200/gravity, 0.018*600/(2*gravity*0.5)
	if math.Abs(rise[0]-joukowsky) > 1e-9*joukowsky {
		t.Errorf("first rise %.9g m, want %.9g", rise[0], joukowsky)
	}
	most, last := 0.0, 0.0
	for i, h := range rise {
		most = math.Max(most, h)
		if i >= 36*reaches {
			last = math.Max(last, math.Abs(h-loss))
		}
	}
	if !(most > joukowsky+loss/2 && most <= joukowsky+loss) {
		t.Errorf("the head rises by %g m, want up to %g more than %g", most, loss, joukowsky)
	}
	if !(last < 0.99*joukowsky) {
		t.Errorf("after ten periods the surge is still %g m", last)
	}
}

func TestHammerRefusesNonsense(t *testing.T) {
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := NewHammer(600, bad, 1200, 0, 200, 1, 10); err == nil {
			t.Errorf("a diameter of %g m is taken", bad)
		}
	}
	if _, err := NewHammer(600, 0.5, 1200, 0, 200, 1, 0); err == nil {
		t.Error("a pipe without reaches is taken")
	}
}
