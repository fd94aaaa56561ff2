package oilpump

import (
	"errors"
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/well"
)

// Params are the constants of one pumping well. Start from DefaultParams.
type Params struct {
	// Surface unit.
	Unit           Unit    `source:"conventional proportions, fitted to the stroke"`
	Counterweight  float64 `unit:"N·m" range:"0..1e6" source:"balances the peaks of the torque with a full pump" doc:"greatest moment of the counterweights about the crankshaft"`
	Unbalance      float64 `unit:"N" range:"-2e4..2e4" source:"estimate" doc:"structural unbalance of the unit at the polished rod"`
	CrankInertia   float64 `unit:"kg·m²" range:"0..1e6" source:"estimate" doc:"inertia of cranks and counterweights"`
	GearEfficiency float64 `unit:"1" range:"0.3..1" source:"estimate" doc:"efficiency of gearbox and belts"`
	StuffingBox    float64 `unit:"N" range:"0..2e4" source:"estimate" doc:"friction of the polished rod in the stuffing box"`

	// Motor and drive, which keeps voltage proportional to speed.
	RatedSpeed         float64 `unit:"1/min" range:"1..30" source:"estimate: typical of the trade" doc:"strokes per minute at the rated voltage"`
	RatedVoltage       float64 `unit:"V" range:"100..1e4" source:"estimate: typical of the trade" doc:"line to line voltage at the rated speed"`
	MagnetisingCurrent float64 `unit:"A" range:"0..1000" source:"estimate: typical of the trade" doc:"current of the motor without load"`
	WindingResistance  float64 `unit:"Ω" range:"1e-3..100" source:"estimate: typical of the trade" doc:"resistance of a phase at 20 °C"`
	CoreLoss           float64 `unit:"W" range:"0..1e5" source:"estimate: typical of the trade" doc:"iron and windage losses at the rated speed"`
	WindingCapacity    float64 `unit:"J/K" range:"1e3..1e7" source:"estimate" doc:"heat capacity of the motor"`
	WindingCooling     float64 `unit:"W/K" range:"1..1e4" source:"estimate" doc:"conductance from the winding to the air"`
	ThermalTrip        float64 `unit:"°C" range:"80..250" source:"estimate: typical of the trade" doc:"winding temperature at which the motor's protector stops it"`
	ThermalReset       float64 `unit:"°C" range:"40..250" source:"estimate: typical of the trade" doc:"winding temperature at which the protector lets it run again"`
	RampRate           float64 `unit:"1/min/s" range:"0.01..100" source:"estimate" doc:"change of the strokes per minute in a second, at most"`

	// Rods.
	Rods     []Taper `source:"recalled: rods with couplings of 2.22 and 1.63 lb/ft"`
	Segments int     `unit:"1" range:"4..1000" source:"estimate: loads within 1.5 % of a division into 240" doc:"parts the string is divided into; 60 to study cards, 10 for days of operation"`
	Damping  float64 `unit:"1" range:"0..2" source:"recalled: Gibbs, 0.10 to 0.15" doc:"damping factor of the string"`

	// Pump.
	Plunger    Clearance `source:"estimate: typical of the trade"`
	Spacing    float64   `unit:"m" range:"0.02..5" source:"estimate" doc:"height of the plunger over the standing valve at the bottom of the stroke"`
	TubingGive float64   `unit:"m/N" range:"0..1e-3" source:"the tubing is anchored" doc:"stretch of the tubing per load"`

	// Well.
	Well            well.Well `source:"estimate: typical of the trade"`
	FluidLevel      float64   `unit:"m" range:"1..5000" source:"estimate: a well that has been pumped" doc:"level above the intake at the start"`
	TubingInner     float64   `unit:"m" range:"0.01..0.3" source:"estimate: typical of the trade" doc:"inner diameter of the tubing"`
	TubingStorage   float64   `unit:"m³/Pa" range:"1e-10..1e-5" source:"estimate: gas in the tubing" doc:"volume the tubing takes up per pressure at the wellhead"`
	LineCoefficient float64   `unit:"m³/s/√Pa" range:"1e-9..1e-3" source:"estimate" doc:"flow of the flow line over the root of the pressure drop"`
}

const cubicMetrePerDay = 1.0 / 86400 // m³/s

// DefaultParams is a well of 1,000 m that delivers up to 18 m³/d, with a unit
// that lifts more than that at 8 strokes per minute and pumps it off, and holds
// a level at 5. The figures are typical for the trade and belong to no published
// well; Gibbs' factor, modulus and wave speed are those of the API's practice.
func DefaultParams() Params {
	return Params{
		Unit: Conventional(74 * inch), Counterweight: 28e3, Unbalance: 0, CrankInertia: 3000,
		GearEfficiency: 0.92, StuffingBox: 400,

		RatedSpeed: 10, RatedVoltage: 460, MagnetisingCurrent: 8, WindingResistance: 0.35, CoreLoss: 350,
		WindingCapacity: 15e3, WindingCooling: 18, ThermalTrip: 160, ThermalReset: 110, RampRate: 1,

		// 7/8 in and 3/4 in rods of 2.22 and 1.63 lb/ft with couplings.
		Rods:     []Taper{{300, 0.875 * inch, 32.4}, {700, 0.75 * inch, 23.8}},
		Segments: 10, Damping: 0.12,

		Plunger: Clearance{Diameter: 1.75 * inch, Gap: 0.006 * inch, Length: 48 * inch, Viscosity: 5 * centipoise},
		Spacing: 0.15,

		Well: well.Well{
			ReservoirPressure: 75e5, MaxInflow: 18 * cubicMetrePerDay, CasingPressure: 3e5, LiquidDensity: 860,
			CasingInner: 0.1257, TubingOuter: 0.073, FluidTemperature: 40,
			GasOilRatio: 12, GasSeparation: 0.9, EntrainedBelow: 2,
		},
		FluidLevel: 300, TubingInner: 0.062, TubingStorage: 1e-8, LineCoefficient: 6.3e-7,
	}
}

// Depth of the pump, m.
func (p *Params) Depth() float64 {
	d := 0.0
	for _, t := range p.Rods {
		d += t.Length
	}
	return d
}

// Buoyancy is the share of the rods' weight that the liquid leaves, by the API's
// formula for steel.
func (p *Params) Buoyancy() float64 { return 1 - float64(0.128e-3*p.Well.LiquidDensity) }

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	if err := p.Unit.validate(); err != nil {
		return err
	}
	l, err := newLattice(p.Rods, p.Segments)
	if err != nil {
		return err
	}
	w := &p.Well
	switch {
	case w.TubingOuter >= w.CasingInner || p.TubingInner >= w.TubingOuter || p.Plunger.Diameter >= p.TubingInner:
		return errors.New("TubingInner: plunger, tubing and casing do not fit into each other")
	case w.StaticLevel() >= p.Depth():
		return errors.New("Well.ReservoirPressure: the well would flow by itself")
	case w.StaticLevel() <= w.EntrainedBelow:
		return errors.New("Well.ReservoirPressure: the liquid would not reach the pump")
	case p.ThermalReset >= p.ThermalTrip:
		return errors.New("ThermalReset: not below ThermalTrip")
	case p.FluidLevel > p.Depth():
		return errors.New("FluidLevel: higher than the well")
	case p.LineCoefficient*l.step*beat > p.TubingStorage*math.Sqrt(lineSoft)/2:
		return errors.New("TubingStorage: too small for the flow line; the wellhead would empty within a beat")
	}
	return nil
}
