package hvac

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/fluid"
	"twinrig/twinmodel/lumped"
	"twinrig/twinmodel/ode"
)

// Continuous states. Temperatures in °C, the integrals in J and kg.
const (
	xAir = iota
	xMass
	xHumidity // kg/kg
	xRamp     // share of the capacity that has come up
	xSpeed    // integral part of an inverter's speed
	xPan      // condensate, kg
	xEnergy   // electric, J
	xHeatIn
	xHeatOut
	xWaterIn
	xWaterOut
	states
)

var stateNames = []string{"room temperature", "mass temperature", "room humidity", "capacity", "compressor speed", "condensate",
	"energy used", "heat taken up", "heat given off", "water taken up", "water given off"}

// HVAC is a room with its air conditioner.
type HVAC struct{ *lumped.Plant }

// hvac is its physics.
type hvac struct {
	p        Params
	zone     Zone
	airMass  float64   // kg
	u        []float64 // inputs
	midnight float64   // s from midnight UTC to the start
	initial  [2]float64
}

// New makes a room at start, all of it at its initial temperature.
func New(start time.Time, p Params) (*HVAC, error) { return build(start, p, tolerance()) }

func build(start time.Time, p Params, tol ode.Tolerance) (*HVAC, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make hvac: %w", err)
	}
	hour, m, s := start.UTC().Clock()
	h := &hvac{p: p, zone: p.Zone, airMass: airDensity * p.FloorArea * p.Height, u: make([]float64, inputs),
		midnight: float64(3600*hour+60*m+s) + float64(start.Nanosecond())/1e9}
	h.zone.prepare()
	x := make([]float64, states)
	x[xAir], x[xMass] = p.AirTemperature, p.AirTemperature
	x[xSpeed] = p.MinSpeed
	x[xHumidity] = fluid.HumidityRatio(p.AirTemperature, 0.5, fluid.AtmosphericPressure)
	h.initial = [2]float64{h.heatStored(x), h.waterStored(x)}
	plant, err := lumped.New(lumped.Config{
		Spec: &spec, Start: start, Model: h, Inputs: h.u, States: stateNames,
		ODE: ode.Config{Tolerance: tol, State: x, Guards: guardDirections,
			Modes: make([]int64, modes), Timers: []float64{ode.Never}},
	})
	if err != nil {
		return nil, err
	}
	return &HVAC{plant}, nil
}

func tolerance() ode.Tolerance {
	abs := make([]float64, states)
	for i := range abs {
		abs[i] = 1e-4
	}
	abs[xHumidity] = 1e-7
	abs[xSpeed] = math.Inf(1) // follows the air, which is controlled
	for _, i := range []int{xEnergy, xHeatIn, xHeatOut, xWaterIn, xWaterOut} {
		abs[i] = math.Inf(1)
	}
	return ode.Tolerance{Rel: 1e-6, Abs: abs, MaxStep: 300, Affordable: 0.5}
}

// Derivatives implements ode.Hybrid. The ledgers' integrals stand beside the
// balances they must agree with.
func (h *hvac) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	w := h.weatherAt(t)
	z := &h.zone
	air, humidity := x[xAir], math.Max(0, x[xHumidity])
	internal := h.u[inInternalHeat] + float64(h.p.OccupantHeat*h.u[inOccupants])
	solar := float64(h.p.WindowArea * w.irradiance)
	g := z.distribute(internal, solar)
	surface := z.surface(air, x[xMass], w.temperature, g.surface)

	ventilation := z.Ventilation * (1 + float64(9*h.u[inWindowOpen]))
	exchange := float64(ventilation * (w.temperature - air))
	vapour := float64(ventilation / fluid.DryAirHeatCapacity * (w.humidityRatio - x[xHumidity]))
	breath := float64(h.p.OccupantMoisture * h.u[inOccupants])
	// Air cannot hold more than saturation: the rest settles on surfaces and is
	// booked out as if it drained.
	mist := math.Max(0, float64(h.airMass/60*(x[xHumidity]-fluid.HumidityRatio(air, 1, fluid.AtmosphericPressure))))

	var c coil
	dx[xRamp], dx[xSpeed] = 0, 0
	if d.Modes[modeRunning] == 1 {
		c = h.operate(air, humidity, x, d, w)
		dx[xRamp] = (1 - x[xRamp]) / h.p.StartupTime
		dx[xSpeed] = h.integrate(x, d)
	}
	drain := float64(math.Max(0, x[xPan]) / h.p.DrainTime * (1 - h.u[inDrainBlocked]))
	toSurface, toMass := float64(z.toSurface*(surface-air)), float64(z.toMass*(surface-x[xMass]))
	through := float64(z.throughEm * (w.temperature - x[xMass]))

	latent := float64((c.moisture + mist) * fluid.VaporisationHeat)
	dx[xAir] = (exchange + toSurface + g.air + c.fan - c.heat + latent) / z.AirCapacity
	dx[xMass] = (through + toMass + g.mass) / z.MassCapacity
	dx[xHumidity] = (vapour + breath - c.moisture - mist) / h.airMass
	dx[xPan] = c.moisture - drain
	dx[xEnergy] = c.input

	dx[xHeatIn] = g.air + g.surface + g.mass + c.fan + float64(breath*fluid.VaporisationHeat)
	dx[xHeatOut] = 0
	dx[xWaterIn], dx[xWaterOut] = breath, drain+mist
	across(-c.heat, &dx[xHeatIn], &dx[xHeatOut])
	across(exchange+float64(vapour*fluid.VaporisationHeat), &dx[xHeatIn], &dx[xHeatOut])
	across(through+float64(z.Window*(w.temperature-surface)), &dx[xHeatIn], &dx[xHeatOut])
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

// Outputs implements lumped.Model.
func (h *hvac) Outputs(t float64, x []float64, d *ode.Discrete, y []float64) {
	w := h.weatherAt(t)
	humidity := math.Max(0, x[xHumidity])
	g := h.zone.distribute(h.u[inInternalHeat]+float64(h.p.OccupantHeat*h.u[inOccupants]), float64(h.p.WindowArea*w.irradiance))
	y[outTemperature], y[outMass], y[outOutdoor] = x[xAir], x[xMass], w.temperature
	y[outHumidity] = math.Min(100, 100*fluid.RelativeHumidity(x[xAir], humidity, fluid.AtmosphericPressure))
	y[outSurface] = h.zone.surface(x[xAir], x[xMass], w.temperature, g.surface)
	y[outSupply], y[outSpeed], y[outPower], y[outCooling], y[outFilter] = x[xAir], 0, 0, 0, 0
	if d.Modes[modeRunning] == 1 {
		c := h.operate(x[xAir], humidity, x, d, w)
		y[outSpeed] = 100 * h.speed(x, d)
		sensible := c.heat - float64(c.moisture*fluid.VaporisationHeat) - c.fan
		y[outSupply] = x[xAir] - sensible/(c.airflow*fluid.DryAirHeatCapacity)
		y[outPower], y[outCooling] = c.input, c.heat
		share := h.airShare()
		y[outFilter] = h.p.FilterDrop * share * share * (1 + float64(dustFilter*h.u[inDirtyFilter]))
	}
	y[outCompressor], y[outFloat] = float64(d.Modes[modeRunning]), float64(d.Modes[modeFloat])
	y[outCondensate] = 100 * math.Max(0, x[xPan]) / h.p.PanCapacity
	y[outEnergy] = x[xEnergy] / 3.6e6
	y[outIlluminance] = h.p.DaylightFactor * h.p.Efficacy * w.irradiance
}

// Ledgers implements lumped.Model: heat with liquid water at 0 °C as zero, and
// water.
func (h *hvac) Ledgers(x []float64) []twinmodel.Ledger {
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: h.heatStored(x) - h.initial[0], In: x[xHeatIn], Out: x[xHeatOut]},
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: h.waterStored(x) - h.initial[1], In: x[xWaterIn], Out: x[xWaterOut]},
	}
}

func (h *hvac) heatStored(x []float64) float64 {
	return float64(h.zone.AirCapacity*x[xAir]) + float64(h.zone.MassCapacity*x[xMass]) +
		float64(h.airMass*fluid.VaporisationHeat*x[xHumidity])
}

func (h *hvac) waterStored(x []float64) float64 { return float64(h.airMass*x[xHumidity]) + x[xPan] }
