package reactor

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/lumped"
	"twinrig/twinmodel/ode"
)

// Freezing is the zero of enthalpies, K.
const Freezing = 273.15

// Continuous states after the amounts of the species. Integrals in J, mol and,
// for the feed, seconds at full stroke.
const (
	yHeat      = iota // enthalpy of the contents over freezing, J
	yJacket           // temperature of the jacket, or of its outlet in a loop, K
	yRise             // that a loop's water gets from its utilities, K
	yValve            // position, %; moves at events only
	yPressure         // Pa
	yInhibitor        // share that has spread
	yFed
	yOverflown // building blocks
	yReleased  // heat of reaction
	yHeatIn
	yHeatOut
	yPipes // heat in the pipes of a loop
	ownStates
)

var ownStateNames = []string{"enthalpy", "jacket temperature", "rise of the jacket's water", "valve position", "pressure",
	"inhibitor", "feed", "overflow", "heat of reaction", "heat taken up", "heat given off", "heat in the pipes"}

// Delays of a loop.
const (
	delayOutlet    = iota // the outlet's temperature behind its pipe
	delayBothPipes        // and behind both pipes
	delayRise             // the rise behind the pipe to the jacket
)

// Reactor is a stirred tank with its jacket.
type Reactor struct {
	*lumped.Plant
	physics *reactor
}

// reactor is its physics.
type reactor struct {
	p       Params
	u       []float64 // inputs
	k       int       // species
	n       int       // states
	x0      []float64 // state at the start
	mass    float64   // of the feed at full stroke, kg/s
	present present   // of the evaluation under way
	slopes  slopes
}

// Indices of the own states.
func (r *reactor) at(y int) int { return r.k + y }

// New makes a tank at start: charged, agitated, everything at one temperature,
// the jacket's valve shut.
func New(start time.Time, p Params) (*Reactor, error) { return build(start, p, true, 1) }

// build makes a tank for either method and for a multiple of the tolerance.
func build(start time.Time, p Params, stiff bool, tolerance float64) (*Reactor, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make reactor: %w", err)
	}
	r := newPhysics(p)
	names := make([]string, 0, r.n)
	for _, s := range p.Species {
		names = append(names, s.Name)
	}
	c := ode.Config{
		Tolerance: r.tolerance(tolerance), State: r.x0, Modes: make([]int64, modes), Guards: guardDirections, Stiff: stiff,
	}
	if p.Jacket.Circuit == Loop {
		c.Delays = []ode.Delay{
			delayOutlet:    {State: r.at(yJacket), Lag: p.Jacket.OutDelay},
			delayBothPipes: {State: r.at(yJacket), Lag: p.Jacket.OutDelay + p.Jacket.InDelay},
			delayRise:      {State: r.at(yRise), Lag: p.Jacket.InDelay},
		}
	}
	plant, err := lumped.New(lumped.Config{
		Spec: &spec, Start: start, Model: r, Inputs: r.u, States: append(names, ownStateNames...), ODE: c,
	})
	if err != nil {
		return nil, err
	}
	return &Reactor{plant, r}, nil
}

func newPhysics(p Params) *reactor {
	k := len(p.Species)
	r := &reactor{p: p, u: make([]float64, inputs), k: k, n: k + ownStates}
	for i := range r.u {
		r.u[i] = spec.Signals[i].Initial
	}
	r.present = newPresent(k, len(p.Steps))
	r.slopes = newSlopes(r.n, len(p.Steps))
	r.x0 = make([]float64, r.n)
	capacity := p.CarrierCapacity
	for i, s := range p.Species {
		r.x0[i] = s.Charge
		capacity += float64(s.Charge * s.HeatCapacity)
		r.mass += float64(p.Feed.Species[i] * s.MolarMass)
	}
	r.x0[r.at(yHeat)] = capacity * (p.Temperature - Freezing)
	r.x0[r.at(yJacket)] = p.Temperature
	r.x0[r.at(yValve)] = r.u[inValve]
	r.x0[r.at(yPressure)] = p.Headspace.Pressure
	return r
}

// tolerance: temperatures to tenths of millikelvins, amounts to 1e-8 of all there
// is; integrals and what moves at events only follow.
func (r *reactor) tolerance(scale float64) ode.Tolerance {
	abs := make([]float64, r.n)
	for i := range abs {
		abs[i] = math.Inf(1)
	}
	amount := 0.0
	for i, s := range r.p.Species {
		amount = math.Max(amount, s.Charge+float64(r.p.Feed.Species[i]*minute))
	}
	for i := range r.k {
		abs[i] = 1e-8 * scale * amount
	}
	abs[r.at(yHeat)] = 1e-5 * scale * r.p.CarrierCapacity
	abs[r.at(yJacket)], abs[r.at(yRise)] = 1e-5*scale, 1e-5*scale
	abs[r.at(yPressure)], abs[r.at(yInhibitor)] = scale, 1e-8*scale
	return ode.Tolerance{Rel: 1e-6 * scale, Abs: abs, MaxStep: hour}
}

// Outputs implements lumped.Model.
func (r *reactor) Outputs(t float64, x []float64, d *ode.Discrete, y []float64) {
	p := &r.present
	r.look(t, x, d)
	y[outTemperature] = p.temperature - Freezing
	y[outJacket], y[outJacketInlet] = p.jacket-Freezing, p.inlet-Freezing
	y[outPressure] = x[r.at(yPressure)] / 1e5
	y[outLevel] = 100 * p.volume / r.p.VesselVolume
	y[outConversion] = 100 * r.conversion(x)
	y[outReactant], y[outProduct] = math.Max(0, p.concentration[0])/1e3, math.Max(0, p.concentration[1])/1e3
	y[outFeedFlow] = p.feed * r.mass * r.feedStrength() * hour
	y[outFed] = x[r.at(yFed)] * r.mass
	y[outReaction], y[outReleased], y[outRemoved] = p.released/1e3, x[r.at(yReleased)]/1e6, p.toJacket/1e3
	y[outTransfer] = p.transfer
	y[outCoolant] = r.p.Jacket.Flow * p.coolant
	y[outValve] = x[r.at(yValve)]
	y[outAgitatorPower] = r.p.Wall.AgitatorPower * r.stirring() * (1 + p.viscosity/r.p.Wall.DoublesPowerAt)
	y[outDisc], y[outVessel] = float64(d.Modes[modeDisc]), float64(d.Modes[modeRuptured])
}

// conversion of the first species.
func (r *reactor) conversion(x []float64) float64 {
	all := r.p.Species[0].Charge + float64(r.p.Feed.Species[0]*x[r.at(yFed)])
	if r.p.Feed.Flow > 0 {
		all = r.p.Feed.Species[0] / r.p.Feed.Flow * r.p.CarrierVolume
	}
	if all <= 0 {
		return 0
	}
	return math.Min(1, math.Max(0, 1-x[0]/all))
}

// Ledgers implements lumped.Model: the energy of contents, jacket and pipes, with
// the heat of reaction as a source, and the building blocks of the species.
func (r *reactor) Ledgers(x []float64) []twinmodel.Ledger {
	heat := x[r.at(yHeat)] - r.x0[r.at(yHeat)] + x[r.at(yPipes)]
	if r.p.Jacket.Circuit != Flow {
		heat += float64(r.p.Jacket.Capacity * (x[r.at(yJacket)] - r.x0[r.at(yJacket)]))
	}
	stored, fed := 0.0, 0.0
	for i, s := range r.p.Species {
		stored += float64(s.Units * (x[i] - r.x0[i]))
		fed += float64(s.Units * r.p.Feed.Species[i])
	}
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: heat, In: x[r.at(yHeatIn)], Out: x[r.at(yHeatOut)]},
		{Quantity: twinmodel.Amount, Unit: "mol", Stored: stored, In: fed * x[r.at(yFed)], Out: x[r.at(yOverflown)]},
	}
}
