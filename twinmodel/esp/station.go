package esp

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/lumped"
	"twinrig/twinmodel/ode"
)

// Continuous states; the integrals in J and kg.
const (
	xFrequency = iota // the drive makes, Hz
	xLevel            // m
	xWellhead         // Pa
	xWinding          // °C
	xEnergyIn
	xEnergyOut
	xMassIn
	xMassOut
	states
)

var stateNames = []string{
	"drive frequency", "fluid level", "wellhead pressure", "winding temperature",
	"energy taken up", "energy given off", "liquid taken up", "liquid given off",
}

// Station is the well with its pump and drive.
type Station struct{ *lumped.Plant }

// station is its physics.
type station struct {
	p       Params
	well    borehole
	u       []float64  // inputs
	initial [2]float64 // energy and liquid stored at the start
}

// New makes a well at start, at rest with the motor at the temperature of the
// liquid.
func New(start time.Time, p Params) (*Station, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make esp: %w", err)
	}
	s := &station{p: p, well: newBorehole(&p), u: make([]float64, inputs)}
	x := make([]float64, states)
	x[xLevel], x[xWinding] = p.FluidLevel, p.FluidTemperature
	x[xWellhead] = spec.Signals[inLinePressure].Initial * 1e5
	s.initial = [2]float64{s.energyStored(x), s.liquidStored(x)}
	plant, err := lumped.New(lumped.Config{
		Spec: &spec, Start: start, Model: s, Inputs: s.u, States: stateNames, Check: checkInput,
		ODE: ode.Config{
			Tolerance: ode.Tolerance{
				Rel: 1e-6, Abs: []float64{1e-4, 1e-4, 1, 1e-4, math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)},
				MaxStep: 300, Affordable: 0.5,
			},
			State: x, Modes: make([]int64, modes), Timers: []float64{ode.Never}, Guards: guardDirections,
		},
	})
	if err != nil {
		return nil, err
	}
	return &Station{plant}, nil
}

// instant is everything that follows from state and inputs.
type instant struct {
	intake, inflow, gas float64
	pump                pumping
	motor               motor
	line                float64 // m³/s
	cooling             float64 // W
}

func (s *station) at(x []float64, d *ode.Discrete) instant {
	var i instant
	i.intake = s.well.IntakePressure(x[xLevel])
	i.inflow = s.well.Inflow(i.intake)
	i.gas = s.well.GasFraction(i.intake, x[xLevel], s.u[inGasBreakthrough])
	i.pump = s.working(x[xFrequency], s.static(x[xWellhead], i.intake), i.gas, d.Modes[modePump])
	i.motor = s.motor(x[xFrequency], s.rate(d), i.pump.shaft, x[xWinding])
	if d.Modes[modeLine] == 1 {
		i.line = s.lineFlow(x[xWellhead])
	}
	i.cooling = s.cooling(i.pump.flow, x[xWinding])
	return i
}

// Derivatives implements ode.Hybrid.
func (s *station) Derivatives(_ float64, x []float64, d *ode.Discrete, dx []float64) {
	i := s.at(x, d)
	dx[xFrequency] = s.rate(d)
	dx[xLevel] = (i.inflow - i.pump.up) / s.well.annulus
	dx[xWellhead] = (i.pump.up - i.line) / s.p.TubingStorage
	dx[xWinding] = (i.motor.losses - i.cooling) / s.p.WindingCapacity
	s.book(x, &i, dx)
}

// book integrates what crosses the boundary: drive, reservoir and flow line, the
// lift to the surface, and heat, which all goes to the liquid.
func (s *station) book(x []float64, i *instant, dx []float64) {
	lift := float64(s.well.weight * i.pump.up * s.p.PumpDepth)
	friction := float64(s.well.weight * i.pump.up * s.frictionHead(i.pump.up))
	hydraulic := float64(s.well.weight * i.pump.flow * i.pump.head)
	leak := float64(s.well.weight * i.pump.head * (i.pump.flow - i.pump.up))
	heat := i.pump.shaft - hydraulic + friction + leak + i.cooling
	dx[xEnergyIn], dx[xEnergyOut] = 0, lift+heat+float64(x[xWellhead]*i.line)
	dx[xMassIn], dx[xMassOut] = 0, s.p.LiquidDensity*i.line
	across(i.motor.power, &dx[xEnergyIn], &dx[xEnergyOut])
	across(i.intake*i.inflow, &dx[xEnergyIn], &dx[xEnergyOut])
	across(s.p.LiquidDensity*i.inflow, &dx[xMassIn], &dx[xMassOut])
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
func (s *station) Outputs(_ float64, x []float64, d *ode.Discrete, y []float64) {
	i := s.at(x, d)
	discharge := x[xWellhead] + float64(s.well.weight*(s.p.PumpDepth+s.frictionHead(i.pump.up)))
	y[outLevel] = math.Max(0, x[xLevel])
	y[outIntakePressure], y[outDischargePressure] = i.intake/1e5, discharge/1e5
	y[outWellheadPressure] = x[xWellhead] / 1e5
	y[outFlow], y[outInflow] = i.line/cubicMetrePerDay, i.inflow/cubicMetrePerDay
	y[outCurrent], y[outPower], y[outWinding] = i.motor.current, i.motor.power/1e3, x[xWinding]
	y[outGas] = 100 * i.gas
	y[outSpeed] = math.Max(0, i.motor.speed) * 30 / math.Pi
	y[outState] = stateStopped
	switch {
	case x[xFrequency] > 0 && d.Modes[modePump] == pumpLocked:
		y[outState] = stateGasLocked
	case x[xFrequency] > 0:
		y[outState] = stateRunning
	}
}

// Ledgers implements lumped.Model: mechanical energy and heat of the motor, and
// liquid. The liquid's own heat is not counted.
func (s *station) Ledgers(x []float64) []twinmodel.Ledger {
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: s.energyStored(x) - s.initial[0], In: x[xEnergyIn], Out: x[xEnergyOut]},
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: s.liquidStored(x) - s.initial[1], In: x[xMassIn], Out: x[xMassOut]},
	}
}

// energyStored: heat of the winding, the rotor's motion, liquid lifted in the
// annulus against gravity and casing gas, and the tubing's springiness.
func (s *station) energyStored(x []float64) float64 {
	speed := 2 * math.Pi * x[xFrequency] * (1 - s.p.Slip)
	column := float64(s.well.annulus * x[xLevel] * (s.p.CasingPressure + float64(0.5*s.well.weight*x[xLevel])))
	return float64(s.p.WindingCapacity*x[xWinding]) + float64(0.5*s.p.Inertia*speed*speed) + column +
		float64(0.5*s.p.TubingStorage*x[xWellhead]*x[xWellhead])
}

func (s *station) liquidStored(x []float64) float64 {
	return float64(s.p.LiquidDensity * (float64(s.well.annulus*x[xLevel]) + float64(s.p.TubingStorage*x[xWellhead])))
}
