package esp

import (
	"math"

	"twinrig/twinmodel/detmath"
)

const copperCoefficient = 0.0039 // of resistance, 1/K

// motor is what drive and motor do at one instant.
type motor struct {
	current float64 // A
	losses  float64 // W, all heat in the motor
	power   float64 // W from the drive
	speed   float64 // rad/s
	kinetic float64 // W into the rotor while its speed changes
}

// motor carries the shaft power and the acceleration. The drive keeps voltage
// proportional to frequency, so that current is power over frequency, also in
// the limit where a ramp starts or ends at rest.
func (s *station) motor(frequency, rate, shaft, winding float64) motor {
	if frequency <= 0 && rate == 0 {
		return motor{}
	}
	p := &s.p
	nu := frequency / p.RatedFrequency
	var m motor
	m.speed = 2 * math.Pi * frequency * (1 - p.Slip)
	turn := 2 * math.Pi * (1 - p.Slip) // rad/s of the shaft per Hz
	torque := p.Inertia * turn * rate
	m.kinetic = float64(torque * m.speed)
	core := float64(p.CoreLoss * nu * nu)
	perNu := float64(torque*turn*p.RatedFrequency) + float64(p.CoreLoss*nu)
	if nu > 0 {
		perNu += shaft / nu
	}
	active := perNu / (math.Sqrt(3) * p.RatedVoltage)
	square := float64(p.MagnetisingCurrent*p.MagnetisingCurrent) + float64(active*active)
	resistance := p.WindingResistance * (1 + float64(copperCoefficient*(winding-p.FluidTemperature)))
	m.current = math.Sqrt(square)
	m.losses = core + float64(3*resistance*square)
	m.power = shaft + m.kinetic + m.losses
	return m
}

// cooling is the heat in W that the motor gives to the liquid flowing past.
func (s *station) cooling(flow, winding float64) float64 {
	h := s.p.CoolingStill
	if flow > 0 {
		h += float64(s.p.CoolingFlow * detmath.Exp(0.8*detmath.Log(flow/s.p.RatedFlow)))
	}
	return h * (winding - s.p.FluidTemperature)
}
