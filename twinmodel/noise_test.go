package twinmodel

import (
	"math"
	"testing"
)

// TestNormalQuantile: law: inverse of the normal distribution function.
// Reference: math.Erfinv and Φ = erfc(−z/√2)/2. Tolerance: 1e-14 relative in the
// middle; in the tails, where the reference is Φ, 1e-12 of the probability.
func TestNormalQuantile(t *testing.T) {
	for p := 0.0005; p < 1; p += 0.0005 {
		got, want := normalQuantile(p), math.Sqrt2*math.Erfinv(2*p-1)
		if math.Abs(got-want) > 1e-14*(1+math.Abs(want)) {
			t.Errorf("quantile of %g is %.17g, want %.17g", p, got, want)
		}
	}
	for _, p := range []float64{0x1p-54, 1e-15, 1e-12, 1e-9, 1e-6, 1e-4} {
		z := normalQuantile(p)
		if back := math.Erfc(-z/math.Sqrt2) / 2; math.Abs(back/p-1) > 1e-12 {
			t.Errorf("quantile of %g is %g, whose probability is %g", p, z, back)
		}
		// 1-p is rounded, the more the smaller p is.
		if upper := normalQuantile(1 - p); math.Abs(upper+z) > 1e-15/p {
			t.Errorf("quantile of 1-%g is %g, of %g %g", p, upper, p, z)
		}
	}
}

// TestNormal: law: mean 0, variance 1, kurtosis 3, of 200,000 deviates within
// five standard errors.
func TestNormal(t *testing.T) {
	const n = 200_000
	s := Stream(1, "device", "noise")
	var m1, m2, m4 float64
	for range n {
		z := Normal(s)
		m1, m2, m4 = m1+z/n, m2+z*z/n, m4+z*z*z*z/n
	}
	for _, c := range []struct {
		name                string
		got, want, standard float64
	}{{"mean", m1, 0, 1}, {"variance", m2, 1, math.Sqrt2}, {"kurtosis", m4, 3, math.Sqrt(96)}} {
		if math.Abs(c.got-c.want) > 5*c.standard/math.Sqrt(n) {
			t.Errorf("%s %g, want %g", c.name, c.got, c.want)
		}
	}
}

// TestStream: a stream is a function of all its names and of nothing else.
func TestStream(t *testing.T) {
	first := func(seed uint64, device, stream string) uint64 { return Stream(seed, device, stream).Uint64() }
	if one, other := Stream(1, "a", "b"), Stream(1, "a", "b"); *one != *other {
		t.Error("the same names give different streams")
	}
	seen := map[uint64]bool{}
	for _, f := range []uint64{first(1, "a", "b"), first(2, "a", "b"), first(1, "b", "b"), first(1, "a", "c"), first(1, "ab", ""), first(1, "", "ab")} {
		if seen[f] {
			t.Error("two streams begin alike")
		}
		seen[f] = true
	}
}
