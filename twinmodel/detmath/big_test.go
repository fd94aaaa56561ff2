package detmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"twinrig/twinmodel/validation"
)

// The reference is math/big with far more bits than the result needs: series
// after argument reduction, nothing shared with the package.
const precision = 1400

func num(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
func zero() *big.Float         { return new(big.Float).SetPrec(precision) }

// series sums term(0) + term(1) + …, where next makes each term from the last.
func series(first *big.Float, bits int, next func(k int64, t *big.Float)) *big.Float {
	s, t := zero().Set(first), zero().Set(first)
	for k := int64(1); t.Sign() != 0 && t.MantExp(nil) > s.MantExp(nil)-bits; k++ {
		next(k, t)
		s.Add(s, t)
	}
	return s
}

func bigExp(x *big.Float) *big.Float {
	const halvings = 24
	r := zero().SetMantExp(x, -halvings)
	y := series(num(1), 300, func(k int64, t *big.Float) { t.Quo(t.Mul(t, r), num(float64(k))) })
	for range halvings {
		y.SetPrec(600).Mul(y, y)
	}
	return y
}

// bigLog is Newton's iteration on exp, from the float64 result.
func bigLog(x *big.Float) *big.Float {
	m := zero()
	e := x.MantExp(m)
	f, _ := m.Float64()
	y := num(math.Log(f) + float64(e)*math.Ln2)
	for range 3 { // 50, 100, 200 bits
		e := bigExp(zero().Neg(y))
		d := zero().Sub(zero().Mul(x, e), num(1))
		y.Add(y, zero().Sub(d, zero().Quo(zero().Mul(d, d), num(2))))
	}
	return y
}

// bigPi is Machin's formula.
var bigPi = func() *big.Float {
	atan := func(n float64) *big.Float { // arc tangent of 1/n
		p := zero().Quo(num(1), num(n))
		s, sign := zero(), 1.0
		for k := 1.0; p.MantExp(nil) > -precision; k += 2 {
			s.Add(s, zero().Quo(zero().Mul(p, num(sign)), num(k)))
			p.Quo(p, num(n*n))
			sign = -sign
		}
		return s
	}
	p := zero().Sub(zero().Mul(num(4), atan(5)), atan(239))
	return p.Mul(p, num(4))
}()

func bigSin(x *big.Float) *big.Float {
	turns, _ := zero().Quo(x, zero().Mul(bigPi, num(2))).Int(nil)
	r := zero().Sub(x, zero().Mul(zero().SetInt(turns), zero().Mul(bigPi, num(2))))
	r2 := zero().Mul(r, r)
	return series(r, 1200, func(k int64, t *big.Float) {
		t.Quo(t.Mul(t, r2), num(-float64(2*k)*float64(2*k+1)))
	})
}

func bigCos(x *big.Float) *big.Float {
	return bigSin(zero().Add(x, zero().Quo(bigPi, num(2))))
}

// bigAtan halves the argument until its series converges fast.
func bigAtan(x *big.Float) *big.Float {
	const halvings = 12
	t := zero().Set(x)
	for range halvings { // tan(a/2) = tan a / (1 + √(1 + tan² a))
		root := zero().Sqrt(zero().Add(num(1), zero().Mul(t, t)))
		t.Quo(t, root.Add(root, num(1)))
	}
	t2 := zero().Mul(t, t)
	s, p := zero().Set(t), zero().Set(t)
	for k := 3.0; k < 60; k += 2 {
		p.Mul(p, t2).Neg(p)
		s.Add(s, zero().Quo(p, num(k)))
	}
	return s.Mul(s, num(1<<halvings))
}

// bigAsin is atan(x/√(1−x²)).
func bigAsin(x *big.Float) *big.Float {
	return bigAtan(zero().Quo(x, zero().Sqrt(zero().Sub(num(1), zero().Mul(x, x)))))
}

// ulps is the distance of got from want in units of want's last place.
func ulps(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if w == got {
		// Below half an ulp; the exact size does not matter.
		return 0
	}
	_, e := math.Frexp(w)
	ulp := math.Ldexp(1, max(e-53, -1074))
	d, _ := zero().Sub(num(got), want).Float64()
	return math.Abs(d) / ulp
}

// TestAccuracy: law: each function is the correctly rounded value within 2 ulp
// (physics.md 2.6). Reference: math/big at 200 bits or more.
func TestAccuracy(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	uniform := func(a, b float64) float64 { return a + float64((b-a)*rng.Float64()) }
	anyFloat := func() float64 {
		return math.Float64frombits(rng.Uint64()&^(0x7ff<<52) | uint64(rng.IntN(2046)+1)<<52)
	}
	cases := []struct {
		name string
		f    func(float64) float64
		ref  func(*big.Float) *big.Float
		draw []func() float64
	}{
		{"exp", Exp, bigExp, []func() float64{
			func() float64 { return uniform(-1, 1) },
			func() float64 { return uniform(-745, 709.7) },
			func() float64 { return uniform(-1e-6, 1e-6) },
		}},
		{"log", Log, bigLog, []func() float64{
			func() float64 { return uniform(0.5, 2) },
			func() float64 { return math.Abs(anyFloat()) },
			func() float64 { return 1 + uniform(-1e-8, 1e-8) },
			func() float64 { return uniform(0, 0x1p-1030) },
		}},
		{"sin", Sin, bigSin, []func() float64{
			func() float64 { return uniform(-7, 7) },
			func() float64 { return uniform(-1e6, 1e6) },
			func() float64 { return float64(rng.IntN(600_000)) * math.Pi / 2 },
			anyFloat,
		}},
		{"cos", Cos, bigCos, []func() float64{
			func() float64 { return uniform(-7, 7) },
			func() float64 { return uniform(-1e6, 1e6) },
			func() float64 { return float64(rng.IntN(600_000)) * math.Pi / 2 },
			anyFloat,
		}},
	}
	for _, c := range cases {
		worst, at := 0.0, 0.0
		for i := range 2000 {
			x := c.draw[i%len(c.draw)]()
			if u := ulps(c.f(x), c.ref(num(x))); u > worst {
				worst, at = u, x
			}
		}
		t.Logf("%s: at most %.3f ulp, at %x", c.name, worst, at)
		accuracy(t, c.name, worst, 1)
	}
}

// accuracy is a row of docs/models.md.
func accuracy(t *testing.T, function string, worst, allowed float64) {
	validation.Row{ID: "ulp", What: "worst error of " + function + " in 2,000 random arguments of its range", Source: "math/big, 200 bits and more",
		Reference: 0, Ours: worst, Unit: "ulp", Absolute: allowed}.Check(t)
}

// TestArcAccuracy: within 2 ulp, as the quotient and the square root before the
// series round too.
func TestArcAccuracy(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	worst := map[string]float64{}
	within := func(name string, x, got float64, want *big.Float) {
		u := ulps(got, want)
		if worst[name] = math.Max(worst[name], u); u > 2 {
			t.Errorf("%s(%x) is %.3f ulp off, want at most 2", name, x, u)
		}
	}
	for range 2000 {
		x := float64(2*rng.Float64()) - 1
		within("asin", x, Asin(x), bigAsin(num(x)))
		within("atan", x, Atan(x), bigAtan(num(x)))
		far := Exp(float64(80*rng.Float64()) - 40)
		within("atan", far, Atan(far), bigAtan(num(far)))
	}
	accuracy(t, "asin", worst["asin"], 2)
	accuracy(t, "atan", worst["atan"], 2)
}

// TestPowAccuracy: as TestAccuracy, over results from the smallest to the
// largest number, where a plain exp(y·log x) would lose ten bits.
func TestPowAccuracy(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst, ax, ay := 0.0, 0.0, 0.0
	for range 2000 {
		x := Exp(20 * (rng.Float64() - 0.5))
		y := 700 * (float64(2*rng.Float64()) - 1) / Log(x)
		want := bigExp(zero().Mul(num(y), bigLog(num(x))))
		if u := ulps(Pow(x, y), want); u > worst {
			worst, ax, ay = u, x, y
		}
	}
	t.Logf("pow: at most %.3f ulp, at %x, %x", worst, ax, ay)
	accuracy(t, "pow", worst, 1)
}

// TestAtanTable: every constant of the arc tangent's table is the correctly
// rounded value and its remainder.
func TestAtanTable(t *testing.T) {
	for k, e := range atanTable {
		v := bigAtan(num(float64(k) / 8))
		hi, _ := v.Float64()
		lo, _ := zero().Sub(v, num(hi)).Float64()
		if e[0] != hi || math.Abs(e[1]-lo) > 0x1p-105 {
			t.Errorf("atan(%d/8) is {%x, %x}, want {%x, %x}", k, e[0], e[1], hi, lo)
		}
	}
}

// TestTable: every constant of the exponential's table is the correctly rounded
// value and its remainder.
func TestTable(t *testing.T) {
	ln2 := bigLog(num(2))
	for j, e := range exp2Table {
		v := bigExp(zero().Quo(zero().Mul(ln2, num(float64(j))), num(32)))
		hi, _ := v.Float64()
		lo, _ := zero().Sub(v, num(hi)).Float64()
		if e[0] != hi || math.Abs(e[1]-lo) > 0x1p-105 {
			t.Errorf("2^(%d/32) is {%x, %x}, want {%x, %x}", j, e[0], e[1], hi, lo)
		}
	}
}
