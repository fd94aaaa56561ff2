package detmath_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"twinrig/twinmodel/detmath"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
	neg = math.Copysign(0, -1)
)

// same compares bits, but takes all NaNs as one.
func same(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Float64bits(a) == math.Float64bits(b)
}

// TestSpecial: values that are exact by definition.
func TestSpecial(t *testing.T) {
	tests := []struct {
		name      string
		got, want float64
	}{
		{"exp of zero", detmath.Exp(0), 1},
		{"exp of +Inf", detmath.Exp(inf), inf},
		{"exp of -Inf", detmath.Exp(-inf), 0},
		{"exp of NaN", detmath.Exp(nan), nan},
		{"exp just past overflow", detmath.Exp(709.79), inf},
		{"exp at the largest finite result", detmath.Exp(709.782712893384), 0x1.fffffffffff2ap+1023},
		{"exp just past underflow", detmath.Exp(-745.2), 0},
		{"exp at the smallest result", detmath.Exp(-745.13), 0x1p-1074},
		{"exp of a tiny number", detmath.Exp(1e-300), 1},
		{"log of one", detmath.Log(1), 0},
		{"log of zero", detmath.Log(0), -inf},
		{"log of minus zero", detmath.Log(neg), -inf},
		{"log of a negative", detmath.Log(-1), nan},
		{"log of +Inf", detmath.Log(inf), inf},
		{"log of NaN", detmath.Log(nan), nan},
		{"log of two", detmath.Log(2), math.Ln2},
		{"sine of zero keeps its sign", detmath.Sin(neg), neg},
		{"sine of Inf", detmath.Sin(inf), nan},
		{"sine of NaN", detmath.Sin(nan), nan},
		{"sine of the float nearest pi", detmath.Sin(math.Pi), 0x1.1a62633145c07p-53},
		{"sine of a number where reduction loses most", detmath.Sin(6381956970095103 * 0x1p797), 1},
		{"arc tangent of minus zero keeps its sign", detmath.Atan(neg), neg},
		{"arc tangent of Inf", detmath.Atan(-inf), -math.Pi / 2},
		{"arc tangent of one", detmath.Atan(1), math.Pi / 4},
		{"arc tangent of NaN", detmath.Atan(nan), nan},
		{"angle of a point on the negative axis", detmath.Atan2(0, -1), math.Pi},
		{"and just below it", detmath.Atan2(neg, -1), -math.Pi},
		{"angle of a point on the vertical axis", detmath.Atan2(2, 0), math.Pi / 2},
		{"angle of the origin", detmath.Atan2(0, 0), 0},
		{"angle of infinity in the second quadrant", detmath.Atan2(inf, -inf), 3 * math.Pi / 4},
		{"arc sine of one", detmath.Asin(1), math.Pi / 2},
		{"arc sine beyond one", detmath.Asin(1.5), nan},
		{"cosine of zero", detmath.Cos(0), 1},
		{"cosine of Inf", detmath.Cos(-inf), nan},
		{"cosine of a number where reduction loses most", detmath.Cos(6381956970095103 * 0x1p797), -0x1.14ae72e6ba22fp-61},
	}
	for _, tt := range tests {
		if !same(tt.got, tt.want) {
			t.Errorf("%s: got %x, want %x", tt.name, tt.got, tt.want)
		}
	}
}

// TestPowSpecial: the special cases are those of the standard library, which
// documents them; on these arguments its results are exact.
func TestPowSpecial(t *testing.T) {
	values := []float64{0, neg, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 0x1p53, -0x1p53, 0x1p53 + 2,
		1e300, -1e300, 1e-300, inf, -inf, nan}
	for _, x := range values {
		for _, y := range values {
			got, want := detmath.Pow(x, y), math.Pow(x, y)
			if !same(got, want) && math.Abs(got-want) > 1e-15*math.Abs(want) {
				t.Errorf("pow(%g, %g) = %g, want %g", x, y, got, want)
			}
		}
	}
}

// TestNearStandard: over all finite arguments the results stay within rounding
// of the standard library's, so no range is forgotten. Subnormal arguments are
// left to TestAccuracy: the amd64 assembly of math.Log is wrong on them.
func TestNearStandard(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	near := func(a, b float64) bool { return same(a, b) || math.Abs(a-b) <= 4e-16*math.Abs(b)+0x1p-1073 }
	for range 200_000 {
		x := math.Float64frombits(rng.Uint64())
		e := math.Ldexp(rng.Float64()-0.5, rng.IntN(12))
		if math.Abs(x) >= 0x1p-1022 && !near(detmath.Log(x), math.Log(x)) {
			t.Fatalf("log(%x) = %x, standard %x", x, detmath.Log(x), math.Log(x))
		}
		if !near(detmath.Exp(e), math.Exp(e)) {
			t.Fatalf("exp(%x) = %x, standard %x", e, detmath.Exp(e), math.Exp(e))
		}
		if s, c := detmath.Sin(x), detmath.Cos(x); math.Abs(s*s+c*c-1) > 1e-15 {
			t.Fatalf("sin² + cos² of %x is %g", x, s*s+c*c)
		}
	}
}

func ExampleExp() {
	fmt.Printf("%x\n", detmath.Exp(1))
	// Output: 0x1.5bf0a8b145769p+01
}

func BenchmarkExp(b *testing.B) {
	x := 0.0
	for i := 0; b.Loop(); i++ {
		x += detmath.Exp(float64(i&1023) / 64)
	}
}

func BenchmarkLog(b *testing.B) {
	x := 0.0
	for i := 1; b.Loop(); i++ {
		x += detmath.Log(float64(i))
	}
}

func BenchmarkPow(b *testing.B) {
	x := 0.0
	for i := 1; b.Loop(); i++ {
		x += detmath.Pow(float64(i), 0.78)
	}
}

func BenchmarkSin(b *testing.B) {
	x := 0.0
	for i := 1; b.Loop(); i++ {
		x += detmath.Sin(float64(i) / 64)
	}
}
