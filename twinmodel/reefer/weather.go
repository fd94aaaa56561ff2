package reefer

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
)

const day = 86400.0 // s

// weather is a synthetic clear day: temperature is a sine that is lowest at
// 03:00 and highest at 15:00, the sun a half sine from 06:00 to 18:00, relative
// humidity constant.
type weather struct {
	temperature, humidityRatio, irradiance float64
}

// weatherAt is the weather t seconds after the start.
func (r *reefer) weatherAt(t float64) weather {
	phase := 2 * math.Pi / day * (r.midnight + t)
	s, c := detmath.Sin(phase), detmath.Cos(phase)
	// sin(phase − 3π/4), the sine that passes its mean at 09:00.
	swing := -(s + c) / math.Sqrt2
	temp := r.u[inAmbientMean] + float64(r.u[inAmbientAmplitude]*swing)
	return weather{
		temperature:   temp,
		humidityRatio: fluid.HumidityRatio(temp, r.u[inAmbientHumidity]/100, fluid.AtmosphericPressure),
		irradiance:    math.Max(0, -r.u[inSolarPeak]*c),
	}
}
