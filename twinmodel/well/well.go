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
	ReservoirPressure float64 `unit:"Pa" range:"1e5..1e8" source:"typical of the trade" doc:"pressure of the reservoir and its bubble point"`
	MaxInflow         float64 `unit:"m³/s" range:"0..0.1" source:"typical of the trade" doc:"inflow at zero pressure in the well"`
	CasingPressure    float64 `unit:"Pa" range:"1e5..1e7" source:"typical of the trade" doc:"pressure of the gas over the liquid in the annulus"`
	LiquidDensity     float64 `unit:"kg/m³" range:"600..1300" source:"typical of the trade" doc:"density of the liquid"`
	CasingInner       float64 `unit:"m" range:"0.05..0.5" source:"typical of the trade" doc:"inner diameter of the casing"`
	TubingOuter       float64 `unit:"m" range:"0.02..0.3" source:"typical of the trade" doc:"outer diameter of the tubing"`
	FluidTemperature  float64 `unit:"°C" range:"5..200" source:"typical of the trade" doc:"temperature at the pump"`
	GasOilRatio       float64 `unit:"1" range:"0..500" source:"estimate" doc:"standard m³ of gas dissolved in a m³ at the bubble point"`
	GasSeparation     float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the free gas kept out of the pump"`
	EntrainedBelow    float64 `unit:"m" range:"0.1..200" source:"estimate" doc:"level under which casing gas is drawn in"`
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
	return float64(w.MaxInflow * Vogel(intake/w.ReservoirPressure))
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
