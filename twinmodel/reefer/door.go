package reefer

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
)

const gravity = 9.81 // m/s²

// doorFlow is the mass flow in kg/s through a door of given width and height
// between still air of two densities, fully established (Gosney and Olama 1975).
// Cold air leaves below and warm air enters above, whichever side is colder.
func doorFlow(width, height, density1, density2 float64) float64 {
	heavy, light := math.Max(density1, density2), math.Min(density1, density2)
	if heavy == light {
		return 0
	}
	f := 2 / (1 + detmath.Pow(heavy/light, 1.0/3))
	return 0.221 * width * height * math.Sqrt(gravity*height) * heavy *
		math.Sqrt(1-light/heavy) * f * math.Sqrt(f)
}

// infiltration is the air exchange with the outside in kg/s.
func (r *reefer) infiltration(air, w, ambient, wAmbient float64) float64 {
	p := &r.p
	open := float64(r.u[inDoor]*(1-p.CurtainEffectiveness)) + float64(0.03*r.u[inDoorSealLeak])
	if open == 0 {
		return p.Leakage
	}
	full := doorFlow(p.DoorWidth, p.DoorHeight,
		fluid.Density(air, w, fluid.AtmosphericPressure),
		fluid.Density(ambient, wAmbient, fluid.AtmosphericPressure))
	return p.Leakage + float64(p.DoorFlowFactor*full*math.Min(1, open))
}
