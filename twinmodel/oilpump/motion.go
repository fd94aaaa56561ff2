package oilpump

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// motion is the polished rod's over one revolution of the crank, tabulated so
// that a wave step needs no trigonometry. Phase 0 is the bottom of the stroke.
type motion struct {
	knots [points + 1]knot
}

// knot is the unit at one crank angle.
type knot struct {
	position float64 // of the polished rod, m
	slope    float64 // m per interval of the table
	arm      float64 // sine of the crank angle: the lever of the counterweights
}

const points = 1024

func newMotion(u *Unit) *motion {
	m := &motion{}
	bottom := bottomAngle(u)
	low := u.at(bottom).psi
	for i := range m.knots {
		theta := bottom + float64(2*math.Pi/points*float64(i))
		p := u.at(theta)
		m.knots[i] = knot{position: u.A * (low - p.psi), slope: -float64(u.A*p.slope) * (2 * math.Pi / points), arm: detmath.Sin(theta)}
	}
	return m
}

// bottomAngle is the crank angle at which the beam's rear is highest: where
// dψ/dθ falls through zero.
func bottomAngle(u *Unit) float64 {
	best, at := math.Inf(-1), 0.0
	for i := range points {
		theta := float64(2 * math.Pi / points * float64(i))
		if psi := u.at(theta).psi; psi > best {
			best, at = psi, theta
		}
	}
	lo, hi := at-2*math.Pi/points, at+2*math.Pi/points
	for range 60 {
		if mid := (lo + hi) / 2; u.at(mid).slope > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// place is where the unit is.
type place struct {
	position float64 // of the polished rod, m
	factor   float64 // torque factor, m/rad
	arm      float64
}

// at is the unit at a phase of 0 to 1 revolution: the cubic that has positions
// and slopes of the table.
func (m *motion) at(phase float64) place {
	x := float64(phase * points)
	i := max(0, min(int(x), points-1))
	t := x - float64(i)
	a, b := &m.knots[i], &m.knots[i+1]
	d := b.position - a.position
	c2 := float64(3*d) - float64(2*a.slope) - b.slope
	c3 := a.slope + b.slope - float64(2*d)
	return place{
		position: a.position + float64(t*(a.slope+float64(t*(c2+float64(t*c3))))),
		factor:   (a.slope + float64(t*(float64(2*c2)+float64(3*c3*t)))) * (points / (2 * math.Pi)),
		arm:      a.arm + float64(t*(b.arm-a.arm)),
	}
}
