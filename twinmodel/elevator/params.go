package elevator

import (
	"errors"
	"fmt"
	"math"

	"twinrig/twinmodel/detmath"
)

const gravity = 9.80665 // m/s²

// Params are the constants of one elevator. Start from DefaultParams.
type Params struct {
	Floors        int
	FloorHeight   float64 // m
	Headroom      float64 // rope between sheave and car at the top floor, m
	Ride          Limits
	PassengerRate float64 // passengers an hour at the start

	CarMass       float64 // with frame, kg
	RatedLoad     float64 // kg
	Balance       float64 // share of the rated load in the counterweight
	PassengerMass float64 // kg
	GuideFriction float64 // N
	SheaveInertia float64 // of sheave and motor, as mass at the rope, kg
	SheaveRadius  float64 // m
	Groove        float64 // friction factor f of ropes in the groove
	Wrap          float64 // angle α, rad

	RopeStiffness float64 // EA of all ropes, N
	RopeMass      float64 // of all ropes, kg/m
	RopeDamping   float64 // ζ

	BrakeForce     float64 // at the rope, N
	BrakeDelay     float64 // s
	SwitchRatio    float64 // governor's switch, of the rated speed
	TripRatio      float64 // safety gear, of the rated speed
	GearDecelerate float64 // of safety gear and buffers, m/s²

	DoorWidth float64 // m
	Door      Limits

	CopperLoss       float64 // W/N²
	MotorCapacity    float64 // J/K
	MotorCooling     float64 // W/K
	MotorAmbient     float64 // of the machine room, °C
	JointSpacing     float64 // of the guide rails, m
	JointKink        float64 // largest angle at a joint, rad
	Eccentricity     float64 // of the sheave, m
	TorqueRipple     float64 // amplitude at the rim at rated speed, m/s²
	DoorThump        float64 // of a door at its end, m/s²
	StandbyPower     float64 // of control, light and door, W
	LateralResonance float64 // of the car in its guides, Hz
}

// DefaultParams is a passenger elevator for 13 persons over 12 floors. The ride
// is the usual one of its class; traction and forces follow physics.md 4.3,
// whose recalled numbers are defaults and belong to no published machine.
// Damping of the ropes is the upper end of its range there, which comes nearest to
// the recorded ride of ELV-4. Governor speeds are the ratios of Delco's chart (2021): 2.86 and 3.18 m/s for
// a rated 2.54 m/s.
func DefaultParams() Params {
	return Params{
		Floors: 12, FloorHeight: 3.5, Headroom: 5, Ride: Limits{2.5, 1, 1.2}, PassengerRate: 20,
		CarMass: 1600, RatedLoad: 1000, Balance: 0.5, PassengerMass: 75, GuideFriction: 200,
		SheaveInertia: 800, SheaveRadius: 0.3, Groove: 0.2, Wrap: math.Pi,
		RopeStiffness: 14e6, RopeMass: 1.75, RopeDamping: 0.05,
		BrakeForce: 15e3, BrakeDelay: 0.15, SwitchRatio: 2.86 / 2.54, TripRatio: 3.18 / 2.54, GearDecelerate: 5,
		DoorWidth: 0.9, Door: Limits{0.5, 0.8, 2},
		CopperLoss: 4e-5, MotorCapacity: 60e3, MotorCooling: 40, MotorAmbient: 25,
		JointSpacing: 5, JointKink: 0.004, LateralResonance: 2.5,
		Eccentricity: 0.0001, TorqueRipple: 0.02, DoorThump: 0.15, StandbyPower: 120,
	}
}

// travel is the way from the lowest to the highest floor, m.
func (p *Params) travel() float64 { return float64(float64(p.Floors-1) * p.FloorHeight) }

// counterweight is its mass, kg.
func (p *Params) counterweight() float64 { return p.CarMass + float64(p.Balance*p.RatedLoad) }

// TractionLimit is the ratio of rope forces above which ropes slip, by Euler and
// Eytelwein.
func TractionLimit(f, wrap float64) float64 { return detmath.Exp(f * wrap) }

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	for _, c := range p.constraints() {
		if !(c.value >= c.min && c.value <= c.max) {
			return fmt.Errorf("%s: %g is outside %g to %g", c.name, c.value, c.min, c.max)
		}
	}
	// With the worst groove the ropes must still hold a standing car.
	k, w := TractionLimit(p.Groove*worstGroove, p.Wrap), p.counterweight()
	side := p.GuideFriction / gravity
	if (w+side)/p.CarMass > k || (p.CarMass+p.RatedLoad+side)/w > k {
		return errors.New("Groove: a standing car would slide on worn ropes; raise Groove, Wrap or CarMass")
	}
	if p.SwitchRatio >= p.TripRatio {
		return errors.New("SwitchRatio: the governor's switch must act before its safety gear")
	}
	return nil
}

type constraint struct {
	name            string
	value, min, max float64
}

func (p *Params) constraints() []constraint {
	return []constraint{
		{"Floors", float64(p.Floors), 2, 60}, {"FloorHeight", p.FloorHeight, 2, 10}, {"Headroom", p.Headroom, 2, 30},
		{"Ride.Speed", p.Ride.Speed, 0.2, 12}, {"Ride.Acceleration", p.Ride.Acceleration, 0.2, 1.6}, {"Ride.Jerk", p.Ride.Jerk, 0.2, 3},
		{"CarMass", p.CarMass, 200, 1e4}, {"RatedLoad", p.RatedLoad, 150, 1e4}, {"Balance", p.Balance, 0.3, 0.6},
		{"PassengerMass", p.PassengerMass, 30, 150}, {"GuideFriction", p.GuideFriction, 0, 2000},
		{"SheaveInertia", p.SheaveInertia, 50, 1e4}, {"SheaveRadius", p.SheaveRadius, 0.1, 1},
		{"Groove", p.Groove, 0.05, 0.6}, {"Wrap", p.Wrap, 1, 10},
		{"RopeStiffness", p.RopeStiffness, 1e6, 1e9}, {"RopeMass", p.RopeMass, 0.1, 50}, {"RopeDamping", p.RopeDamping, 0.001, 0.5},
		{"BrakeForce", p.BrakeForce, 1e3, 1e6}, {"BrakeDelay", p.BrakeDelay, 0, 1},
		{"SwitchRatio", p.SwitchRatio, 1.05, 1.5}, {"TripRatio", p.TripRatio, 1.1, 1.7}, {"GearDecelerate", p.GearDecelerate, 1.96, 9.8},
		{"DoorWidth", p.DoorWidth, 0.5, 3}, {"Door.Speed", p.Door.Speed, 0.05, 2}, {"Door.Acceleration", p.Door.Acceleration, 0.05, 5},
		{"Door.Jerk", p.Door.Jerk, 0.1, 20},
		{"CopperLoss", p.CopperLoss, 0, 1e-2}, {"MotorCapacity", p.MotorCapacity, 1e3, 1e7}, {"MotorCooling", p.MotorCooling, 1, 1e4},
		{"MotorAmbient", p.MotorAmbient, -20, 60}, {"JointSpacing", p.JointSpacing, 1, 10}, {"JointKink", p.JointKink, 0, 0.1},
		{"Eccentricity", p.Eccentricity, 0, 0.01}, {"TorqueRipple", p.TorqueRipple, 0, 1}, {"LateralResonance", p.LateralResonance, 0.5, 10},
		{"DoorThump", p.DoorThump, 0, 5}, {"StandbyPower", p.StandbyPower, 0, 5000}, {"PassengerRate", p.PassengerRate, 0, maxRate},
	}
}
