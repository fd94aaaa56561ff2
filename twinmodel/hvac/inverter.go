package hvac

import (
	"math"

	"twinrig/twinmodel/ode"
)

// backTime is how fast the integral of the speed control gives way at a limit, s.
const backTime = 60

// speed is the running compressor's over its highest: proportional and integral
// in what the thermostat feels, between the limits. A unit without inverter has
// both limits at 1.
func (h *hvac) speed(x []float64, d *ode.Discrete) float64 {
	return math.Min(1, math.Max(h.p.MinSpeed, h.wanted(x, d)))
}

// wanted is the speed before its limits.
func (h *hvac) wanted(x []float64, d *ode.Discrete) float64 {
	if h.p.MinSpeed == 1 {
		return 1
	}
	demand := math.Max(-10, h.demand(x[xAir], d)) // the float switch makes it endless
	return x[xSpeed] + float64(h.p.SpeedGain*demand)
}

// integrate is the rate of the speed's integral part, with back-calculation at
// the limits.
func (h *hvac) integrate(x []float64, d *ode.Discrete) float64 {
	if h.p.MinSpeed == 1 {
		return 0
	}
	demand := math.Max(-10, h.demand(x[xAir], d))
	back := h.speed(x, d) - h.wanted(x, d)
	return float64(h.p.SpeedGain*demand)/h.p.SpeedTime + float64(back/backTime)
}
