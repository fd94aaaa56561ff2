package reactor

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/ode"
)

// present is all that follows from a state: what derivatives, their slopes,
// guards and outputs are made of.
type present struct {
	temperature   float64 // K
	volume        float64 // m³
	capacity      float64 // J/K
	concentration []float64
	solids        float64   // mass fraction of the second species
	mass          float64   // kg
	viscosity     float64   // Pa·s
	constant      []float64 // of each step, for all the liquid: what the powers of the concentrations are multiplied by
	rate          []float64 // mol/s
	left          float64   // share of the rates that the inhibitor leaves
	heat          []float64 // that a mole of it adds to the enthalpy, J
	released      float64   // W
	gas           float64   // mol/s
	feed          float64   // of the full stroke
	jacket, inlet float64   // temperatures, K
	film          float64   // inside, W/(m²·K)
	wall          float64   // viscosity at the wall, Pa·s
	wallAt        float64   // K
	transfer      float64   // with deposits and agitator, W/(m²·K)
	wetted        float64   // area, m²
	toJacket      float64   // W
	coolant       float64   // share of the coolant that flows
}

func newPresent(species, steps int) present {
	return present{concentration: make([]float64, species), constant: make([]float64, steps), rate: make([]float64, steps), heat: make([]float64, steps)}
}

// look evaluates a state.
func (r *reactor) look(t float64, x []float64, d *ode.Discrete) {
	p := &r.present
	p.volume, p.capacity, p.mass = r.p.CarrierVolume, r.p.CarrierCapacity, r.p.CarrierMass
	for i, s := range r.p.Species {
		p.volume += float64(x[i] * s.MolarVolume)
		p.capacity += float64(x[i] * s.HeatCapacity)
		p.mass += float64(x[i] * s.MolarMass)
	}
	p.temperature = Freezing + x[r.at(yHeat)]/p.capacity
	for i := range p.concentration {
		p.concentration[i] = x[i] / p.volume
	}
	p.solids = x[1] * r.p.Species[1].MolarMass / p.mass
	p.viscosity = r.p.Viscosity.at(p.solids, p.temperature)
	p.feed = 0
	if d.Modes[modeRuptured] == 0 && d.Modes[modeFull] == 0 {
		p.feed = math.Max(r.u[inFeed]/100, r.u[inFeedRunaway])
	}
	r.react(x, d)
	r.cool(t, x, d)
}

// react evaluates the rates.
func (r *reactor) react(x []float64, d *ode.Discrete) {
	p := &r.present
	p.released, p.gas = 0, 0
	p.left = 1 - float64(r.p.InhibitorEffect*x[r.at(yInhibitor)])
	speed := 1 - float64(0.2*r.u[inImpurity])
	if d.Modes[modeRuptured] == 1 {
		speed = 0
	}
	for j := range r.p.Steps {
		s := &r.p.Steps[j]
		k := speed * s.Factor * detmath.Exp(-s.Activation/p.temperature)
		if s.GelExponent > 0 {
			k *= detmath.Pow(s.GelFactor*p.viscosity, s.GelExponent)
		}
		p.constant[j] = k * p.volume
		p.rate[j] = p.left * p.constant[j] * s.powers(p.concentration, -1)
		p.heat[j] = r.heatOf(s, p.temperature)
		p.released -= float64(s.Enthalpy * p.rate[j])
		p.gas += float64(s.Gas * p.rate[j])
	}
}

// powers is the product of the concentrations to their orders, with species but
// once less.
func (s *Step) powers(concentration []float64, but int) float64 {
	product := 1.0
	for i, order := range s.Orders {
		if i == but {
			order--
		}
		for range order {
			product *= concentration[i]
		}
	}
	return product
}

// heatOf is what a mole of a step adds to the enthalpy over freezing: its heat of
// reaction, and that of the products over that of the reactants.
func (r *reactor) heatOf(s *Step, temperature float64) float64 {
	return float64(r.gained(s)*(temperature-Freezing)) - s.Enthalpy
}

// gained is the heat capacity that a mole of a step adds, J/K.
func (r *reactor) gained(s *Step) (c float64) {
	for i, y := range s.Yields {
		c += float64(y * r.p.Species[i].HeatCapacity)
	}
	return c
}

// at is the viscosity for a mass fraction of solids.
func (v *Viscosity) at(solids, temperature float64) float64 {
	if v.Factor == 0 {
		return 0
	}
	return v.Factor * detmath.Exp(float64(v.Solids*solids)+float64(math.Ln10*v.Slope*(v.Scale/temperature-v.Offset)))
}

// feedStrength is the feed's content over what the parameters say.
func (r *reactor) feedStrength() float64 { return 1 + float64(0.3*r.u[inFeedConcentration]) }

// stirring is the share of its speed at which the agitator runs.
func (r *reactor) stirring() float64 { return r.u[inAgitator] * (1 - r.u[inAgitatorFailure]) }
