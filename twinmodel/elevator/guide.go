package elevator

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// joint is how far rails are out of line at joint k, as a share of JointKink
// from −1 to 1. Every hoistway has joints of its own.
func (e *Elevator) joint(axis, k int) float64 {
	z := e.shaft + uint64(int64(2*k+axis))*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9 // finaliser of SplitMix64
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	share := float64(float64(z>>11)*0x1p-52) - 1
	if axis == 0 && k == int(e.p.travel()/2/e.p.JointSpacing) {
		share = e.cond.joint
	}
	return share
}

// jolt is the lateral acceleration that a joint gives within one sample.
func (e *Elevator) jolt(axis, k int, speed float64) float64 {
	return float64(e.p.JointKink * e.cond.shoe * e.joint(axis, k) * math.Abs(speed) / sampleTime)
}

// ripple is the acceleration at the rim that the sheave's eccentricity gives once
// a turn and the motor's torque ripple twelve times. Both are displacements bound
// to the sheave's angle, so that they leave no speed behind.
func (e *Elevator) ripple(p, rim, rimA float64) float64 {
	const slots = 12
	turn, w, dw := p/e.p.SheaveRadius, rim/e.p.SheaveRadius, rimA/e.p.SheaveRadius
	if w == 0 && dw == 0 {
		return 0
	}
	rated := slots * e.p.Ride.Speed / e.p.SheaveRadius
	once := phasor{detmath.Cos(turn), detmath.Sin(turn)}
	twice := once.times(once)
	six := twice.times(twice).times(twice)
	return once.shakes(1, e.p.Eccentricity, w, dw) + six.times(six).shakes(slots, e.p.TorqueRipple/(rated*rated), w, dw)
}

// phasor is cosine and sine of an angle.
type phasor struct{ cos, sin float64 }

// times adds the angles.
func (a phasor) times(b phasor) phasor {
	return phasor{float64(a.cos*b.cos) - float64(a.sin*b.sin), float64(a.cos*b.sin) + float64(a.sin*b.cos)}
}

// shakes is the second derivative of amplitude·sin(order·angle) for an angle that
// turns with w and gains dw a second.
func (a phasor) shakes(order, amplitude, w, dw float64) float64 {
	return float64(amplitude * order * (float64(a.cos*dw) - float64(order*a.sin*w*w)))
}

// thump is what a door that has just reached its end gives the car, m/s²: a dent
// that springs back, so that it leaves no speed behind.
func (e *Elevator) thump() float64 {
	const tau, long = 0.02, 1.0 // s
	since := e.t - e.doorBegan - float64(e.stretch*NewProfile(e.doorTo-e.doorFrom, e.p.Door).Duration())
	if e.doorTo == e.doorFrom || since < 0 || since > long {
		return 0
	}
	s := since / tau
	return e.p.DoorThump * s * (6 - float64(s*(6-s))) * detmath.Exp(-s)
}
