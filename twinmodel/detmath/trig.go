package detmath

import "math"

// Sin returns the sine of x radians.
func Sin(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN()
	}
	if math.Abs(x) < 0x1p-27 {
		return x
	}
	q, h, l := reduce(x)
	switch q & 3 {
	case 0:
		return sinKernel(h, l)
	case 1:
		return cosKernel(h, l)
	case 2:
		return -sinKernel(h, l)
	}
	return -cosKernel(h, l)
}

// Cos returns the cosine of x radians.
func Cos(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN()
	}
	q, h, l := reduce(x)
	switch q & 3 {
	case 0:
		return cosKernel(h, l)
	case 1:
		return -sinKernel(h, l)
	case 2:
		return -cosKernel(h, l)
	}
	return sinKernel(h, l)
}

// sinKernel is the sine of h+l for |h| ≤ π/4: the series to h^17.
func sinKernel(h, l float64) float64 {
	z := float64(h * h)
	p := -1.0/1307674368000 + float64(z*(1.0/355687428096000))
	p = 1.0/6227020800 + float64(z*p)
	p = -1.0/39916800 + float64(z*p)
	p = 1.0/362880 + float64(z*p)
	p = -1.0/5040 + float64(z*p)
	p = 1.0/120 + float64(z*p)
	p = -1.0/6 + float64(z*p)
	// sin(h+l) = sin h + l·cos h, with 1 − z/2 for the cosine.
	return h + (float64(float64(h*z)*p) + float64(l*(1-float64(0.5*z))))
}

// cosKernel is the cosine of h+l for |h| ≤ π/4: the series to h^18.
func cosKernel(h, l float64) float64 {
	z := float64(h * h)
	p := 1.0/20922789888000 - float64(z*(1.0/6402373705728000))
	p = -1.0/87178291200 + float64(z*p)
	p = 1.0/479001600 + float64(z*p)
	p = -1.0/3628800 + float64(z*p)
	p = 1.0/40320 + float64(z*p)
	p = -1.0/720 + float64(z*p)
	p = 1.0/24 + float64(z*p)
	// 1 − z/2 is rounded; its error is known and added back.
	half := float64(0.5 * z)
	w := 1 - half
	return w + (((1 - w) - half) + (float64(float64(z*z)*p) - float64(h*l)))
}

const (
	twoOverPi = 0x1.45f306dc9c883p-01

	// π/2 in pieces of 33 bits, so that n times a piece is exact for n < 2^20.
	halfPi0 = 0x1.921fb544p+00
	halfPi1 = 0x1.0b4611a6p-34
	halfPi2 = 0x1.3198a2ep-69
	halfPi3 = 0x1.b839a252049c1p-104
)

// reduce writes x as q·π/2 + h + l with |h| ≤ π/4; only q's last two bits count.
func reduce(x float64) (q int, h, l float64) {
	if math.Abs(x) >= 0x1p20 {
		return reduceLarge(x)
	}
	if math.Abs(x) < 0.78 { // q is 0
		return 0, x, 0
	}
	n := math.Floor(float64(x*twoOverPi) + 0.5)
	// x and n·halfPi0 agree in their leading bits: this difference is exact.
	h, l = sum(x-float64(n*halfPi0), -float64(n*halfPi1))
	h, e := sum(h, -float64(n*halfPi2))
	h, l = sum(h, l+(e-float64(n*halfPi3)))
	return int(n), h, l
}
