package presence

import (
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/ode"
)

// flows are the fresh air in m³/s.
type flows struct{ fan, other float64 }

func (r *room) flows() flows {
	v := r.p.volume()
	return flows{
		fan:   float64(r.p.FanFlow * r.u[inVentilation] / 100 * (1 - r.u[inFanFailure])),
		other: float64(v * (r.p.Infiltration + float64(r.p.WindowFlow*r.u[inWindowOpen]))),
	}
}

// heating is the radiator behind its thermostatic valve, W.
func (r *room) heating(air float64) float64 {
	return float64(r.p.HeatingPower * unit((r.p.HeatingSetpoint-air)/r.p.HeatingBand))
}

// electric is the power of lamps and fan, W.
func (r *room) electric() float64 {
	lamps := r.p.LampPower * (r.u[inLamps] / 100) * (1 - r.u[inLampFailure])
	fan := r.p.FanPower * (r.u[inVentilation] / 100)
	return float64(lamps) + float64(fan)
}

// Derivatives implements ode.Hybrid. The ledgers' integrals stand beside the
// balances they must agree with.
func (r *room) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	n, f := r.people(d), r.flows()
	outside, outsideHumidity := r.outdoors(t)
	air := x[xAir]

	// CO2: V·dC/dt = Q·(C_o − C) + N·G, in m³/s of CO2.
	breath := float64(n * r.p.Carbon)
	carbon := float64((f.fan + f.other) * 1e-6 * (r.u[inOutdoorCarbon] - x[xCarbon]))
	dx[xCarbon] = (carbon + breath) * 1e6 / r.p.volume()
	dx[xChamber] = (x[xCarbon] - x[xChamber]) / (r.p.SensorTime * (1 + float64(199*r.u[inClogged])))

	// Air cannot hold more than saturation: the rest settles on windows and walls.
	vapour := float64(airDensity * (f.fan + f.other) * (outsideHumidity - x[xHumidity]))
	sweat := float64(n * r.p.Moisture)
	mist := math.Max(0, float64(r.airMass/60*(x[xHumidity]-fluid.HumidityRatio(air, 1, fluid.AtmosphericPressure))))
	dx[xHumidity] = (vapour + sweat - mist) / r.airMass

	exchange := float64(airDensity * fluid.DryAirHeatCapacity * (float64(f.fan*(1-r.p.HeatRecovery)) + f.other) * (outside - air))
	through := float64(r.p.Transmission * (outside - air))
	film := float64(r.p.MassFilm * (x[xMass] - air))
	heating, electric := r.heating(air), r.electric()
	solar := float64(r.p.WindowArea * r.irradiance(t))
	gains := heating + float64(n*r.p.Heat) + electric
	latent := float64(mist * fluid.VaporisationHeat)
	dx[xAir] = (exchange + through + film + gains + latent) / r.p.AirCapacity
	dx[xMass] = (solar - film) / r.p.MassCapacity
	dx[xEnergy] = heating + electric

	dx[xCarbonIn], dx[xCarbonOut] = breath, 0
	dx[xHeatIn], dx[xHeatOut] = gains+solar+float64(sweat*fluid.VaporisationHeat), 0
	dx[xWaterIn], dx[xWaterOut] = sweat, mist
	across(carbon, &dx[xCarbonIn], &dx[xCarbonOut])
	across(exchange+through, &dx[xHeatIn], &dx[xHeatOut])
	across(float64(vapour*fluid.VaporisationHeat), &dx[xHeatIn], &dx[xHeatOut])
	across(vapour, &dx[xWaterIn], &dx[xWaterOut])
}

// across books a flux over the boundary on the side its sign asks for.
func across(flux float64, in, out *float64) {
	if flux > 0 {
		*in += float64(flux)
	} else {
		*out -= float64(flux)
	}
}

// irradiance is that of a clear day with the sun up from 6 to 18 UTC.
func (r *room) irradiance(t float64) float64 {
	return r.u[inSolarPeak] * math.Max(0, -detmath.Cos(2*math.Pi*(t+r.midnight)/86400))
}

// outdoors is the outdoor temperature, and the humidity ratio that the mean
// temperature and the humidity make, as far as the air can hold it.
func (r *room) outdoors(t float64) (temperature, humidity float64) {
	mean := r.u[inOutdoorMean]
	temperature = mean - float64(r.u[inOutdoorSwing]*detmath.Sin(2*math.Pi*(t+r.midnight)/86400+math.Pi/4))
	humidity = math.Min(fluid.HumidityRatio(temperature, 1, fluid.AtmosphericPressure),
		fluid.HumidityRatio(mean, r.u[inOutdoorHumidity]/100, fluid.AtmosphericPressure))
	return temperature, humidity
}

// Outputs implements lumped.Model.
func (r *room) Outputs(t float64, x []float64, d *ode.Discrete, y []float64) {
	n, f := r.people(d), r.flows()
	y[outOccupied], y[outCount] = math.Min(1, n), n
	y[outMotion] = float64(d.Modes[modeMotion])
	y[outCarbon], y[outChamber] = x[xCarbon], x[xChamber]
	y[outTemperature] = x[xAir]
	y[outHumidity] = math.Min(100, 100*fluid.RelativeHumidity(x[xAir], math.Max(0, x[xHumidity]), fluid.AtmosphericPressure))
	y[outDaylight] = float64(r.p.DaylightFactor * r.p.Efficacy * r.irradiance(t))
	y[outIlluminance] = y[outDaylight] + float64(r.p.LampLight*r.u[inLamps]/100*(1-r.u[inLampFailure]))
	y[outFlow] = (f.fan + f.other) * 3600
	y[outHeating] = r.heating(x[xAir])
	y[outOutdoor], _ = r.outdoors(t)
	y[outEnergy] = x[xEnergy] / 3.6e6
	y[outMovements], y[outDetections], y[outFalse] = float64(d.Modes[modeMovements]), float64(d.Modes[modeDetections]), float64(d.Modes[modeFalse])
}

// Ledgers implements lumped.Model: CO2, heat with liquid water at 0 °C as zero,
// and water.
func (r *room) Ledgers(x []float64) []twinmodel.Ledger {
	now := r.stored(x)
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Volume, Unit: "m³", Stored: now[0] - r.initial[0], In: x[xCarbonIn], Out: x[xCarbonOut]},
		{Quantity: twinmodel.Energy, Unit: "J", Stored: now[1] - r.initial[1], In: x[xHeatIn], Out: x[xHeatOut]},
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: now[2] - r.initial[2], In: x[xWaterIn], Out: x[xWaterOut]},
	}
}

// stored are m³ of CO2, J and kg of water.
func (r *room) stored(x []float64) [3]float64 {
	return [3]float64{
		x[xCarbon] * 1e-6 * r.p.volume(),
		float64(r.p.AirCapacity*x[xAir]) + float64(r.p.MassCapacity*x[xMass]) + float64(r.airMass*fluid.VaporisationHeat*x[xHumidity]),
		r.airMass * x[xHumidity],
	}
}
