package fluid

import "twinrig/twinmodel/detmath"

// Constants of moist air.
const (
	AtmosphericPressure = 101325.0 // Pa
	DryAirHeatCapacity  = 1006.0   // J/(kg·K)
	VapourHeatCapacity  = 1860.0   // J/(kg·K)
	VaporisationHeat    = 2.501e6  // J/kg of water at 0 °C
	FusionHeat          = 3.34e5   // J/kg of ice at 0 °C
	ZeroCelsius         = 273.15   // K

	massRatio   = 0.621945 // molar mass of water over that of dry air
	dryAirConst = 287.042  // J/(kg·K)
)

// SaturationPressure is the vapour pressure in Pa over water, or over ice below
// 0 °C.
func SaturationPressure(t float64) float64 {
	if t < 0 {
		return 611.15 * detmath.Exp((23.036-t/333.7)*t/(279.82+t))
	}
	return 611.21 * detmath.Exp((18.678-t/234.5)*t/(257.14+t))
}

// HumidityRatio is the mass of vapour per mass of dry air at temperature t,
// relative humidity rh (0 to 1) and total pressure p.
func HumidityRatio(t, rh, p float64) float64 {
	pv := float64(rh * SaturationPressure(t))
	return massRatio * pv / (p - pv)
}

// RelativeHumidity is the inverse of HumidityRatio; above 1 the air is
// supersaturated.
func RelativeHumidity(t, w, p float64) float64 {
	return p * w / ((massRatio + w) * SaturationPressure(t))
}

// Enthalpy is J per kg of dry air, zero for dry air and liquid water at 0 °C.
func Enthalpy(t, w float64) float64 {
	return float64(DryAirHeatCapacity*t) + float64(w*(VaporisationHeat+float64(VapourHeatCapacity*t)))
}

// SpecificVolume is m³ per kg of dry air.
func SpecificVolume(t, w, p float64) float64 {
	return dryAirConst * (t + ZeroCelsius) * (1 + float64(1.607858*w)) / p
}

// Density is kg of moist air per m³.
func Density(t, w, p float64) float64 { return (1 + w) / SpecificVolume(t, w, p) }
