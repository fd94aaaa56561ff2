package oilpump

import (
	"errors"
	"math"

	"twinrig/twinmodel/detmath"
)

// Unit is the geometry of a beam pumping unit, in m, with the symbols of API
// Specification 11E.
type Unit struct {
	A float64 `unit:"m" range:"0.05..20" doc:"saddle bearing to polished rod"`
	C float64 `unit:"m" range:"0.05..20" doc:"saddle bearing to equalizer bearing"`
	P float64 `unit:"m" range:"0.05..20" doc:"pitman"`
	R float64 `unit:"m" range:"0.01..5" doc:"crank"`
	I float64 `unit:"m" range:"0.05..20" doc:"crankshaft to saddle bearing, horizontally"`
	H float64 `unit:"m" range:"0.05..20" doc:"saddle bearing above ground"`
	G float64 `unit:"m" range:"0..20" doc:"crankshaft above ground"`
}

// Conventional is a unit of conventional proportions with a stroke in m: its
// crank is fitted to it.
func Conventional(stroke float64) Unit {
	scale := stroke / 1.5
	u := Unit{A: 3 * scale, C: 2.4 * scale, P: 3 * scale, I: 2.4 * scale, H: 3 * scale, R: 0.5 * scale}
	for range 20 {
		u.R *= stroke / u.Stroke()
	}
	return u
}

// Stroke of the polished rod, m: the beam turns round where crank and pitman are
// in line.
func (u *Unit) Stroke() float64 {
	k, _ := u.base()
	at := func(reach float64) float64 {
		return arccos((float64(u.C*u.C) + float64(k*k) - float64(reach*reach)) / (2 * u.C * k))
	}
	return u.A * (at(u.P+u.R) - at(u.P-u.R))
}

// base is K, the distance from crankshaft to saddle bearing, and φ, its
// direction clockwise from 12 o'clock.
func (u *Unit) base() (k, phi float64) {
	rise := u.H - u.G
	k = math.Sqrt(float64(rise*rise) + float64(u.I*u.I))
	return k, detmath.Atan2(u.I, rise)
}

// validate says whether the links fit.
func (u *Unit) validate() error {
	k, _ := u.base()
	if u.H <= u.G {
		return errors.New("Unit.G: the crankshaft is not below the saddle bearing")
	}
	if k+u.R >= u.C+u.P || k-u.R <= math.Abs(u.C-u.P) {
		return errors.New("Unit.R: the crank cannot turn round with these links")
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
	c2, p2 := float64(u.C*u.C), float64(u.P*u.P)
	j2 := float64(k*k) + float64(u.R*u.R) - float64(2*k*u.R*cos)
	j := math.Sqrt(j2)
	chi := arccos((c2 + j2 - p2) / (2 * u.C * j))
	sinRho := u.R * sin / j
	rho := detmath.Atan2(sinRho, math.Sqrt(1-float64(sinRho*sinRho)))
	beta := arccos((c2 + p2 - j2) / (2 * u.C * u.P))
	psi := chi - rho
	alpha := beta + psi - (theta - phi)
	return pose{psi: psi, slope: -(u.R / u.C) * detmath.Sin(alpha) / detmath.Sin(beta)}
}

func arccos(c float64) float64 {
	return detmath.Atan2(math.Sqrt(math.Max(0, 1-float64(c*c))), c)
}
