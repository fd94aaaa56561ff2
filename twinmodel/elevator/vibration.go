package elevator

import (
	"math"
)

const (
	sampleTime = 0.005 // of vibration, s
	retune     = 10    // samples between two frequencies of the ropes: 20 Hz
	dies       = 20.0  // s after a ride when nothing shakes any more
)

// vibration is what a ride does to the car beyond its motion. It follows from the
// ride and nothing else and is evaluated when somebody looks, so it is no state.
type vibration struct {
	n     int     // samples so far
	piece int     // of the next sample
	began float64 // of that piece, from the ride's start
	end   float64 // of the ride

	modes         [2]oscillator
	participation [2]float64
	guides        [2]oscillator // across the car
	joints        [2]int        // last passed
	weights       [3]oscillator // low pass of 10 Hz: along, and across the car
	peaks         [3]peaks

	along  float64 // m/s²
	across [2]float64
}

// shake is the vibration of the present or last ride up to now, or up to limit
// seconds of it. Time only goes on, so samples once taken stay.
func (e *Elevator) shake(limit float64) *vibration {
	until := int(math.Min(e.t-e.rideBegan, limit)/sampleTime + 1e-6)
	if e.shaken == nil {
		e.shaken = e.still()
	}
	for e.shaken.n < until {
		e.shaken.sample(e)
	}
	return e.shaken
}

// still is the beginning.
func (e *Elevator) still() *vibration {
	s := &vibration{end: e.endOfRide()}
	for i := range s.weights {
		s.weights[i].tune(2*math.Pi*10, math.Sqrt(0.5), sampleTime)
	}
	for i := range s.guides {
		// Shoes are stiffer to the side than to front and back.
		s.guides[i].tune(2*math.Pi*e.p.LateralResonance*(1+float64(0.3*float64(i))), 0.15, sampleTime)
		s.joints[i] = math.MinInt
	}
	return s
}

// sample goes on by one.
func (s *vibration) sample(e *Elevator) {
	t := float64(float64(s.n+1) * sampleTime)
	for s.piece < len(e.pieces)-1 && t > s.began+e.pieces[s.piece].duration {
		s.began += e.pieces[s.piece].duration
		s.piece++
	}
	q := &e.pieces[s.piece]
	p, v, a := q.at(math.Min(t-s.began, q.duration))
	rim, rimA := q.rim(math.Min(t-s.began, q.duration))
	if t > s.end {
		v, a, rim, rimA = 0, 0, 0, 0
	}
	if s.n%retune == 0 {
		for i, mode := range e.ropeModes(&e.cond, p) {
			s.modes[i].tune(2*math.Pi*mode.Frequency, e.p.RopeDamping, sampleTime)
			s.participation[i] = mode.Participation
		}
	}
	ripple := e.ripple(p, rim, rimA)
	s.along = ripple
	for i := range s.modes {
		s.along += float64(s.participation[i] * s.modes[i].advance(-a-ripple))
	}
	for axis := range s.guides {
		s.across[axis] = s.guide(e, axis, p, v)
	}
	s.n++
	if t <= s.end {
		s.weigh()
	}
}

// guide is the lateral acceleration of the car: what the springs of its shoes
// make of the joints. The rails of the second axis are joined half way between.
func (s *vibration) guide(e *Elevator, axis int, p, speed float64) float64 {
	k := int(math.Floor(p/e.p.JointSpacing + float64(0.5*float64(axis))))
	jolt := 0.0
	if passed := s.joints[axis]; passed != math.MinInt && k != passed {
		jolt = e.jolt(axis, max(k, passed), speed)
	}
	s.joints[axis] = k
	mean := float64((s.guides[axis].u + jolt) / 2)
	return s.guides[axis].advance(jolt) - mean
}

func (s *vibration) weigh() {
	for i, a := range [3]float64{s.along, s.across[0], s.across[1]} {
		o := &s.weights[i]
		o.advance(a * o.omega * o.omega)
		s.peaks[i].add(o.x)
	}
}

// peaks are the peak-to-peak values between successive extremes of a record, as
// ISO 18738-1 evaluates it.
type peaks struct {
	before, last, extreme float64
	values                []float64
}

func (p *peaks) add(x float64) {
	if (p.last-p.before)*(x-p.last) < 0 {
		p.values = append(p.values, math.Abs(p.last-p.extreme))
		p.extreme = p.last
	}
	p.before, p.last = p.last, x
}
