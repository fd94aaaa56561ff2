package esp

import "math"

const (
	gravity             = 9.80665  // m/s²
	standardPressure    = 101325.0 // Pa
	standardTemperature = 288.15   // K
	zeroCelsius         = 273.15   // K
)

// Vogel is the inflow of a saturated reservoir as a share of its maximum, at
// flowing pressure x as a share of the reservoir's. Above the reservoir's
// pressure liquid flows back, along the tangent.
func Vogel(x float64) float64 {
	if x > 1 {
		return -1.8 * (x - 1)
	}
	x = math.Max(0, x)
	return 1 - float64(0.2*x) - float64(0.8*x*x)
}

// well holds what the equations need, computed once from the parameters.
type well struct {
	weight   float64 // of the liquid, ρg, Pa/m
	annulus  float64 // cross-section, m²
	friction float64 // head per square of the flow in the tubing, m/(m³/s)²
	gas      float64 // free gas that enters the pump, were all of it free, in standard m³·Pa per m³
}

func newWell(p *Params) well {
	d := p.TubingInner
	return well{
		weight:  p.LiquidDensity * gravity,
		annulus: math.Pi / 4 * (float64(p.CasingInner*p.CasingInner) - float64(p.TubingOuter*p.TubingOuter)),
		// Darcy and Weisbach with v = q/A: h = 8 f L q²/(π² g d⁵).
		friction: 8 * p.FrictionFactor * p.PumpDepth / (math.Pi * math.Pi * gravity * d * d * d * d * d),
		gas: p.GasOilRatio * (1 - p.GasSeparation) * standardPressure *
			(p.FluidTemperature + zeroCelsius) / standardTemperature,
	}
}

// intakePressure in Pa below a level of h m.
func (s *station) intakePressure(h float64) float64 {
	return s.p.CasingPressure + float64(s.well.weight*math.Max(0, h))
}

// inflow in m³/s against an intake pressure.
func (s *station) inflow(intake float64) float64 {
	return s.p.MaxInflow * Vogel(intake/s.p.ReservoirPressure)
}

// gasFraction of what enters the pump: gas that has left solution at intake
// pressure and escapes the separator, and gas from the casing once the level is
// so low that it is drawn in.
func (s *station) gasFraction(intake, h float64) float64 {
	free := math.Max(0, 1-intake/s.p.ReservoirPressure)
	ratio := s.well.gas * (1 + float64(4*s.u[inGasBreakthrough])) * free / intake
	liquid := 1 / (1 + ratio)
	return 1 - float64(liquid*math.Max(0, math.Min(1, h/s.p.EntrainedBelow)))
}
