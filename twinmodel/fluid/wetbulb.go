package fluid

import "math"

const (
	waterHeatCapacity = 4186.0 // J/(kg·K)
	iceHeatCapacity   = 2100.0 // J/(kg·K)
)

// SaturatedEnthalpy is Enthalpy of saturated air.
func SaturatedEnthalpy(t, p float64) float64 { return Enthalpy(t, HumidityRatio(t, 1, p)) }

// SaturationTemperature is the temperature of saturated air of an enthalpy.
func SaturationTemperature(h, p float64) float64 {
	return root(20, func(t float64) float64 { return SaturatedEnthalpy(t, p) - h })
}

// WetBulb is the temperature of adiabatic saturation: over ice where it lies
// below 0 °C.
func WetBulb(t, w, p float64) float64 {
	h := Enthalpy(t, w)
	over := func(liquid func(t float64) float64) func(float64) float64 {
		return func(x float64) float64 {
			ws := HumidityRatio(x, 1, p)
			return Enthalpy(x, ws) - float64((ws-w)*liquid(x)) - h
		}
	}
	water := over(func(x float64) float64 { return waterHeatCapacity * x })
	if water(0) <= 0 {
		return root(t, water)
	}
	return root(math.Min(t, 0), over(func(x float64) float64 { return float64(iceHeatCapacity*x) - FusionHeat }))
}

// DewPoint is the temperature at which air of humidity ratio w is saturated.
func DewPoint(w, p float64) float64 {
	pv := p * w / (massRatio + w)
	return root(10, func(t float64) float64 { return SaturationPressure(t) - pv })
}

// root is where an increasing function crosses zero, from -90 to 90 °C.
func root(t float64, f func(float64) float64) float64 {
	lo, hi := -90.0, 90.0
	for range 60 {
		y := f(t)
		if y > 0 {
			hi = t
		} else {
			lo = t
		}
		const dt = 1e-3
		next := t - float64(dt*y)/(f(t+dt)-y)
		if !(next > lo && next < hi) {
			next = lo + float64(0.5*(hi-lo))
		}
		if math.Abs(next-t) < 1e-7 {
			return next
		}
		t = next
	}
	return t
}
