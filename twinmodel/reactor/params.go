package reactor

import (
	"errors"
	"fmt"
	"math"

	"twinrig/twinmodel"
)

// Params are the constants of one tank and what is in it. Start from those of a
// Reaction. Pressures are absolute.
type Params struct {
	Species     []Species `source:"do-mpc, after Chylla and Haase (1993), product A"`
	Steps       []Step    `source:"do-mpc, after Chylla and Haase (1993), product A"`
	Temperature float64   `unit:"K" range:"230..600" source:"do-mpc, after Chylla and Haase (1993): summer" doc:"of contents and jacket at the start"`

	CarrierVolume   float64 `unit:"m³" range:"1e-4..1e3" source:"do-mpc, after Chylla and Haase (1993), product A: 42.75 kg of water" doc:"volume of the liquid without species that have one of their own"`
	CarrierCapacity float64 `unit:"J/K" range:"10..1e10" source:"do-mpc, after Chylla and Haase (1993), product A" doc:"heat capacity of that liquid"`
	CarrierMass     float64 `unit:"kg" range:"0.01..1e6" source:"do-mpc, after Chylla and Haase (1993), product A" doc:"mass of that liquid"`
	VesselVolume    float64 `unit:"m³" range:"1e-4..1e3" source:"estimate" doc:"liquid the vessel holds; nothing can be fed to a full one"`
	InhibitorEffect float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the reaction that the inhibitor stops; 0 if none is fitted"`
	InhibitorTime   float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time in which it spreads to 63 %"`

	Feed      Feed      `source:"do-mpc, after Chylla and Haase (1993), product A"`
	Wall      Wall      `source:"do-mpc, after Chylla and Haase (1993), product A"`
	Viscosity Viscosity `source:"do-mpc, after Chylla and Haase (1993), product A"`
	Jacket    Jacket    `source:"do-mpc, after Chylla and Haase (1993)"`
	Headspace Headspace `source:"none is modelled"`
}

// Species is something in the liquid that reacts or comes of it.
type Species struct {
	Name         string  `doc:"of the species"`
	Charge       float64 `unit:"mol" range:"0..1e9" doc:"amount at the start"`
	MolarMass    float64 `unit:"kg/mol" range:"0..10" doc:"molar mass"`
	MolarVolume  float64 `unit:"m³/mol" range:"0..1" doc:"volume it adds; 0 when it is dissolved in the carrier"`
	HeatCapacity float64 `unit:"J/(mol·K)" range:"0..1e5" doc:"heat capacity it adds; 0 when the carrier's includes it"`
	Units        float64 `unit:"1" range:"0..100" doc:"building blocks in a molecule; reactions keep their number"`
}

// Step is one reaction: its rate is Factor·exp(-Activation/T) times the
// concentrations to the power of their orders, per volume of liquid.
type Step struct {
	Factor      float64   `unit:"(m³/mol)^(n-1)/s" range:"0..1e90" doc:"pre-exponential factor of a reaction of order n"`
	Activation  float64   `unit:"K" range:"0..2e5" doc:"activation energy over the gas constant"`
	Enthalpy    float64   `unit:"J/mol" range:"-1e7..1e7" doc:"of reaction; negative when it gives off heat"`
	Orders      []int     `unit:"1" range:"0..3" doc:"order in each species"`
	Yields      []float64 `unit:"1" range:"-10..10" doc:"amount of each species that a mole of reaction makes, negative if consumed"`
	Gas         float64   `unit:"mol/mol" range:"0..10" doc:"gas that goes to the headspace"`
	GelExponent float64   `unit:"1" range:"0..2" doc:"power of the viscosity by which the rate grows; 0 without gel effect"`
	GelFactor   float64   `unit:"m·s/kg" range:"0..1e6" doc:"factor of the viscosity in that"`
}

// Feed is what the pump brings at full stroke.
type Feed struct {
	Flow        float64   `unit:"m³/s" range:"0..10" doc:"carrier, as much of which overflows; 0 in a batch"`
	Species     []float64 `unit:"mol/s" range:"0..1e6" doc:"amount of each species"`
	Temperature float64   `unit:"K" range:"230..600" doc:"of the feed"`
}

// Wall is between contents and jacket.
type Wall struct {
	Film           float64 `unit:"W/(m²·K)" range:"0.1..1e5" doc:"heat transfer coefficient inside, at no viscosity"`
	FilmExponent   float64 `unit:"m·s/kg" range:"-100..0" doc:"its decay with the viscosity at the wall"`
	Area           float64 `unit:"m²" range:"1e-3..1e4" doc:"area of the bottom"`
	AreaPerVolume  float64 `unit:"1/m" range:"0..100" doc:"area that a volume of liquid adds"`
	Fouling        float64 `unit:"m²·K/W" range:"0..1" doc:"resistance of deposits; 0 for a clean wall"`
	WorstFouling   float64 `unit:"m²·K/W" range:"0..1" source:"do-mpc, after Chylla and Haase (1993): after five batches" doc:"that the fault adds"`
	Unstirred      float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the heat transfer that is left without agitator"`
	Loss           float64 `unit:"W/K" range:"0..1e6" doc:"heat loss to the surroundings"`
	AgitatorPower  float64 `unit:"W" range:"0..1e6" source:"estimate" doc:"of the agitator in a thin liquid"`
	DoublesPowerAt float64 `unit:"Pa·s" range:"1e-6..1e3" source:"estimate" doc:"viscosity that doubles it"`
}

// Viscosity of the contents is Factor·exp(Solids·f)·10^(Slope·(Scale/T-Offset))
// with the mass fraction f of the second species; no Factor, no viscosity.
type Viscosity struct {
	Factor float64 `unit:"Pa·s" range:"0..10" doc:"viscosity without solids at the temperature Scale/Offset"`
	Solids float64 `unit:"1" range:"0..100" doc:"growth with the fraction of solids"`
	Slope  float64 `unit:"1" range:"0..10" doc:"growth with reciprocal temperature"`
	Scale  float64 `unit:"K" range:"0..1e4" doc:"of the reciprocal temperature"`
	Offset float64 `unit:"1" range:"0..10" doc:"of the reciprocal temperature"`
}

// Circuit is the way a jacket is supplied.
type Circuit string

// The circuits. The valve's lower half cools, fully at 0 %, its upper half heats.
const (
	// Flow: a utility runs through at its own temperature and wets as much of the
	// wall as its valve is open.
	Flow Circuit = "flow"
	// Duty: the jacket holds a liquid from which the valve takes heat.
	Duty Circuit = "duty"
	// Loop: water circulates; cold water or steam is added with a lag, and the
	// pipes to and from the jacket delay it.
	Loop Circuit = "loop"
)

// Jacket is the cooling and heating of the tank.
type Jacket struct {
	Circuit   Circuit `doc:"how it is supplied: flow, duty or loop"`
	Cold      float64 `unit:"K" range:"230..600" doc:"temperature of the cold utility"`
	Hot       float64 `unit:"K" range:"230..700" doc:"temperature of the hot utility"`
	Capacity  float64 `unit:"J/K" range:"0..1e9" doc:"heat capacity of what is in the jacket; not of a flow"`
	Flow      float64 `unit:"kg/s" range:"1e-4..1e4" doc:"water that circulates, or that an open valve lets through"`
	Cooling   float64 `unit:"W" range:"0..1e9" source:"not of a loop" doc:"heat a duty takes at full stroke"`
	Heating   float64 `unit:"W" range:"0..1e9" source:"not of a loop" doc:"heat a duty brings at full stroke"`
	Lag       float64 `unit:"s" range:"0..3600" doc:"of the heating and cooling of a loop"`
	InDelay   float64 `unit:"s" range:"0..600" doc:"of the pipe to the jacket"`
	OutDelay  float64 `unit:"s" range:"0..600" doc:"of the pipe from the jacket"`
	ColdGain  float64 `unit:"1" range:"0..1" doc:"share of cold water in a loop at full stroke"`
	HotGain   float64 `unit:"1" range:"0..1" doc:"share of steam's heat in a loop at full stroke"`
	TurnDown  float64 `unit:"1" range:"0..1e3" doc:"ratio of the share at full stroke to that of a shut valve"`
	SpecificC float64 `unit:"J/(kg·K)" range:"0..1e4" doc:"specific heat of the water"`
}

// Headspace is the gas over the liquid. A vent holds its pressure until more gas
// comes than fits through, and a disc bursts before the vessel should.
type Headspace struct {
	Volume    float64 `unit:"m³" range:"0..1e4" doc:"of the gas; 0 if the pressure is to stay as it is"`
	Pressure  float64 `unit:"Pa" range:"1e4..1e8" source:"estimate" doc:"at the start, which the vent holds"`
	Vent      float64 `unit:"mol/(s·Pa)" range:"0..1" doc:"conductance of the vent when it is open"`
	DiscAt    float64 `unit:"Pa" range:"0..1e9" doc:"pressure at which the disc bursts"`
	Disc      float64 `unit:"mol/(s·Pa)" range:"0..10" doc:"conductance of the burst disc"`
	RuptureAt float64 `unit:"Pa" range:"0..1e9" source:"estimate" doc:"pressure at which the vessel bursts"`
	HottestAt float64 `unit:"K" range:"300..2000" source:"estimate" doc:"temperature at which it gives way"`
}

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	if len(p.Species) < 2 || len(p.Species) > 8 || len(p.Steps) < 1 || len(p.Steps) > 8 {
		return fmt.Errorf("Species and Steps: %d and %d; a reaction has 2 to 8 and 1 to 8", len(p.Species), len(p.Steps))
	}
	if len(p.Feed.Species) != len(p.Species) {
		return fmt.Errorf("Feed.Species: %d amounts for %d species", len(p.Feed.Species), len(p.Species))
	}
	for i := range p.Steps {
		if err := p.validateStep(i); err != nil {
			return err
		}
	}
	for i, s := range p.Species {
		if p.Feed.Flow > 0 && (s.MolarVolume > 0 || s.HeatCapacity > 0) {
			return fmt.Errorf("Species[%d].MolarVolume: a tank that overflows wants species dissolved in its carrier", i)
		}
	}
	switch {
	case p.volume() > p.VesselVolume:
		return fmt.Errorf("VesselVolume: %g m³ do not hold the charge of %g m³", p.VesselVolume, p.volume())
	case p.Headspace.RuptureAt <= p.Headspace.Pressure || p.Headspace.Pressure < atmosphere:
		return errors.New("Headspace.Pressure: must lie between one atmosphere and RuptureAt")
	case p.Temperature >= p.Headspace.HottestAt:
		return fmt.Errorf("at a Temperature of %g K the vessel gives way", p.Temperature)
	}
	return p.Jacket.validate()
}

func (p *Params) validateStep(n int) error {
	s := &p.Steps[n]
	if len(s.Orders) != len(p.Species) || len(s.Yields) != len(p.Species) {
		return fmt.Errorf("Steps[%d].Yields: %d orders and %d yields for %d species", n, len(s.Orders), len(s.Yields), len(p.Species))
	}
	units, most := 0.0, 0.0
	for i, y := range s.Yields {
		units += float64(y * p.Species[i].Units)
		most = math.Max(most, math.Abs(y*p.Species[i].Units))
		if y < 0 && s.Orders[i] == 0 {
			return fmt.Errorf("Steps[%d].Orders: %s is consumed however little of it there is", n, p.Species[i].Name)
		}
	}
	if math.Abs(units) > 1e-9*most {
		return fmt.Errorf("Steps[%d].Yields: the step makes %g building blocks of nothing", n, units)
	}
	if s.GelExponent > 0 && (s.GelFactor == 0 || p.Viscosity.Factor == 0) {
		return fmt.Errorf("Steps[%d].GelExponent: a gel effect needs GelFactor and a Viscosity", n)
	}
	return nil
}

func (j *Jacket) validate() error {
	switch {
	case j.Circuit != Flow && j.Circuit != Duty && j.Circuit != Loop:
		return fmt.Errorf("Jacket.Circuit: %q is not flow, duty or loop", j.Circuit)
	case j.Hot < j.Cold:
		return errors.New("Jacket.Hot: colder than Cold")
	case j.Circuit != Flow && j.Capacity <= 0:
		return errors.New("Jacket.Capacity: must be positive")
	case j.Circuit == Loop && (j.Lag <= 0 || j.InDelay <= 0 || j.OutDelay <= 0 || j.TurnDown < 1 || j.SpecificC <= 0):
		return errors.New("Jacket: a loop needs Lag, InDelay, OutDelay, TurnDown and SpecificC")
	}
	return nil
}

// volume of the liquid at the start.
func (p *Params) volume() float64 {
	v := p.CarrierVolume
	for _, s := range p.Species {
		v += float64(s.Charge * s.MolarVolume)
	}
	return v
}
