package esp

import (
	"math"

	"twinrig/twinmodel/well"
)

// borehole holds what the equations need, computed once from the parameters.
type borehole struct {
	well.Well
	weight   float64 // of the liquid, ρg, Pa/m
	annulus  float64 // cross-section, m²
	friction float64 // head per square of the flow in the tubing, m/(m³/s)²
}

func newBorehole(p *Params) borehole {
	d := p.TubingInner
	b := borehole{
		Well: well.Well{
			ReservoirPressure: p.ReservoirPressure, MaxInflow: p.MaxInflow, CasingPressure: p.CasingPressure,
			LiquidDensity: p.LiquidDensity, CasingInner: p.CasingInner, TubingOuter: p.TubingOuter,
			FluidTemperature: p.FluidTemperature, GasOilRatio: p.GasOilRatio, GasSeparation: p.GasSeparation,
			EntrainedBelow: p.EntrainedBelow,
		},
		// Darcy and Weisbach with v = q/A: h = 8 f L q²/(π² g d⁵).
		friction: 8 * p.FrictionFactor * p.PumpDepth / (math.Pi * math.Pi * well.Gravity * d * d * d * d * d),
	}
	b.weight, b.annulus = b.Weight(), b.Annulus()
	return b
}
