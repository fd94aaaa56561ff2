package oilpump

import (
	"math"

	"twinrig/twinmodel/ode"
)

// Modes.
const (
	modeRamp = iota // of the drive: rampNone, rampUp, rampDown
	modeLock        // 1 while the pump is gas locked
	modes
)

const (
	rampNone = iota
	rampUp
	rampDown
)

// Guards.
const (
	guardFaster  = iota // the drive is asked for more
	guardSlower         // for less
	guardReached        // the ramp is at its end
	guardLock
	guardUnlock
	guards
)

// timerRefill runs while a locked pump stands.
const timerRefill = 0

const resolution = 1e-6 // Hz, of the drive's set value

var guardDirections = []ode.Direction{
	guardFaster: ode.Rising, guardSlower: ode.Rising, guardReached: ode.Rising,
	guardLock: ode.Rising, guardUnlock: ode.Falling,
}

// target is the frequency the drive should reach.
func (s *station) target() float64 { return s.u[inFrequency] * s.u[inRunning] }

// rate is the change of frequency in Hz/s.
func (s *station) rate(d *ode.Discrete) float64 {
	switch d.Modes[modeRamp] {
	case rampUp:
		return s.p.RampRate
	case rampDown:
		return -s.p.RampRate
	}
	return 0
}

// Guards implements ode.Hybrid.
func (s *station) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	for i := range g {
		g[i] = ode.Disabled
	}
	ahead := s.target() - x[xFrequency]
	switch d.Modes[modeRamp] {
	case rampNone:
		g[guardFaster], g[guardSlower] = ahead-resolution, -ahead-resolution
	case rampUp:
		g[guardReached] = -ahead
	case rampDown:
		g[guardReached] = ahead
	}
	if x[xFrequency] <= 0 {
		return
	}
	gas := s.gasFraction(s.intakePressure(x[xLevel]), x[xLevel])
	if d.Modes[modeLock] == 0 {
		g[guardLock] = gas - s.p.GasLockAbove
	} else {
		g[guardUnlock] = gas - s.p.GasLockClears
	}
}

// Fire implements ode.Hybrid.
func (s *station) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	switch e.Guard {
	case guardFaster:
		d.Modes[modeRamp] = rampUp
		d.Timers[timerRefill] = ode.Never
	case guardSlower:
		d.Modes[modeRamp] = rampDown
	case guardReached:
		s.endRamp(t, x, d)
	case guardLock:
		d.Modes[modeLock] = 1
	case guardUnlock:
		d.Modes[modeLock] = 0
	default:
		d.Modes[modeLock] = 0
	}
}

// endRamp stops the ramp: at its end, or because the set value jumped behind it
// and the drive must turn round.
func (s *station) endRamp(t float64, x []float64, d *ode.Discrete) {
	d.Modes[modeRamp] = rampNone
	if math.Abs(x[xFrequency]-s.target()) > 1e-3 {
		return
	}
	x[xFrequency] = s.target()
	if x[xFrequency] == 0 && d.Modes[modeLock] == 1 {
		d.Timers[timerRefill] = t + s.p.RefillTime
	}
}
