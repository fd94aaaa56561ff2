package hvac

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/ode"
)

// Modes of the hybrid system.
const (
	modeRunning = iota // 1 while the compressor runs
	modeHold           // 1 while a minimum on or off time runs
	modeFloat          // 1 while the float switch is open
	modes
)

// Guards.
const (
	guardStart = iota
	guardStop
	guardForbidden // switched off, or the float switch opens, while running
	guardPanFull
	guardPanLow
	guards
)

var guardDirections = []ode.Direction{
	guardStart: ode.Rising, guardStop: ode.Falling, guardForbidden: ode.Rising, guardPanFull: ode.Rising, guardPanLow: ode.Falling,
}

// demand is how much too warm, or too cold when heating, the thermostat feels
// the room, K; negative infinity when the unit must not run.
func (h *hvac) demand(air float64, d *ode.Discrete) float64 {
	felt := air - float64(4*h.u[inThermostatDrift])
	switch {
	case d.Modes[modeFloat] == 1:
	case h.u[inMode] == modeCool:
		return felt - h.u[inSetpoint]
	case h.u[inMode] == modeHeat:
		return h.u[inSetpoint] - felt
	}
	return math.Inf(-1)
}

// Guards implements ode.Hybrid.
func (h *hvac) Guards(_ float64, x []float64, d *ode.Discrete, g []float64) {
	for i := range g {
		g[i] = ode.Disabled
	}
	demand := h.demand(x[xAir], d)
	running := d.Modes[modeRunning] == 1
	forbidden := math.IsInf(demand, -1)
	switch {
	case running && forbidden:
		g[guardForbidden] = 1
	case d.Modes[modeHold] == 1 || forbidden:
	case running:
		g[guardStop] = demand + h.differential()
	default:
		g[guardStart] = demand - h.differential()
	}
	if d.Modes[modeFloat] == 0 {
		g[guardPanFull] = x[xPan] - h.p.PanCapacity
	} else {
		g[guardPanLow] = x[xPan] - float64(0.5*h.p.PanCapacity)
	}
}

// Fire implements ode.Hybrid.
func (h *hvac) Fire(e ode.Event, t float64, x []float64, d *ode.Discrete) {
	switch {
	case e.Timer == 0:
		d.Modes[modeHold] = 0
	case e.Guard == guardStart:
		d.Modes[modeRunning], d.Modes[modeHold] = 1, 1
		d.Timers[0] = t + h.holdTime(h.p.MinOn)
	case e.Guard == guardStop, e.Guard == guardForbidden:
		x[xRamp], x[xSpeed] = 0, h.p.MinSpeed
		d.Modes[modeRunning], d.Modes[modeHold] = 0, 1
		d.Timers[0] = t + h.holdTime(h.p.MinOff)
	case e.Guard == guardPanFull:
		d.Modes[modeFloat] = 1
	case e.Guard == guardPanLow:
		d.Modes[modeFloat] = 0
	}
}

// differential is half the thermostat's band; a worn contact loses most of it.
func (h *hvac) differential() float64 {
	return float64(h.p.Differential * (1 - float64(0.8*h.u[inShortCycling])))
}

// holdTime is never zero: a relay takes its time.
func (h *hvac) holdTime(s float64) float64 { return math.Max(1, float64(s*(1-h.u[inShortCycling]))) }

// biquadratic curves of OpenStudio and Modelica Buildings, about 1 at a wet bulb of 19.44 °C and
// 35 °C outside: constant, x, x², y, y², xy.
var (
	capacityCurve = [6]float64{0.766956, 0.0107756, -4.14703e-5, 0.00134961, -2.61144e-4, 4.57488e-4}
	inputCurve    = [6]float64{0.297145, 0.0430933, -7.48766e-4, 0.00597727, 4.82112e-4, -9.56448e-4}
)

func biquadratic(c *[6]float64, x, y float64) float64 {
	return c[0] + float64(x*(c[1]+float64(c[2]*x))) + float64(y*(c[3]+float64(c[4]*y))) + float64(c[5]*x*y)
}

// coil is what the unit does to the room's air and to the grid.
type coil struct {
	heat     float64 // taken from the room, sensible and latent, W
	moisture float64 // taken from the room, kg/s
	fan      float64 // heat of the fan, W
	input    float64 // of compressor and fan, W
	airflow  float64 // kg/s
}

// operate is the running unit.
func (h *hvac) operate(air, humidity float64, x []float64, d *ode.Discrete, w weather) (c coil) {
	p := &h.p
	speed := h.speed(x, d)
	level := x[xRamp] * speed
	share := h.airShare()
	c.airflow, c.fan = p.Airflow*share, p.FanPower
	heating := 0.0
	if h.u[inMode] == modeHeat {
		heating = 1 - h.u[inReversingValve]
	}
	cooling, input := h.cooling(air, humidity, w, share)
	warm := p.HeatingCapacity * math.Max(0.3, 1+float64(0.02*(w.temperature-7))) * h.charge() * (0.7 + float64(0.3*share))
	warmInput := p.HeatingCapacity / p.HeatingCOP
	cooling = float64(cooling * level * (1 - heating))
	c.heat = cooling - float64(heating*warm*level)
	c.moisture = h.condensation(air, humidity, cooling, c.airflow)
	share = speed * (1 - float64(p.SpeedSaving*(1-speed)))
	c.input = c.fan + float64(share*(float64((1-heating)*input)+float64(heating*warmInput)))
	return c
}

// A filter full of dust resists twelve times as much as a clean one, which is
// 3/11 of what resists the air at first: that halves the flow, as fan and duct
// meet where (a + b·dirt)·Q² is the head of the fan at rest.
const (
	dustFilter = 11.0
	dustSystem = 3.0
)

// airShare is the airflow over that with a clean filter.
func (h *hvac) airShare() float64 { return 1 / math.Sqrt(1+float64(dustSystem*h.u[inDirtyFilter])) }

func (h *hvac) charge() float64 { return 1 - float64(0.6*h.u[inUndercharge]) }

// cooling is total capacity and compressor power in W. The curves are held to
// the range for which they were made.
func (h *hvac) cooling(air, humidity float64, w weather, share float64) (capacity, input float64) {
	wet := math.Min(26, math.Max(12, fluid.WetBulb(air, humidity, fluid.AtmosphericPressure)))
	outside := math.Min(50, math.Max(18, w.temperature+float64(8*h.u[inFouling])))
	full := h.p.CoolingCapacity * biquadratic(&capacityCurve, wet, outside) * (0.8 + float64(0.2*share))
	eir := biquadratic(&inputCurve, wet, outside) * (1.1552 - float64(share*(0.1808-float64(0.0256*share))))
	// A cold room lets the evaporator freeze up: nothing is left at 5 °C.
	full *= math.Min(1, math.Max(0, (air-5)/5))
	return full * h.charge(), full * eir / h.p.CoolingCOP
}

// condensation: the air that touches the coil leaves at the apparatus dew point.
func (h *hvac) condensation(air, humidity, capacity, flow float64) float64 {
	if capacity <= 0 {
		return 0
	}
	contact := flow * (1 - h.p.BypassFactor)
	leaving := fluid.Enthalpy(air, humidity) - capacity/contact
	dew := fluid.SaturationTemperature(leaving, fluid.AtmosphericPressure)
	return math.Max(0, float64(contact*(humidity-fluid.HumidityRatio(dew, 1, fluid.AtmosphericPressure))))
}

type weather struct{ temperature, humidityRatio, irradiance float64 }

// weatherAt is a clear day with the sun up from 6 to 18 UTC.
func (h *hvac) weatherAt(t float64) weather {
	day := 2 * math.Pi * (t + h.midnight) / 86400
	mean := h.u[inOutdoorMean]
	rh := h.u[inOutdoorHumidity] / 100
	w := weather{
		temperature: mean - float64(h.u[inOutdoorSwing]*detmath.Sin(day+math.Pi/4)),
		irradiance:  h.u[inSolarPeak] * math.Max(0, -detmath.Cos(day)),
	}
	saturated := fluid.HumidityRatio(w.temperature, 1, fluid.AtmosphericPressure)
	w.humidityRatio = math.Min(saturated, fluid.HumidityRatio(mean, rh, fluid.AtmosphericPressure))
	return w
}
