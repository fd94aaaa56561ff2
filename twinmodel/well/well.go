package well

import "math"

const (
	// Gravity is the standard acceleration of free fall, m/s².
	Gravity = 9.80665

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

// Well is reservoir and annulus of one well.
type Well struct {
	ReservoirPressure float64 // also the bubble point, Pa
	MaxInflow         float64 // at zero pressure in the well, m³/s
	CasingPressure    float64 // of the gas over the liquid in the annulus, Pa
	LiquidDensity     float64 // kg/m³
	CasingInner       float64 // diameter, m
	TubingOuter       float64 // m
	FluidTemperature  float64 // °C
	GasOilRatio       float64 // dissolved at the bubble point, standard m³ per m³
	GasSeparation     float64 // share of the free gas kept out of the pump
	EntrainedBelow    float64 // level under which casing gas is drawn in, m
}

// Weight of the liquid, ρg, in Pa/m.
func (w *Well) Weight() float64 { return w.LiquidDensity * Gravity }

// Annulus is the cross-section between casing and tubing, m².
func (w *Well) Annulus() float64 {
	return math.Pi / 4 * (float64(w.CasingInner*w.CasingInner) - float64(w.TubingOuter*w.TubingOuter))
}

// StaticLevel is the level above the intake at which nothing flows in, m.
func (w *Well) StaticLevel() float64 {
	return (w.ReservoirPressure - w.CasingPressure) / (w.LiquidDensity * Gravity)
}

// IntakePressure in Pa below a level of h m.
func (w *Well) IntakePressure(h float64) float64 {
	return w.CasingPressure + float64(w.Weight()*math.Max(0, h))
}

// Inflow in m³/s against an intake pressure.
func (w *Well) Inflow(intake float64) float64 {
	return w.MaxInflow * Vogel(intake/w.ReservoirPressure)
}

// GasFraction is the share of gas in the volume that enters the pump: gas that
// has left solution at intake pressure and escapes the separator, and gas from
// the casing once the level h is so low that it is drawn in. A breakthrough of 1
// is five times the dissolved gas.
func (w *Well) GasFraction(intake, h, breakthrough float64) float64 {
	gas := w.GasOilRatio * (1 - w.GasSeparation) * standardPressure *
		(w.FluidTemperature + zeroCelsius) / standardTemperature
	free := math.Max(0, 1-intake/w.ReservoirPressure)
	ratio := gas * (1 + float64(4*breakthrough)) * free / intake
	liquid := 1 / (1 + ratio)
	return 1 - float64(liquid*math.Max(0, math.Min(1, h/w.EntrainedBelow)))
}
