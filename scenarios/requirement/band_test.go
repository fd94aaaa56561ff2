package requirement

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var t0 = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func at(s float64) time.Time { return t0.Add(time.Duration(s * float64(time.Second))) }

// series makes a signal of one sample every ten seconds.
func series(values ...float64) Series {
	var s Series
	for i, v := range values {
		s.Add(at(float64(10*i)), v)
	}
	return s
}

func TestJudgementsByHand(t *testing.T) {
	hill := series(0, 10, 0)
	cases := []struct {
		why    string
		got    Result
		margin float64
		worst  time.Time
	}{
		{"the top of a hill is what an upper bound is judged by", Always(hill, Below(12), at(0), at(20)), 2, at(10)},
		{"an interval cut between samples is judged at its interpolated end", Always(hill, Below(12), at(0), at(5)), 7, at(5)},
		{"a broken bound has a negative margin", Always(hill, Below(8), at(0), at(20)), -2, at(10)},
		{"of two bounds the nearer counts", Always(hill, Between(-1, 12), at(0), at(20)), 1, at(0)},
		{"recovery without holding is the best single moment", Recovers(hill, Above(4), at(0), 20*time.Second, 0), 6, at(10)},
		// over [t, t+4] on the hill both ends are equal at t = 8: 8 - 4 = 4
		{"a recovery that must hold begins between samples", Recovers(hill, Above(4), at(0), 16*time.Second, 4*time.Second), 4, at(8)},
		{"too late a recovery is none", Recovers(series(0, 0, 0, 10, 10, 10), Above(5), at(0), 20*time.Second, 5*time.Second), -5, at(0)},
	}
	for _, c := range cases {
		if math.Abs(c.got.Margin-c.margin) > 1e-9 {
			t.Errorf("%s: margin %g, want %g", c.why, c.got.Margin, c.margin)
		}
		if d := c.got.Worst.Sub(c.worst); d.Abs() > time.Microsecond {
			t.Errorf("%s: worst at %v, want %v", c.why, c.got.Worst.Sub(t0), c.worst.Sub(t0))
		}
	}
}

// A stepwise signal has no values between its samples.
func TestStepwise(t *testing.T) {
	s := series(0, 10)
	s.Step = true
	if r := Always(s, Below(5), at(0), at(9.9)); r.Margin != 5 {
		t.Errorf("before its step the signal has margin %g, want 5", r.Margin)
	}
}

// Recovers agrees with trying every hundredth of a second, to within what the
// signal can change in that time.
func TestRecoversAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-5, 5), 2, 8).Draw(t, "values")
		s := series(values...)
		b := Above(rapid.Float64Range(-3, 3).Draw(t, "bound"))
		hold := time.Duration(rapid.IntRange(0, 25).Draw(t, "hold")) * time.Second
		within := time.Duration(rapid.IntRange(1, 40).Draw(t, "within")) * time.Second
		got := Recovers(s, b, t0, within, hold)
		best := math.Inf(-1)
		for dt := time.Duration(0); dt <= within; dt += 50 * time.Millisecond {
			best = math.Max(best, Always(s, b, t0.Add(dt), t0.Add(dt+hold)).Margin)
		}
		if got.Margin < best-1e-9 || got.Margin > best+0.051 {
			t.Fatalf("margin %g, brute force %g", got.Margin, best)
		}
	})
}
