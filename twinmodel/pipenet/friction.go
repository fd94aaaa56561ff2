package pipenet

import (
	"math"

	"twinrig/twinmodel/detmath"
)

const (
	gravity      = 9.80665
	foot         = 0.3048
	cubicFoot    = foot * foot * foot
	hwExponent   = 1.852
	leastSlope   = 1e-4 // of head over flow, s/m²; below it a law is made linear
	closedSlope  = 1e9  // of a closed link
	flowRounding = 2e-9 // m³/s: heads are rounded, and leastSlope turns that into flow
	openSlope    = 1e-5 // of a valve without loss
	laminarLimit = 2000.0
	turbulent    = 4000.0
)

// hazenWilliams is r of h = r·q^1.852. The law is empirical and lives in feet:
// 4.727 is the constant EPANET has.
func hazenWilliams(length, diameter, c float64) float64 {
	r := 4.727 * (length / foot) * detmath.Pow(c, -hwExponent) * detmath.Pow(diameter/foot, -4.871)
	return r * foot / detmath.Pow(cubicFoot, hwExponent)
}

// manning is r of h = r·q²; like Hazen–Williams it lives in feet, and 4.66 is the
// constant EPANET has.
func manning(length, diameter, n float64) float64 {
	r := 4.66 * (length / foot) * n * n * detmath.Pow(diameter/foot, -5.33)
	return r * foot / (cubicFoot * cubicFoot)
}

// minorLoss is m of h = m·q².
func minorLoss(k, diameter float64) float64 {
	area := math.Pi / 4 * diameter * diameter
	return k / (2 * gravity * area * area)
}

// frictionFactor is Darcy's f and its derivative by ln Re: Hagen–Poiseuille
// below 2000, Swamee–Jain above 4000, and between them the cubic that joins
// both in value and slope (Dunlop 1991).
func frictionFactor(re, relative float64) (f, slope float64) {
	if re < laminarLimit {
		return 64 / re, -64 / re
	}
	rough := func(re float64) (f, slope float64) {
		s := float64(5.74 * detmath.Exp(-0.9*detmath.Log(re)))
		y := float64(relative/3.7) + s
		l := 0.8685889638065036 * detmath.Log(y)
		f = 1 / (l * l)
		return f, 2 * f * 0.8685889638065036 * 0.9 * s / (y * l)
	}
	if re >= turbulent {
		return rough(re)
	}
	// The cubic of x in [0,1], from f0 with slope s0 to f1 with slope s1.
	f1, d1 := rough(turbulent)
	f0, s0, s1 := 64/laminarLimit, -64/laminarLimit, float64(d1/2)
	x := re/laminarLimit - 1
	a, b := float64(2*f0)-float64(2*f1)+s0+s1, float64(3*f1)-float64(3*f0)-float64(2*s0)-s1
	f = f0 + float64(x*(s0+float64(x*(b+float64(x*a)))))
	return f, (1 + x) * (s0 + float64(x*(float64(2*b)+float64(3*a*x))))
}

// darcyWeisbach is loss and slope of a pipe at a flow.
func darcyWeisbach(l *Link, viscosity, q float64) (h, slope float64) {
	d := l.Diameter
	k := 8 * l.Length / (gravity * math.Pi * math.Pi * d * d * d * d * d)
	re := 4 * math.Abs(q) / (math.Pi * d * viscosity)
	if re < laminarLimit {
		slope = 16 * math.Pi * d * viscosity * k
		return slope * q, slope
	}
	f, df := frictionFactor(re, l.Roughness/d)
	return k * f * q * math.Abs(q), k * math.Abs(q) * (float64(2*f) + df)
}
