package detmath

import "math"

const (
	halfPiH = 0x1.921fb54442d18p+0
	halfPiL = 0x1.1a62633145c07p-54
)

// atanTable holds atan(k/8) and what it lacks.
var atanTable = [9][2]float64{
	{0, 0},
	{0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
	{0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
	{0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
	{0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
	{0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
	{0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
	{0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
	{0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
}

// Atan returns the arc tangent of x in radians.
func Atan(x float64) float64 {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return x
	case a > 1:
		// atan(a) = π/2 − atan(1/a)
		hi, lo := atanUnit(1 / a)
		return math.Copysign(halfPiH-(hi-(halfPiL-lo)), x)
	}
	hi, lo := atanUnit(a)
	return math.Copysign(hi+lo, x)
}

// atanUnit is atan(a) for 0 ≤ a ≤ 1 as a sum: with c the nearest eighth,
// atan(a) = atan(c) + atan((a−c)/(1+a·c)), the latter by its series.
func atanUnit(a float64) (hi, lo float64) {
	k := int(math.Floor(float64(8*a) + 0.5))
	if k == 0 {
		return a, atanTail(a)
	}
	c := float64(float64(k) / 8)
	t := (a - c) / (1 + float64(a*c))
	return atanTable[k][0], atanTable[k][1] + (t + atanTail(t))
}

// atanTail returns atan(t) − t = −t³/3 + t⁵/5 − … for |t| ≤ 1/16.
func atanTail(t float64) float64 {
	z := float64(t * t)
	p := -1.0/11 + float64(z*(1.0/13-float64(z*(1.0/15))))
	p = -1.0/7 + float64(z*(1.0/9+float64(z*p)))
	p = -1.0/3 + float64(z*(1.0/5+float64(z*p)))
	return float64(float64(t*z) * p)
}

// Atan2 returns the angle of the point (x, y) in radians, between −π and π.
func Atan2(y, x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return math.NaN()
	case y == 0 && (x > 0 || x == 0 && !math.Signbit(x)):
		return y
	case y == 0:
		return math.Copysign(math.Pi, y)
	case x == 0 || math.IsInf(y, 0) && !math.IsInf(x, 0):
		return math.Copysign(halfPiH, y)
	case math.IsInf(x, 0) && math.IsInf(y, 0):
		x, y = math.Copysign(1, x), math.Copysign(1, y)
	}
	a := Atan(math.Abs(y / x))
	if x < 0 {
		a = math.Pi - (a - 2*halfPiL)
	}
	return math.Copysign(a, y)
}

// Asin returns the arc sine of x in radians, NaN beyond ±1.
func Asin(x float64) float64 {
	return Atan2(x, math.Sqrt(float64((1-x)*(1+x))))
}
