package detmath

import "math"

// Pow returns x to the power y, with the special cases of math.Pow.
//
// It computes y·log x as an unevaluated sum of two numbers, so that the result
// is good to the last bit even where that product is large.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	case x == 0 || math.IsInf(x, 0):
		return powOfExtreme(x, y)
	case math.IsInf(y, 0):
		return powToInf(math.Abs(x), y)
	}
	sign := 1.0
	if x < 0 {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		if isOdd(y) {
			sign = -1
		}
		x = -x
		if x == 1 {
			return sign
		}
	}
	// |log x| is at least 2^-53, so a larger y overflows or underflows anyway,
	// and the exact product below needs room.
	y = math.Max(-0x1p70, math.Min(y, 0x1p70))
	h, l := logSum(x)
	p, e := product(y, h)
	e += float64(y * l)
	switch {
	case p > expOverflow+1:
		return sign * math.Inf(1)
	case p < expUnderflow-1:
		return sign * 0
	}
	return sign * expSum(p, e)
}

// powOfExtreme is Pow for x = ±0 or ±Inf.
func powOfExtreme(x, y float64) float64 {
	r := math.Inf(1)
	if (x == 0) == (y > 0) {
		r = 0
	}
	if math.Signbit(x) && isOdd(y) {
		return math.Copysign(r, -1)
	}
	return r
}

// powToInf is Pow for y = ±Inf, with x positive.
func powToInf(x, y float64) float64 {
	switch {
	case x == 1:
		return 1
	case (x > 1) == (y > 0):
		return math.Inf(1)
	}
	return 0
}

func isOdd(y float64) bool {
	return math.Abs(y) < 0x1p53 && y == math.Trunc(y) && int64(y)&1 == 1
}

// logSum returns the logarithm of a positive finite x as an unevaluated sum.
func logSum(x float64) (hi, lo float64) {
	m, k := split(x)
	f := m - 1
	dh, dl := sum(2, f)
	// s = f/(2+f), with one correction step for the remainder.
	sh := f / dh
	p, e := product(sh, dh)
	sl := (((f - p) - e) - float64(sh*dl)) / dh
	// log(1+f) = 2s + 2/3·s³ + s³·(2/5·s² + …): two terms as sums of two
	// numbers, the rest is small enough for one.
	zh, zl := product(sh, sh)
	zl += float64(2 * float64(sh*sl))
	ch, cl := product(zh, sh)
	cl += float64(zh*sl) + float64(zl*sh)
	const twoThirdsH, twoThirdsL = 0x1.5555555555555p-01, 0x1.5555555555555p-55
	th, tl := product(ch, twoThirdsH)
	tl += float64(cl*twoThirdsH) + float64(ch*twoThirdsL)
	rest := float64(ch * atanhRest(zh))

	kf := float64(k)
	hi, lo = sum(float64(kf*ln2H), float64(2*sh))
	a, b := sum(hi, th)
	lo += b + (((float64(2*sl) + tl) + rest) + float64(kf*ln2L))
	return quickSum(a, lo)
}

// sum returns a+b and what rounding lost.
func sum(a, b float64) (s, e float64) {
	s = a + b
	v := s - a
	return s, (a - (s - v)) + (b - v)
}

// quickSum is sum for |a| ≥ |b|.
func quickSum(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// product returns a·b and what rounding lost (Veltkamp and Dekker, since a fused
// multiply-add is what this package must do without). |a|, |b| < 2^990.
func product(a, b float64) (p, e float64) {
	p = float64(a * b)
	ah, al := halves(a)
	bh, bl := halves(b)
	e = float64(al*bl) - (((p - float64(ah*bh)) - float64(al*bh)) - float64(ah*bl))
	return p, e
}

// halves splits a number in two of 26 bits each.
func halves(a float64) (hi, lo float64) {
	c := float64((1<<27 + 1) * a)
	hi = c - (c - a)
	return hi, a - hi
}
