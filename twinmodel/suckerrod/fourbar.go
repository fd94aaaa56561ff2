package suckerrod

import (
	"errors"
	"math"

	"twinrig/twinmodel/detmath"
)

// Unit is the geometry of a beam pumping unit, in m, with the symbols of API
// Specification 11E.
type Unit struct {
	A float64 // saddle bearing to polished rod
	C float64 // saddle bearing to equalizer bearing
	P float64 // pitman
	R float64 // crank
	I float64 // horizontally from crankshaft to saddle bearing
	H float64 // saddle bearing above ground
	G float64 // crankshaft above ground
}

// base is K, the distance from crankshaft to saddle bearing, and φ, its
// direction clockwise from 12 o'clock.
func (u *Unit) base() (k, phi float64) {
	k = math.Sqrt(float64((u.H-u.G)*(u.H-u.G)) + float64(u.I*u.I))
	return k, angle(u.I/k, (u.H-u.G)/k)
}

// Validate says whether the crank can turn round.
func (u *Unit) Validate() error {
	for _, v := range []float64{u.A, u.C, u.P, u.R, u.I, u.H - u.G} {
		if !(v > 0.05 && v < 20) {
			return errors.New("unit: a link is outside 0.05 to 20 m")
		}
	}
	k, _ := u.base()
	if k+u.R >= u.C+u.P || k-u.R <= math.Abs(u.C-u.P) {
		return errors.New("unit: the crank cannot turn round with these links")
	}
	return nil
}

// pose is the linkage at one crank angle.
type pose struct {
	psi   float64 // beam to the base line, ψ
	slope float64 // dψ/dθ
}

// at is the linkage with the crank at θ, clockwise from 12 o'clock.
func (u *Unit) at(theta float64) pose {
	k, phi := u.base()
	sin, cos := detmath.Sin(theta-phi), detmath.Cos(theta-phi)
	j2 := float64(k*k) + float64(u.R*u.R) - float64(2*k*u.R*cos)
	j := math.Sqrt(j2)
	chi := arccos((float64(u.C*u.C) + j2 - float64(u.P*u.P)) / (2 * u.C * j))
	sinRho := u.R * sin / j
	rho := angle(sinRho, math.Sqrt(1-float64(sinRho*sinRho)))
	beta := arccos((float64(u.C*u.C) + float64(u.P*u.P) - j2) / (2 * u.C * u.P))
	psi := chi - rho
	alpha := beta + psi - (theta - phi)
	return pose{psi: psi, slope: -(u.R / u.C) * detmath.Sin(alpha) / detmath.Sin(beta)}
}

func arccos(c float64) float64 { return angle(math.Sqrt(math.Max(0, 1-float64(c*c))), c) }

// angle of a unit vector, in (−π, π]: Newton's iteration on the sine of what is
// left, which converges cubically.
func angle(sin, cos float64) float64 {
	x := sin
	if cos < 0 {
		x = math.Copysign(math.Pi, sin) - sin
	}
	for range 6 {
		x += float64(sin*detmath.Cos(x)) - float64(cos*detmath.Sin(x))
	}
	return x
}
