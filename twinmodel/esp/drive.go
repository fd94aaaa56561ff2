package esp

import (
	"math"

	"twinrig/twinmodel/ode"
)

// Modes.
const (
	modeRamp = iota // of the drive: rampNone, rampUp, rampDown
	modePump        // pumpIdle, pumpDelivering, pumpLocked
	modeLine        // 1 while the flow line's check valve is open
	modes
)

const (
	pumpIdle       = iota // its check valve is shut: too slow for the column above, or at rest
	pumpDelivering        // lifts liquid
	pumpLocked            // full of gas
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
	guardDeliver        // the head exceeds the column
	guardCease          // it no longer does
	guardLock
	guardUnlock
	guardLineOpen
	guardLineShut
	guards
)

// timerRefill runs while a locked pump stands.
const timerRefill = 0

const resolution = 1e-6 // Hz, of the drive's set value

var guardDirections = []ode.Direction{
	guardFaster: ode.Rising, guardSlower: ode.Rising, guardReached: ode.Rising,
	guardDeliver: ode.Rising, guardCease: ode.Falling,
	guardLock: ode.Rising, guardUnlock: ode.Falling,
	guardLineOpen: ode.Rising, guardLineShut: ode.Falling,
}

// target is the frequency the drive should reach.
func (s *station) target() float64 { return float64(s.u[inFrequency] * s.u[inRunning]) }

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
	if drop := s.lineDrop(x[xWellhead]); d.Modes[modeLine] == 0 {
		g[guardLineOpen] = drop
	} else {
		g[guardLineShut] = drop + linePlay
	}
	s.pumpGuards(x, d.Modes[modePump], g)
}

func (s *station) pumpGuards(x []float64, pump int64, g []float64) {
	intake := s.well.IntakePressure(x[xLevel])
	gas := s.well.GasFraction(intake, x[xLevel], s.u[inGasBreakthrough])
	if pump == pumpLocked {
		g[guardUnlock] = gas - s.p.GasLockClears
		return
	}
	excess := s.excess(x[xFrequency], s.static(x[xWellhead], intake), gas)
	if pump == pumpIdle {
		g[guardDeliver] = excess
	} else {
		g[guardCease] = excess + valvePlay
	}
	if x[xFrequency] > 0 {
		g[guardLock] = gas - s.p.GasLockAbove
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
	case guardDeliver:
		d.Modes[modePump] = pumpDelivering
	case guardLock:
		d.Modes[modePump] = pumpLocked
	case guardCease, guardUnlock:
		d.Modes[modePump] = pumpIdle
	case guardLineOpen, guardLineShut:
		d.Modes[modeLine] = 1 - d.Modes[modeLine]
	default: // the pump has refilled
		d.Modes[modePump] = pumpIdle
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
	if x[xFrequency] == 0 && d.Modes[modePump] == pumpLocked {
		d.Timers[timerRefill] = t + s.p.RefillTime
	}
}
