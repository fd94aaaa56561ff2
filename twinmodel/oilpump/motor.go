package oilpump

import "math"

// motor is an induction motor on a drive that keeps voltage proportional to
// speed, so that current is torque. It follows once in a beat.
type motor struct {
	work    float64 // asked for since the last beat, J
	turned  float64 // by the crank since the last beat, revolutions
	winding float64 // °C
	square  float64 // of the current, A²
	power   float64 // from the grid, W
	tripped bool    // stopped by its thermal protector
}

const copperCoefficient = 0.0039 // of resistance, 1/K

// carry delivers the work of a beat and returns the energy from the grid and the
// heat that leaves motor and braking resistor, J.
func (t *motor) carry(m *machine, c *condition) (grid, heat float64) {
	p := &m.p
	losses := 0.0
	t.square = 0
	if t.turned > 0 {
		nu := t.turned / c.grip / m.beatTime * 60 / p.RatedSpeed
		active := t.work / m.beatTime / (nu * math.Sqrt(3) * p.RatedVoltage)
		t.square = float64(p.MagnetisingCurrent*p.MagnetisingCurrent) + float64(active*active)
		resistance := p.WindingResistance * (1 + float64(copperCoefficient*(t.winding-20)))
		losses = (float64(p.CoreLoss*nu*nu) + float64(3*resistance*t.square)) * m.beatTime
	}
	cooling := p.WindingCooling * (t.winding - c.ambient) * m.beatTime
	t.winding += (losses - float64(cooling)) / p.WindingCapacity
	t.tripped = t.winding > p.ThermalTrip || t.tripped && t.winding > p.ThermalReset
	electric := t.work + losses
	grid = max(0, electric)
	t.power, t.work, t.turned = grid/m.beatTime, 0, 0
	return grid, float64(cooling) + grid - electric
}
