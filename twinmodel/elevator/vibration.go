package elevator

import (
	"math"
	"slices"

	"twinrig/twinmodel/detmath"
)

const (
	sampleTime = 0.005 // of vibration, s
	retune     = 10    // samples between two frequencies of the ropes: 20 Hz
)

// vibration is what a ride does to the car beyond its motion.
type vibration struct {
	modes              [2]oscillator
	participation      [2]float64
	lateral            oscillator
	weightZ, weightX   oscillator // low pass of 10 Hz
	vertical, sideways []float64  // weighted, m/s²
	last               float64    // vertical, m/s²
}

// shake evaluates a ride up to a time. It depends on nothing but the ride, so it
// needs no state of its own.
func (e *Elevator) shake(until float64) *vibration {
	s := &vibration{}
	const corner = 2 * math.Pi * 10
	s.weightZ.tune(corner, math.Sqrt(0.5), sampleTime)
	s.weightX.tune(corner, math.Sqrt(0.5), sampleTime)
	s.lateral.tune(2*math.Pi*e.p.LateralResonant, 0.15, sampleTime)
	n, k, began := int(math.Round(until/sampleTime)), 0, 0.0
	joint := 0.0
	for i := range n {
		// The middle of the sample stands for its input.
		t := (float64(i) + 0.5) * sampleTime
		for k < len(e.pieces)-1 && t > began+e.pieces[k].duration {
			began += e.pieces[k].duration
			k++
		}
		p, a, rim := e.endOfRide(), 0.0, 0.0
		if k < len(e.pieces) && t <= began+e.pieces[k].duration {
			q := &e.pieces[k]
			p, _, a = q.at(t - began)
			rim, _ = q.rim(t - began)
		}
		if i%retune == 0 {
			s.ropes(e, p)
		}
		at := math.Floor(p / e.p.JointSpacing)
		if i == 0 {
			joint = at
		}
		s.sample(a, e.ripple(p, rim), e.jolt(at != joint, rim))
		joint = at
	}
	return s
}

// ropes sets the frequencies for a position.
func (s *vibration) ropes(e *Elevator, position float64) {
	for i, mode := range e.ropeModes(position) {
		s.modes[i].tune(2*math.Pi*mode.Frequency, e.p.RopeDamping, sampleTime)
		s.participation[i] = mode.Participation
	}
}

// ripple is what sheave and motor shake the ropes with: eccentricity once a turn
// and torque ripple twelve times, both bound to the position.
func (e *Elevator) ripple(p, rim float64) float64 {
	turn, w := p/e.p.SheaveRadius, rim/e.p.SheaveRadius
	a := float64(e.p.Eccentricity * w * w * detmath.Sin(turn))
	if rim != 0 {
		a += float64(e.p.TorqueRipple * detmath.Sin(12*turn))
	}
	return a
}

// jolt is the lateral acceleration a rail joint gives within one sample.
func (e *Elevator) jolt(passed bool, speed float64) float64 {
	if !passed {
		return 0
	}
	worn := 1 + float64(2*e.u[inGuideShoe])
	return e.p.JointStep * worn * math.Abs(speed) / sampleTime
}

// sample takes the sheave's acceleration, of the motion and of what shakes it,
// and the guides'.
func (s *vibration) sample(motion, ripple, lateral float64) {
	s.last = ripple
	for i := range s.modes {
		s.last += float64(s.participation[i] * s.modes[i].advance(-motion-ripple))
	}
	side := s.lateral.advance(lateral) - lateral // without the jolt itself, which the shoes' springs take
	s.vertical = append(s.vertical, weighted(&s.weightZ, s.last))
	s.sideways = append(s.sideways, weighted(&s.weightX, side))
}

// weighted is the low pass's output.
func weighted(o *oscillator, a float64) float64 {
	square := o.omega * o.omega
	o.advance(a * square)
	return o.x
}

// quality evaluates a record as ISO 18738-1 does: peak-to-peak values between
// successive extremes, of which 95 % are at most A95.
func quality(record []float64) (a95, largest float64) {
	var peaks []float64
	extreme := 0.0
	for i := 1; i+1 < len(record); i++ {
		if (record[i]-record[i-1])*(record[i+1]-record[i]) < 0 {
			peaks = append(peaks, math.Abs(record[i]-extreme))
			extreme = record[i]
		}
	}
	if len(peaks) == 0 {
		return 0, 0
	}
	slices.Sort(peaks)
	return peaks[(len(peaks)-1)*95/100], peaks[len(peaks)-1]
}
