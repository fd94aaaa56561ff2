package reefer

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
	xLiner
	xSkin
	xCargo
	xCore
	xCoil
	xCapacity // heat the refrigerant takes up now, W
	xHumidity // kg/kg
	xFrost    // on the coil, kg
	xRime     // on the cargo, kg
	xDriven   // time under way, s
	xFuel     // L
	xEngine   // h the engine has run
	xHeatIn
	xHeatOut
	xWaterIn
	xWaterOut
	states
)

var stateNames = []string{
	"box air temperature", "liner temperature", "skin temperature", "cargo surface temperature",
	"cargo core temperature", "coil temperature", "refrigeration", "box humidity", "frost on the coil",
	"rime on the cargo", "time under way", "fuel", "engine hours", "heat taken up", "heat given off", "water taken up", "water given off",
}

// Reefer is a refrigeration truck.
type Reefer struct{ *lumped.Plant }

// reefer is its physics.
type reefer struct {
	p               Params
	body            body
	u               []float64  // inputs
	midnight        float64    // s from midnight UTC to the start
	slope           float64    // of the capacity over the coil temperature
	warm            float64    // coil temperature at the warm rating point
	film, filmSpeed float64    // heat transfer coefficient of the skin, and the speed it belongs to
	initial         [2]float64 // heat and water stored at the start
}

// New makes a truck at start: the cargo at its initial temperature all through,
// the box as cold, the skin at ambient temperature, the unit ready to run.
func New(start time.Time, p Params) (*Reefer, error) { return build(start, p, tolerance()) }

func build(start time.Time, p Params, tol ode.Tolerance) (*Reefer, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make reefer: %w", err)
	}
	r := newPhysics(start, p)
	x := r.initialState()
	r.initial = [2]float64{r.heatStored(x), r.waterStored(x)}
	plant, err := lumped.New(lumped.Config{
		Spec: &spec, Start: start, Model: r, Inputs: r.u, States: stateNames,
		ODE: ode.Config{
			Tolerance: tol, State: x, Guards: guardDirections,
			Modes:  []int64{modeUnit: unitNull, modeHold: 0, modeSegment: 0},
			Timers: []float64{timerHold: ode.Never, timerStage: ode.Never, timerDefrost: p.DefrostInterval},
		},
	})
	if err != nil {
		return nil, err
	}
	return &Reefer{plant}, nil
}

// newPhysics is the physics with all inputs at their initial values.
func newPhysics(start time.Time, p Params) *reefer {
	h, m, s := start.UTC().Clock()
	r := &reefer{
		p: p, body: newBody(&p), u: make([]float64, inputs),
		midnight: float64(3600*h+60*m+s) + float64(start.Nanosecond())/1e9,
		slope:    p.capacitySlope(), warm: p.warmCoil(),
	}
	for i := range r.u {
		r.u[i] = spec.Signals[i].Initial
	}
	return r
}

func (r *reefer) initialState() []float64 {
	x := make([]float64, states)
	t := r.p.CargoTemperature
	for _, i := range []int{xAir, xLiner, xCargo, xCore, xCoil} {
		x[i] = t
	}
	x[xSkin] = r.weatherAt(0).temperature
	x[xFuel] = r.p.FuelLevel * r.p.FuelTank
	x[xHumidity] = fluid.HumidityRatio(t, 0.8, fluid.AtmosphericPressure)
	return x
}

// tolerance: temperatures to millikelvins, humidity and frost to match; the
// integrals follow.
func tolerance() ode.Tolerance {
	abs := make([]float64, states)
	for i := range abs {
		abs[i] = 1e-4
	}
	abs[xCapacity], abs[xHumidity], abs[xFrost], abs[xRime] = 0.1, 1e-7, 1e-4, 1e-4
	for _, i := range []int{xHeatIn, xHeatOut, xWaterIn, xWaterOut} {
		abs[i] = math.Inf(1)
	}
	return ode.Tolerance{Rel: 1e-5, Abs: abs, MaxStep: 120, Affordable: 0.5}
}

// Outputs implements lumped.Model.
func (r *reefer) Outputs(t float64, x []float64, d *ode.Discrete, y []float64) {
	w := r.weatherAt(t)
	y[outReturnAir] = x[xAir]
	y[outSupplyAir] = x[xAir] - float64(r.effectiveness(x[xFrost])*(x[xAir]-x[xCoil]))
	y[outCargo], y[outCargoCore] = x[xCargo], x[xCore]
	y[outLiner], y[outSkin], y[outCoil] = x[xLiner], x[xSkin], x[xCoil]
	y[outHumidity] = math.Min(100, 100*fluid.RelativeHumidity(x[xAir], math.Max(0, x[xHumidity]), fluid.AtmosphericPressure))
	y[outFrost] = math.Max(0, x[xFrost])
	y[outAmbient], y[outSolar] = w.temperature, w.irradiance
	y[outUnitMode] = float64(d.Modes[modeUnit])
	y[outCooling] = math.Max(0, x[xCapacity]) / 1e3
	y[outCompressorPower] = r.compressorPower(math.Max(0, x[xCapacity]), x[xCoil], w.temperature) / 1e3
	r.driveOutputs(x, d, y)
}

// Ledgers implements lumped.Model: heat with liquid water at 0 °C as zero, and
// water.
func (r *reefer) Ledgers(x []float64) []twinmodel.Ledger {
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: r.heatStored(x) - r.initial[0], In: x[xHeatIn], Out: x[xHeatOut]},
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: r.waterStored(x) - r.initial[1], In: x[xWaterIn], Out: x[xWaterOut]},
	}
}

func (r *reefer) heatStored(x []float64) float64 {
	b := &r.body
	return float64(b.airCapacity*x[xAir]) + float64(b.linerCapacity*x[xLiner]) + float64(b.skinCapacity*x[xSkin]) +
		float64(b.surfaceCapacity*x[xCargo]) + float64(b.coreCapacity*x[xCore]) + float64(r.p.CoilCapacity*x[xCoil]) +
		float64(b.airMass*fluid.VaporisationHeat*x[xHumidity]) - float64(fluid.FusionHeat*(x[xFrost]+x[xRime]))
}

func (r *reefer) waterStored(x []float64) float64 {
	return float64(r.body.airMass*x[xHumidity]) + x[xFrost] + x[xRime]
}
