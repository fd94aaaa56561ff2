package elevator

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// RopeMode is one longitudinal mode of ropes that carry the car.
type RopeMode struct {
	Frequency     float64 // Hz
	Participation float64 // of the car in the mode when the sheave shakes
}

// RopeModes are the first two: β·tan β = µL/M and f = β·c/(2πL), where stiffness
// is EA of all ropes in N, linear their mass in kg/m, length in m, mass in kg.
func RopeModes(stiffness, linear, length, mass float64) [2]RopeMode {
	ratio, c := linear*length/mass, math.Sqrt(stiffness/linear)
	var out [2]RopeMode
	for n := range out {
		beta := ropeRoot(ratio, float64(n)*math.Pi)
		sin, cos := detmath.Sin(beta), detmath.Cos(beta)
		// With the mode shape sin(β·x/L): share of the rope and of the car.
		drive := float64(linear*length*(1-cos)/beta) + float64(mass*sin)
		modal := float64(linear*length*(0.5-sin*cos/(2*beta))) + float64(mass*sin*sin)
		out[n] = RopeMode{beta * c / (2 * math.Pi * length), sin * drive / modal}
	}
	return out
}

// ropeRoot solves β·tan β = ratio between base and base + π/2: Newton's method on
// β·sin β − ratio·cos β, which has no poles, kept in a bracket.
func ropeRoot(ratio, base float64) float64 {
	lo, hi := base, base+math.Pi/2
	beta := math.Sqrt(ratio / (1 + ratio/3))
	if base > 0 {
		beta = base + ratio/base
	}
	sign := detmath.Cos(base)
	for range 60 {
		if !(beta > lo && beta < hi) {
			beta = (lo + hi) / 2
		}
		sin, cos := detmath.Sin(beta), detmath.Cos(beta)
		f := sign * (float64(beta*sin) - float64(ratio*cos))
		if f < 0 {
			lo = beta
		} else {
			hi = beta
		}
		step := f / (sign * (float64((1+ratio)*sin) + float64(beta*cos)))
		beta -= float64(step)
		if math.Abs(step) < 1e-14*hi {
			break
		}
	}
	return beta
}

// oscillator is x″ + 2ζω·x′ + ω²·x = u, stepped exactly for a u that is linear in
// the step.
type oscillator struct {
	omega, zeta float64
	step        float64
	e, s, c     float64 // of the step
	x, v, u     float64
}

// tune sets the frequency in rad/s; the state stays.
func (o *oscillator) tune(omega, zeta, step float64) {
	damped := omega * math.Sqrt(1-float64(zeta*zeta))
	o.omega, o.zeta, o.step = omega, zeta, step
	o.e = detmath.Exp(-zeta * omega * step)
	o.s, o.c = detmath.Sin(damped*step)/damped, detmath.Cos(damped*step)
}

// advance goes one step, to the end of which u has changed, and returns the mean
// acceleration in it: what is faster than the steps does not come back as slower.
func (o *oscillator) advance(u float64) float64 {
	decay, square := float64(o.zeta*o.omega), float64(o.omega*o.omega)
	slope := (u - o.u) / o.step
	drift := slope / square
	rest := (o.u - float64(2*decay*drift)) / square
	x, v, before := o.x-rest, o.v-drift, o.v
	o.x = rest + float64(drift*o.step) + float64(o.e*(float64(x*o.c)+float64((v+float64(decay*x))*o.s)))
	o.v = drift + float64(o.e*(float64(v*o.c)-float64((float64(decay*v)+float64(square*x))*o.s)))
	o.u = u
	return (o.v - before) / o.step
}
