package esp

import (
	"errors"
	"fmt"
	"math"
)

// Params are the constants of one well. Start from DefaultParams.
type Params struct {
	// Well and reservoir.
	PumpDepth         float64 // vertical, of pump and perforations, m
	LiquidDensity     float64 // kg/m³
	CasingInner       float64 // diameter, m
	TubingOuter       float64 // m
	TubingInner       float64 // m
	FrictionFactor    float64 // Darcy's, of the tubing
	TubingStorage     float64 // volume the tubing takes up per pressure at the wellhead, m³/Pa
	ReservoirPressure float64 // also the bubble point: the reservoir is saturated; Pa
	MaxInflow         float64 // at zero pressure in the well, m³/s
	CasingPressure    float64 // of the gas over the liquid in the annulus, Pa
	FluidTemperature  float64 // at the pump, °C
	FluidLevel        float64 // above the intake at the start, m

	// Gas.
	GasOilRatio    float64 // dissolved at the bubble point, standard m³ per m³
	GasSeparation  float64 // share of the free gas kept out of the pump
	GasHeadLoss    float64 // share of the head lost per gas fraction
	GasLockAbove   float64 // gas fraction at which the pump locks
	GasLockClears  float64 // gas fraction at which it primes itself again
	EntrainedBelow float64 // level under which casing gas is drawn in, m
	RefillTime     float64 // s at rest after which a locked pump has refilled

	// Pump, at RatedFrequency: head = ShutoffHead − HeadLinear·q − HeadQuadratic·q²,
	// shaft power = ShutoffPower + FlowPower·q/RatedFlow.
	RatedFrequency float64 // Hz
	RatedFlow      float64 // m³/s
	ShutoffHead    float64 // m
	HeadLinear     float64 // m/(m³/s)
	HeadQuadratic  float64 // m/(m³/s)²
	ShutoffPower   float64 // W
	FlowPower      float64 // W

	// Motor and drive.
	RatedVoltage       float64 // line to line at RatedFrequency, V; proportional to frequency
	MagnetisingCurrent float64 // A
	WindingResistance  float64 // per phase with the cable at FluidTemperature, Ω
	CoreLoss           float64 // iron and windage at RatedFrequency, W
	Slip               float64
	Inertia            float64 // kg·m²
	WindingCapacity    float64 // J/K
	CoolingStill       float64 // W/K without flow
	CoolingFlow        float64 // W/K more at RatedFlow
	RampRate           float64 // Hz/s

	// Flow line.
	LineCoefficient float64 // flow over the root of the pressure drop, m³/s/√Pa
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
	return (p.ReservoirPressure - p.CasingPressure) / (p.LiquidDensity * gravity)
}

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	for _, c := range p.constraints() {
		if !(c.value >= c.min && c.value <= c.max) {
			return fmt.Errorf("%s: %g is outside %g to %g", c.name, c.value, c.min, c.max)
		}
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
		best = math.Max(best, p.LiquidDensity*gravity*q*head/shaft)
	}
	return best
}

type constraint struct {
	name            string
	value, min, max float64
}

func (p *Params) constraints() []constraint {
	return []constraint{
		{"PumpDepth", p.PumpDepth, 100, 5000}, {"LiquidDensity", p.LiquidDensity, 600, 1300},
		{"CasingInner", p.CasingInner, 0.08, 0.4}, {"TubingOuter", p.TubingOuter, 0.03, 0.2}, {"TubingInner", p.TubingInner, 0.02, 0.2},
		{"FrictionFactor", p.FrictionFactor, 0.005, 0.2}, {"TubingStorage", p.TubingStorage, 1e-9, 1e-5},
		{"ReservoirPressure", p.ReservoirPressure, 1e5, 1e8}, {"MaxInflow", p.MaxInflow, 1e-5, 0.1},
		{"CasingPressure", p.CasingPressure, 1e5, 1e7}, {"FluidTemperature", p.FluidTemperature, 5, 200},
		{"FluidLevel", p.FluidLevel, 1, 5000},
		{"GasOilRatio", p.GasOilRatio, 0, 500}, {"GasSeparation", p.GasSeparation, 0, 1}, {"GasHeadLoss", p.GasHeadLoss, 0, 1},
		{"GasLockAbove", p.GasLockAbove, 0.05, 0.9}, {"GasLockClears", p.GasLockClears, 0.01, 0.9},
		{"EntrainedBelow", p.EntrainedBelow, 1, 200}, {"RefillTime", p.RefillTime, 1, 86400},
		{"RatedFrequency", p.RatedFrequency, 25, 120}, {"RatedFlow", p.RatedFlow, 1e-5, 0.1}, {"ShutoffHead", p.ShutoffHead, 50, 10000},
		{"HeadLinear", p.HeadLinear, 1, 1e8}, {"HeadQuadratic", p.HeadQuadratic, 0, 1e13},
		{"ShutoffPower", p.ShutoffPower, 100, 1e6}, {"FlowPower", p.FlowPower, 0, 1e6},
		{"RatedVoltage", p.RatedVoltage, 100, 1e4}, {"MagnetisingCurrent", p.MagnetisingCurrent, 0, 1000},
		{"WindingResistance", p.WindingResistance, 0.001, 100}, {"CoreLoss", p.CoreLoss, 0, 1e5}, {"Slip", p.Slip, 0, 0.2},
		{"Inertia", p.Inertia, 1e-3, 100}, {"WindingCapacity", p.WindingCapacity, 1e3, 1e7},
		{"CoolingStill", p.CoolingStill, 1, 1e4}, {"CoolingFlow", p.CoolingFlow, 0, 1e5}, {"RampRate", p.RampRate, 0.01, 100},
		{"LineCoefficient", p.LineCoefficient, 1e-9, 1e-2},
	}
}
