package esp

import (
	"errors"
	"fmt"
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/well"
)

// Params are the constants of one well. Start from DefaultParams.
type Params struct {
	// Well and reservoir.
	PumpDepth         float64 `unit:"m" range:"100..5000" source:"estimate: typical of the trade" doc:"vertical depth of pump and perforations"`
	LiquidDensity     float64 `unit:"kg/m³" range:"600..1300" source:"estimate: typical of the trade" doc:"density of the liquid"`
	CasingInner       float64 `unit:"m" range:"0.08..0.4" source:"estimate: typical of the trade" doc:"inner diameter of the casing"`
	TubingOuter       float64 `unit:"m" range:"0.03..0.2" source:"estimate: typical of the trade" doc:"outer diameter of the tubing"`
	TubingInner       float64 `unit:"m" range:"0.02..0.2" source:"estimate: typical of the trade" doc:"inner diameter of the tubing"`
	FrictionFactor    float64 `unit:"1" range:"0.005..0.2" source:"estimate: typical of the trade" doc:"Darcy's friction factor of the tubing"`
	TubingStorage     float64 `unit:"m³/Pa" range:"1e-9..1e-5" source:"estimate" doc:"volume the tubing takes up per pressure at the wellhead"`
	ReservoirPressure float64 `unit:"Pa" range:"1e5..1e8" source:"estimate: typical of the trade" doc:"pressure of the reservoir and its bubble point"`
	MaxInflow         float64 `unit:"m³/s" range:"1e-5..0.1" source:"estimate: typical of the trade" doc:"inflow at zero pressure in the well"`
	CasingPressure    float64 `unit:"Pa" range:"1e5..1e7" source:"estimate: typical of the trade" doc:"pressure of the gas over the liquid in the annulus"`
	FluidTemperature  float64 `unit:"°C" range:"5..200" source:"estimate: typical of the trade" doc:"temperature at the pump"`
	FluidLevel        float64 `unit:"m" range:"1..5000" source:"the static level" doc:"level above the intake at the start"`

	// Gas.
	GasOilRatio    float64 `unit:"1" range:"0..500" source:"estimate" doc:"standard m³ of gas dissolved in a m³ at the bubble point"`
	GasSeparation  float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the free gas kept out of the pump"`
	GasHeadLoss    float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the head lost per gas fraction"`
	GasLockAbove   float64 `unit:"1" range:"0.05..0.9" source:"recalled: 0.3 to 0.4" doc:"gas fraction at which the pump locks"`
	GasLockClears  float64 `unit:"1" range:"0.01..0.9" source:"estimate" doc:"gas fraction at which the pump primes itself again"`
	EntrainedBelow float64 `unit:"m" range:"1..200" source:"estimate" doc:"level under which casing gas is drawn in"`
	RefillTime     float64 `unit:"s" range:"1..86400" source:"estimate" doc:"rest after which a locked pump has refilled"`

	// Pump, at RatedFrequency: head = ShutoffHead − HeadLinear·q − HeadQuadratic·q²,
	// shaft power = ShutoffPower + FlowPower·q/RatedFlow.
	RatedFrequency float64 `unit:"Hz" range:"25..120" source:"estimate: typical of the trade" doc:"frequency of the pump's curve"`
	RatedFlow      float64 `unit:"m³/s" range:"1e-5..0.1" source:"estimate: typical of the trade" doc:"flow the pump is made for"`
	ShutoffHead    float64 `unit:"m" range:"50..10000" source:"estimate: typical of the trade" doc:"head without flow"`
	HeadLinear     float64 `unit:"m/(m³/s)" range:"1..1e8" source:"estimate: typical of the trade" doc:"head lost with the flow"`
	HeadQuadratic  float64 `unit:"m/(m³/s)²" range:"0..1e13" source:"estimate: typical of the trade" doc:"head lost with the flow's square"`
	ShutoffPower   float64 `unit:"W" range:"100..1e6" source:"estimate: typical of the trade" doc:"shaft power without flow"`
	FlowPower      float64 `unit:"W" range:"0..1e6" source:"estimate: typical of the trade" doc:"shaft power more at RatedFlow"`

	// Motor and drive.
	RatedVoltage       float64 `unit:"V" range:"100..1e4" source:"estimate: typical of the trade" doc:"line to line at RatedFrequency; proportional to frequency"`
	MagnetisingCurrent float64 `unit:"A" range:"0..1000" source:"estimate: typical of the trade" doc:"magnetising current"`
	WindingResistance  float64 `unit:"Ω" range:"0.001..100" source:"estimate: typical of the trade" doc:"per phase with the cable, at FluidTemperature"`
	CoreLoss           float64 `unit:"W" range:"0..1e5" source:"estimate: typical of the trade" doc:"iron and windage losses at RatedFrequency"`
	Slip               float64 `unit:"1" range:"0..0.2" source:"estimate: typical of the trade" doc:"slip of the motor"`
	Inertia            float64 `unit:"kg·m²" range:"1e-3..100" source:"estimate" doc:"inertia of motor and pump"`
	WindingCapacity    float64 `unit:"J/K" range:"1e3..1e7" source:"estimate" doc:"heat capacity of the winding"`
	CoolingStill       float64 `unit:"W/K" range:"1..1e4" source:"estimate" doc:"winding to liquid without flow"`
	CoolingFlow        float64 `unit:"W/K" range:"0..1e5" source:"estimate" doc:"winding to liquid, more at RatedFlow"`
	RampRate           float64 `unit:"Hz/s" range:"0.01..100" source:"estimate: typical of the trade" doc:"rate the drive changes frequency at"`

	// Flow line.
	LineCoefficient float64 `unit:"m³/(s·√Pa)" range:"1e-9..1e-2" source:"estimate" doc:"flow over the root of the pressure drop"`
}

const cubicMetrePerDay = 1.0 / 86400 // m³/s

// DefaultParams is a well of 1,600 m that delivers up to 180 m³/d, with a pump
// that is too large for it: at 60 Hz it pumps off some hours after starting from
// the static level, at 45 Hz it holds one. The figures are typical for the
// trade and belong to no published well.
func DefaultParams() Params {
	p := Params{
		PumpDepth: 1600, LiquidDensity: 860, CasingInner: 0.159, TubingOuter: 0.073, TubingInner: 0.062,
		FrictionFactor: 0.024, TubingStorage: 1e-7,
		ReservoirPressure: 130e5, MaxInflow: 180 * cubicMetrePerDay, CasingPressure: 5e5, FluidTemperature: 65,

		GasOilRatio: 14, GasSeparation: 0.5, GasHeadLoss: 0.3,
		GasLockAbove: 0.35, GasLockClears: 0.10, EntrainedBelow: 20, RefillTime: 300,

		RatedFrequency: 60, RatedFlow: 220 * cubicMetrePerDay, ShutoffHead: 2600,
		HeadLinear: 1.0 / cubicMetrePerDay, HeadQuadratic: 0.01543 / (cubicMetrePerDay * cubicMetrePerDay),
		ShutoffPower: 28e3, FlowPower: 28.6e3,

		RatedVoltage: 2300, MagnetisingCurrent: 7, WindingResistance: 5, CoreLoss: 3000, Slip: 0.03,
		Inertia: 0.15, WindingCapacity: 90e3, CoolingStill: 25, CoolingFlow: 250, RampRate: 1,

		LineCoefficient: 3.36e-6,
	}
	p.FluidLevel = p.StaticLevel()
	return p
}

// StaticLevel is the level above the intake at which nothing flows in, m.
func (p *Params) StaticLevel() float64 {
	return (p.ReservoirPressure - p.CasingPressure) / (p.LiquidDensity * well.Gravity)
}

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	switch {
	case p.TubingOuter >= p.CasingInner || p.TubingInner >= p.TubingOuter:
		return errors.New("TubingOuter: the tubing does not fit in the casing")
	case p.StaticLevel() >= p.PumpDepth:
		return errors.New("ReservoirPressure: the well would flow by itself")
	case p.StaticLevel() <= p.EntrainedBelow:
		return errors.New("ReservoirPressure: the liquid would not reach the pump")
	case p.FluidLevel > p.PumpDepth:
		return errors.New("FluidLevel: higher than the well")
	case p.GasLockClears >= p.GasLockAbove:
		return errors.New("GasLockClears: must be less gas than GasLockAbove")
	case p.bestEfficiency() > 0.85:
		return fmt.Errorf("ShutoffPower: the pump would have an efficiency of %.2f", p.bestEfficiency())
	}
	return nil
}

// bestEfficiency is the highest hydraulic efficiency along the pump's curve.
func (p *Params) bestEfficiency() float64 {
	best := 0.0
	for i := 1; i <= 200; i++ {
		q := p.RatedFlow * float64(i) / 50
		head := p.ShutoffHead - float64(p.HeadLinear*q) - float64(p.HeadQuadratic*q*q)
		shaft := p.ShutoffPower + float64(p.FlowPower*q/p.RatedFlow)
		best = math.Max(best, p.LiquidDensity*well.Gravity*q*head/shaft)
	}
	return best
}
