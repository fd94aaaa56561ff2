package detmath

import "math"

const (
	ln2H = 0x1.62e42fefa38p-01 // ln 2: its first 42 bits, so that k times it is exact
	ln2L = 0x1.ef35793c7673p-45
)

// Log returns the natural logarithm of x.
func Log(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, k := split(x)
	f := m - 1
	// log(1+f) = f − f²/2 + s(f²/2 + R), where s = f/(2+f) and R is what
	// 2·atanh(s) has beyond its first term, divided by s.
	s := f / (2 + f)
	half := float64(0.5 * float64(f*f))
	tail := float64(s * (half + atanhTail(float64(s*s))))
	if k == 0 {
		return f - (half - tail)
	}
	kf := float64(k)
	return float64(kf*ln2H) - ((half - (tail + float64(kf*ln2L))) - f)
}

// split writes a positive finite x as m·2^k with m in [√½, √2).
func split(x float64) (m float64, k int) {
	if x < 0x1p-1022 {
		x *= 0x1p54
		k = -54
	}
	b := math.Float64bits(x)
	k += int(b>>52) - 1023
	m = math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if m > math.Sqrt2 {
		m /= 2
		k++
	}
	return m, k
}

// atanhTail returns 2z/3 + 2z²/5 + 2z³/7 + … for 0 ≤ z ≤ (3−2√2)² ≈ 0.0295.
func atanhTail(z float64) float64 { return float64(z * (2.0/3 + atanhRest(z))) }

// atanhRest returns 2z/5 + 2z²/7 + …, even and odd terms apart so that the two
// chains of products run side by side.
func atanhRest(z float64) float64 {
	w := float64(z * z)
	odd := 2.0/17 + float64(w*(2.0/21))
	odd = 2.0/13 + float64(w*odd)
	odd = 2.0/9 + float64(w*odd)
	odd = 2.0/5 + float64(w*odd)
	even := 2.0/19 + float64(w*(2.0/23))
	even = 2.0/15 + float64(w*even)
	even = 2.0/11 + float64(w*even)
	even = 2.0/7 + float64(w*even)
	// The series is 2/5·z + 2/7·z² + 2/9·z³ …: odd powers and even powers of z.
	return float64(z*odd) + float64(w*even)
}
