package elevator

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// segment is a stretch of constant jerk: speed and acceleration at its start.
type segment struct{ duration, v, a, j float64 }

// Limits are the bounds of an S-curve.
type Limits struct {
	Speed        float64 `unit:"m/s" range:"0.05..12" doc:"largest speed"`
	Acceleration float64 `unit:"m/s²" range:"0.05..5" doc:"largest acceleration"`
	Jerk         float64 `unit:"m/s³" range:"0.1..20" doc:"largest jerk"`
}

// Profile is a time-optimal S-curve from rest to rest, in closed form.
type Profile struct {
	distance float64
	jerk     float64 // of the first segment, signed
	ramp     float64 // time of one jerk segment, s
	hold     float64 // time at constant acceleration, s
	cruise   float64 // time at constant speed, s
}

// NewProfile plans a move over a signed distance.
func NewProfile(distance float64, l Limits) Profile {
	d, v, a, j := math.Abs(distance), l.Speed, l.Acceleration, l.Jerk
	p := Profile{distance: distance, jerk: math.Copysign(j, distance)}
	if d == 0 {
		return p
	}
	a = math.Min(a, math.Sqrt(v*j)) // a short ramp never reaches the acceleration
	ramp := a / j
	if full := float64(v * (v/a + ramp)); d >= full {
		p.ramp, p.hold, p.cruise = ramp, math.Max(0, v/a-ramp), (d-full)/v
		return p
	}
	// Speed reached when there is no cruise.
	reached := (math.Sqrt(float64(ramp*a*ramp*a)+float64(4*a*d)) - float64(ramp*a)) / 2
	if reached >= ramp*a {
		p.ramp, p.hold = ramp, reached/a-ramp
		return p
	}
	p.ramp = detmath.Exp(detmath.Log(d/(2*j)) / 3)
	return p
}

// Duration is the flight time, s.
func (p Profile) Duration() float64 { return float64(4*p.ramp) + float64(2*p.hold) + p.cruise }

// common is how long a profile agrees with any longer one of the same limits.
func (p Profile) common() float64 {
	switch {
	case p.cruise > 0:
		return float64(2*p.ramp) + p.hold + p.cruise
	case p.hold > 0:
		return p.ramp + p.hold
	}
	return p.ramp
}

// segments are the seven phases; some may be empty.
func (p Profile) segments() []segment {
	var out []segment
	v, a := 0.0, 0.0
	for _, phase := range [7]struct{ duration, jerk float64 }{
		{p.ramp, p.jerk}, {p.hold, 0}, {p.ramp, -p.jerk}, {p.cruise, 0}, {p.ramp, -p.jerk}, {p.hold, 0}, {p.ramp, p.jerk},
	} {
		t := phase.duration
		if t <= 0 {
			continue
		}
		out = append(out, segment{t, v, a, phase.jerk})
		v += float64(a*t) + float64(phase.jerk*t*t/2)
		a += float64(phase.jerk * t)
	}
	return out
}

// At is way, speed and acceleration a time after the start.
func (p Profile) At(t float64) (way, v, a float64) {
	if t >= p.Duration() {
		return p.distance, 0, 0
	}
	for _, s := range p.segments() {
		dt := math.Max(0, math.Min(t, s.duration))
		way += float64(s.v*dt) + float64(s.a*dt*dt/2) + float64(s.j*dt*dt*dt/6)
		v, a = s.v+float64(s.a*dt)+float64(s.j*dt*dt/2), s.a+float64(s.j*dt)
		if t -= dt; t <= 0 {
			break
		}
	}
	return way, v, a
}
