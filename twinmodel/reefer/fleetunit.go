package reefer

import "math"

// become puts a truck's unit into a mode with a timer: the end of the start-up,
// or of a minimum on or off time.
func (f *Fleet) become(truck int, unit uint8, until float64) {
	f.unit[truck], f.gate[truck].until = unit, until
	heat := uint8(heatRest)
	switch unit {
	case unitStart:
		heat = heatStart
	case unitCool:
		heat = heatCool
	}
	f.mode[truck] = f.mode[truck]/heatOpen*heatOpen + heat
	f.arm(truck)
}

// arm sets the thermostat's thresholds. It does nothing while a timer runs.
func (f *Fleet) arm(truck int) {
	g := &f.gate[truck]
	g.low, g.high = math.Inf(-1), math.Inf(1)
	if !math.IsInf(g.until, 1) {
		return
	}
	switch f.unit[truck] {
	case unitCool:
		g.low = g.target - f.r.p.Differential
	case unitNull:
		g.high = g.target + f.r.p.Differential
	}
}

// expire is what happens when a truck's timer runs out.
func (f *Fleet) expire(truck int, t float64) {
	if f.unit[truck] == unitStart {
		f.become(truck, unitCool, t+f.r.p.MinOn)
		return
	}
	f.gate[truck].until = math.Inf(1)
	f.arm(truck)
}

// call is what happens when the thermostat of a truck acts. The caller resets
// the capacity of a compressor that stops.
func (f *Fleet) call(truck int, t float64) {
	if f.unit[truck] == unitCool {
		f.become(truck, unitNull, t+f.r.p.MinOff)
		return
	}
	f.become(truck, unitStart, t+f.r.p.StartTime)
}

// switchUnit turns a unit on or off. A compressor that ran must rest.
func (f *Fleet) switchUnit(truck int, on bool) {
	unit := f.unit[truck]
	if on == (unit != unitOff) {
		return
	}
	if on {
		f.become(truck, unitNull, f.gate[truck].until)
		return
	}
	until := f.gate[truck].until
	switch unit {
	case unitCool:
		until = f.now() + f.r.p.MinOff
		f.x[fleetStates-1][truck] = 0
	case unitStart:
		until = math.Inf(1)
	}
	f.become(truck, unitOff, until)
}

func (f *Fleet) now() float64 { return float64(float64(f.ticks) * f.h) }
