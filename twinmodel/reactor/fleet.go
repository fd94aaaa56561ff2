package reactor

import (
	"errors"
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/fluid"
)

// Fleet is many continuous tanks of one design, for load and not for detail: a
// single reaction of first order, nonlinear as it is, in a tank that overflows,
// with a jacket of the circuit Flow, as those of Bequette and Seborg. Feed,
// jacket valve, agitator and most faults are each tank's own.
//
// It moves in fixed steps by the classical Runge-Kutta method, and a tank whose
// reaction runs faster than that can follow by as many shorter ones as it needs.
// What Reactor has and a fleet does not: inhibitor, gas, delays, a valve that
// sticks.
//
// State is a structure of arrays, and a step allocates nothing.
type Fleet struct {
	start time.Time
	step  time.Duration
	ticks int64
	h     float64  // step in s
	r     *reactor // its inputs are borrowed to work out a tank's coefficients

	concentration []float64 // of the reactant, mol/m³
	temperature   []float64 // K
	tank          []coefficients
	burst         []bool
	inputs        [][inputs]float64

	activation float64 // over the gas constant, K
	feed       float64 // its temperature, K
	rise       float64 // K that a mol/m³ of reaction heats the contents by
	hottest    float64 // K at which a vessel gives way
}

// coefficients are what a tank's inputs come to.
type coefficients struct {
	dilution float64 // 1/s
	inflow   float64 // of the reactant, mol/m³
	factor   float64 // of the reaction, 1/s
	cooling  float64 // of jacket and surroundings, 1/s
	around   float64 // their common temperature, K
}

// NewFleet makes n tanks at start, each as New makes one, which move by step.
func NewFleet(start time.Time, p Params, n int, step time.Duration) (*Fleet, error) {
	err := p.Validate()
	if err == nil {
		err = p.suitsFleet()
	}
	if err == nil && (n < 1 || step < time.Millisecond || step > time.Minute) {
		err = fmt.Errorf("%d tanks moving by %v; want one at least and 1ms to 1m", n, step)
	}
	if err != nil {
		return nil, fmt.Errorf("make reactor fleet: %w", err)
	}
	f := &Fleet{
		start: start.Round(0), step: step, h: step.Seconds(), r: newPhysics(p),
		concentration: make([]float64, n), temperature: make([]float64, n),
		tank: make([]coefficients, n), burst: make([]bool, n), inputs: make([][inputs]float64, n),
		activation: p.Steps[0].Activation, feed: p.Feed.Temperature,
		rise:    -p.Steps[0].Enthalpy * p.CarrierVolume / p.CarrierCapacity,
		hottest: p.Headspace.HottestAt,
	}
	for i := range n {
		f.concentration[i], f.temperature[i] = p.Species[0].Charge/p.CarrierVolume, p.Temperature
		copy(f.inputs[i][:], f.r.u)
		f.work(i)
	}
	return f, nil
}

// suitsFleet says what in a tank is more than a fleet can do.
func (p *Params) suitsFleet() error {
	s := &p.Steps[0]
	for _, order := range s.Orders[1:] {
		if order != 0 {
			return errors.New("Steps[0].Orders: a fleet wants a reaction of the first species alone")
		}
	}
	switch {
	case len(p.Steps) != 1 || s.Orders[0] != 1 || s.Yields[0] != -1:
		return errors.New("a fleet wants a single reaction of first order that consumes a mole")
	case p.Feed.Flow == 0:
		return errors.New("Feed.Flow: a fleet wants a tank that overflows")
	case p.Jacket.Circuit != Flow:
		return fmt.Errorf("Jacket.Circuit: a fleet wants flow, not %s", p.Jacket.Circuit)
	case p.Headspace.Volume > 0 || p.Viscosity.Factor > 0:
		return errors.New("Headspace.Volume, Viscosity.Factor: a fleet has neither gas nor viscosity")
	}
	return nil
}

// work turns a tank's inputs into its coefficients, by Reactor's own equations.
func (f *Fleet) work(i int) {
	r, u := f.r, &f.inputs[i]
	copy(r.u, u[:])
	p := &r.p
	jacket, share := p.Jacket.Cold, cooling(u[inValve])*(1-u[inCoolingLoss])
	if u[inValve] > 50 {
		jacket, share = p.Jacket.Hot, heating(u[inValve])
	}
	area := p.Wall.Area + float64(p.Wall.AreaPerVolume*p.CarrierVolume)
	wall := float64(r.stirred() * r.throughDeposits(p.Wall.Film) * share * area)
	c := &f.tank[i]
	c.dilution = math.Max(u[inFeed]/100, u[inFeedRunaway]) * p.Feed.Flow / p.CarrierVolume
	c.inflow = r.feedStrength() * p.Feed.Species[0] / p.Feed.Flow
	c.factor = (1 - float64(0.2*u[inImpurity])) * p.Steps[0].Factor
	c.cooling = (wall + p.Wall.Loss) / p.CarrierCapacity
	c.around = jacket
	if wall+p.Wall.Loss > 0 {
		c.around = (float64(wall*jacket) + float64(p.Wall.Loss*(u[inAmbient]+fluid.ZeroCelsius))) / (wall + p.Wall.Loss)
	}
}

// Len is the number of tanks.
func (f *Fleet) Len() int { return len(f.tank) }

// Time is the instant the fleet has reached.
func (f *Fleet) Time() time.Time { return f.start.Add(time.Duration(f.ticks) * f.step) }

// Set changes an input of one tank from now on. Inhibitor, stiction and vent are
// not there.
func (f *Fleet) Set(tank int, input string, value float64) error {
	i, err := f.input(input, value)
	switch {
	case err != nil:
	case tank < 0 || tank >= f.Len():
		err = fmt.Errorf("there are %d", f.Len())
	case i == inInhibitor || i == inInhibitorMissing || i == inStiction || i == inVentBlocked:
		err = fmt.Errorf("%s cannot be set in a fleet", input)
	default:
		f.inputs[tank][i] = value
		f.work(tank)
		return nil
	}
	return fmt.Errorf("set reactor fleet at %s: tank %d: %w", f.Time().UTC().Format(time.RFC3339Nano), tank, err)
}

// input finds an input and checks a value for it, as Reactor does.
func (f *Fleet) input(name string, v float64) (int, error) {
	for i, s := range spec.Signals[:inputs] {
		if s.Name != name {
			continue
		}
		if !(v >= s.Min && v <= s.Max) {
			return 0, fmt.Errorf("%s: %g %s is outside %g to %g", name, v, s.Unit, s.Min, s.Max)
		}
		if s.Quantity == twinmodel.State && v != math.Trunc(v) {
			return 0, fmt.Errorf("%s: %g is not one of %q", name, v, s.States)
		}
		return i, nil
	}
	return 0, fmt.Errorf("it has no input %q", name)
}

// Value is the true present value of a signal of one tank: temperature,
// concentration of the reactant, heat of reaction, vessel, and the inputs.
func (f *Fleet) Value(tank int, signal string) (float64, error) {
	if tank < 0 || tank >= f.Len() {
		return 0, fmt.Errorf("read reactor fleet: tank %d: there are %d", tank, f.Len())
	}
	for i, s := range spec.Signals[:inputs] {
		if s.Name == signal {
			return f.inputs[tank][i], nil
		}
	}
	switch signal {
	case "reactorTemperature":
		return f.temperature[tank] - fluid.ZeroCelsius, nil
	case "reactantConcentration":
		return f.concentration[tank] / 1e3, nil
	case "reactionHeat":
		return f.rate(tank) * f.rise * f.r.p.CarrierCapacity / 1e3, nil
	case "vessel":
		if f.burst[tank] {
			return 1, nil
		}
		return 0, nil
	}
	return 0, fmt.Errorf("read reactor fleet: it has no signal %q", signal)
}
