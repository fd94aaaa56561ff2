package reactor

import (
	"math"

	"twinrig/twinmodel/ode"
)

// Modes of the hybrid system.
const (
	modeRuptured = iota // 1 once the vessel has burst
	modeVent            // 1 while the vent is fully open
	modeDisc            // 1 once the rupture disc has burst
	modeFull            // 1 while the vessel holds no more
	modes
)

// Guards.
const (
	guardValve = iota // the position asked for is too far away to stick
	guardVentOpen
	guardVentHolds
	guardDisc
	guardRupture
	guardHot
	guardFull
	guardRoom
	guards
)

var guardDirections = []ode.Direction{
	guardValve: ode.Rising, guardVentOpen: ode.Rising, guardVentHolds: ode.Falling, guardDisc: ode.Rising,
	guardRupture: ode.Rising, guardHot: ode.Rising, guardFull: ode.Rising, guardRoom: ode.Falling,
}

const (
	seat = 0.999 // of the held pressure, at which the vent takes over again
	room = 0.99  // of the vessel, at which it can be fed again
)

// Guards implements ode.Hybrid.
func (r *reactor) Guards(t float64, x []float64, d *ode.Discrete, g []float64) {
	for i := range g {
		g[i] = ode.Disabled
	}
	if off := math.Abs(r.u[inValve] - x[r.at(yValve)]); off > 100*r.u[inStiction] {
		g[guardValve] = 1
	}
	if d.Modes[modeRuptured] == 1 {
		return
	}
	r.look(t, x, d)
	g[guardHot] = r.present.temperature - r.p.Headspace.HottestAt
	if d.Modes[modeFull] == 0 {
		g[guardFull] = r.present.volume - r.p.VesselVolume
	} else {
		g[guardRoom] = r.present.volume - float64(room*r.p.VesselVolume)
	}
	r.gasGuards(x, d, g)
}

func (r *reactor) gasGuards(x []float64, d *ode.Discrete, g []float64) {
	h, pressure := &r.p.Headspace, x[r.at(yPressure)]
	if h.Volume == 0 {
		return
	}
	g[guardRupture] = pressure - h.RuptureAt
	if d.Modes[modeDisc] == 0 && h.Disc > 0 {
		g[guardDisc] = pressure - h.DiscAt
	}
	if d.Modes[modeVent] == 0 {
		g[guardVentOpen] = r.present.gas - float64(r.conductance(d)*(h.Pressure-atmosphere))
	} else {
		g[guardVentHolds] = pressure - float64(seat*h.Pressure)
	}
}

// conductance of vent and disc for gas, mol/(s·Pa).
func (r *reactor) conductance(d *ode.Discrete) float64 {
	c := r.p.Headspace.Vent
	if d.Modes[modeDisc] == 1 {
		c += r.p.Headspace.Disc
	}
	return c * (1 - r.u[inVentBlocked])
}

// pressureRise is the change of pressure, Pa/s: as published, that of the amount
// of gas at the present temperature.
func (r *reactor) pressureRise(x []float64, d *ode.Discrete) float64 {
	if d.Modes[modeVent] == 0 {
		return 0
	}
	leaving := float64(r.conductance(d) * (x[r.at(yPressure)] - atmosphere))
	return (r.present.gas - leaving) * gasConstant * r.present.temperature / r.p.Headspace.Volume
}

// Fire implements ode.Hybrid.
func (r *reactor) Fire(e ode.Event, _ float64, x []float64, d *ode.Discrete) {
	switch e.Guard {
	case guardValve:
		x[r.at(yValve)] = r.u[inValve]
	case guardVentOpen:
		d.Modes[modeVent] = 1
	case guardVentHolds:
		d.Modes[modeVent], x[r.at(yPressure)] = 0, r.p.Headspace.Pressure
	case guardDisc:
		d.Modes[modeDisc], d.Modes[modeVent] = 1, 1
	case guardRupture, guardHot:
		d.Modes[modeRuptured], x[r.at(yPressure)] = 1, atmosphere
	case guardFull:
		d.Modes[modeFull] = 1
	case guardRoom:
		d.Modes[modeFull] = 0
	}
}
