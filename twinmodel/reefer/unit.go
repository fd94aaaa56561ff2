package reefer

import (
	"math"

	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/ode"
)

// Modes of the hybrid system.
const (
	modeUnit    = iota // unitOff …
	modeHold           // 1 while a minimum on or off time runs
	modeSegment        // of the journey
	modes
)

// Guards.
const (
	guardSwitchedOff = iota
	guardSwitchedOn
	guardDefrostRequest
	guardCold // return air at the lower end of the band
	guardWarm // return air at the upper end
	guardDefrosted
	guardSegment // a segment of the journey is over
	guardFuel    // the tank is empty
	guards
)

// Timers.
const (
	timerHold    = iota // minimum on or off time
	timerStage          // end of the start-up, longest defrost
	timerDefrost        // the defrost clock
	timers
)

const defrostRetry = 900 // s until the clock tries again when the coil is too warm

var guardDirections = []ode.Direction{
	guardSwitchedOff:    ode.Falling,
	guardSwitchedOn:     ode.Rising,
	guardDefrostRequest: ode.Rising,
	guardCold:           ode.Falling,
	guardWarm:           ode.Rising,
	guardDefrosted:      ode.Rising,
	guardSegment:        ode.Rising,
	guardFuel:           ode.Falling,
}

// Guards implements ode.Hybrid.
func (r *reefer) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	for i := range g {
		g[i] = ode.Disabled
	}
	if s, ok := r.p.Journey.Segment(int(d.Modes[modeSegment])); ok {
		g[guardSegment] = x[xDriven] - s.End
	}
	g[guardDefrostRequest] = r.u[inDefrost] - 0.5
	unit := d.Modes[modeUnit]
	if engineRuns(unit) {
		g[guardFuel] = x[xFuel]
	}
	if unit == unitOff {
		g[guardSwitchedOn] = r.u[inUnitOn] - 0.5
		return
	}
	g[guardSwitchedOff] = r.u[inUnitOn] - 0.5
	switch {
	case unit == unitDefrost:
		g[guardDefrosted] = x[xCoil] - r.p.DefrostEndsAbove
	case d.Modes[modeHold] == 1:
	case unit == unitCool:
		g[guardCold] = x[xAir] - (r.u[inSetpoint] - r.p.Differential)
	case unit == unitNull:
		g[guardWarm] = x[xAir] - (r.u[inSetpoint] + r.p.Differential)
	}
}

// Fire implements ode.Hybrid.
func (r *reefer) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	switch {
	case e.Timer == timerHold:
		d.Modes[modeHold] = 0
	case e.Timer == timerStage && d.Modes[modeUnit] == unitStart:
		d.Modes[modeUnit] = unitCool
		hold(d, t+r.p.MinOn)
	case e.Timer == timerStage, e.Guard == guardDefrosted:
		r.endDefrost(t, d)
	case e.Timer == timerDefrost:
		d.Timers[timerDefrost] = t + defrostRetry
		r.defrost(t, x, d)
	case e.Guard == guardDefrostRequest:
		r.u[inDefrost] = 0
		r.defrost(t, x, d)
	case e.Guard == guardCold:
		r.stopCompressor(t, x, d)
		d.Modes[modeUnit] = unitNull
	case e.Guard == guardWarm:
		d.Modes[modeUnit] = unitStart
		d.Timers[timerStage] = t + r.p.StartTime
	case e.Guard == guardSegment:
		d.Modes[modeSegment]++
	case e.Guard == guardSwitchedOn:
		if x[xFuel] > 0 {
			d.Modes[modeUnit] = unitNull
		}
	case e.Guard == guardSwitchedOff, e.Guard == guardFuel:
		r.stopCompressor(t, x, d)
		d.Modes[modeUnit] = unitOff
		d.Timers[timerStage] = ode.Never
	}
}

// hold starts a minimum on or off time.
func hold(d *ode.Discrete, until float64) {
	d.Modes[modeHold] = 1
	d.Timers[timerHold] = until
}

// stopCompressor ends refrigeration at once; a compressor that ran must rest.
func (r *reefer) stopCompressor(t float64, x []float64, d *ode.Discrete) {
	if d.Modes[modeUnit] == unitCool {
		hold(d, t+r.p.MinOff)
		x[xCapacity] = 0
	}
}

// defrost starts a defrost if the unit runs and the coil is cold enough.
func (r *reefer) defrost(t float64, x []float64, d *ode.Discrete) {
	if u := d.Modes[modeUnit]; u == unitOff || u == unitDefrost || x[xCoil] >= r.p.DefrostStartsBelow {
		return
	}
	r.stopCompressor(t, x, d)
	d.Modes[modeUnit], d.Modes[modeHold] = unitDefrost, 0
	d.Timers[timerHold] = ode.Never
	d.Timers[timerStage] = t + r.p.DefrostLimit
	d.Timers[timerDefrost] = t + r.p.DefrostInterval
}

// endDefrost lets the thermostat decide what comes next.
func (r *reefer) endDefrost(t float64, d *ode.Discrete) {
	d.Modes[modeUnit] = unitNull
	d.Timers[timerStage] = ode.Never
	d.Timers[timerDefrost] = t + r.p.DefrostInterval
}

// capacitySlope is the change of capacity in W per K of coil temperature. The
// unit is rated by return air; at both points the coil is colder by capacity
// over conductance.
func (p *Params) capacitySlope() float64 {
	return (p.WarmCapacity - p.ColdCapacity) / (p.warmCoil() - (p.ColdReturn - p.ColdCapacity/p.CoilConductance))
}

func (p *Params) warmCoil() float64 { return p.WarmReturn - p.WarmCapacity/p.CoilConductance }

// capacity is the steady refrigeration in W with the coil at t. Above the warm
// rating point the expansion valve limits the suction pressure.
func (r *reefer) capacity(coil, ambient float64) float64 {
	p := &r.p
	q := math.Min(p.WarmCapacity, p.WarmCapacity+float64(r.slope*(coil-r.warm)))
	q *= 1 + float64(p.AmbientSlope*(ambient-p.RatingAmbient))
	return math.Max(0, q) * (1 - r.u[inRefrigerantLeak]) * (1 - r.u[inCompressorFailure])
}

// compressorPower is the shaft power in W for refrigeration q: Carnot's between
// evaporating and condensing temperature, over the drive's efficiency.
func (r *reefer) compressorPower(q, coil, ambient float64) float64 {
	evaporating, condensing := coil-4, ambient+14
	lift := math.Max(5, condensing-evaporating)
	return q * lift / (r.p.CarnotFraction * (evaporating + fluid.ZeroCelsius))
}

// airflow is the flow over coil and cargo as a share of the fan's: buoyancy
// alone when it stands, less with the damper shut for a defrost.
func (r *reefer) airflow(unit int64) float64 {
	switch unit {
	case unitCool, unitStart:
		return 1 - float64(0.8*r.u[inFanFailure])
	case unitDefrost:
		return 0.02
	}
	return 0.05
}
