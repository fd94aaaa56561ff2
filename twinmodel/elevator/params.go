package elevator

import (
	"errors"
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
)

const gravity = 9.80665 // m/s²

// Params are the constants of one elevator. Start from DefaultParams.
type Params struct {
	Floors        int     `unit:"1" range:"2..60" source:"estimate: an invented building" doc:"number of floors"`
	FloorHeight   float64 `unit:"m" range:"2..10" source:"estimate: an invented building" doc:"from floor to floor"`
	Headroom      float64 `unit:"m" range:"2..30" source:"estimate: an invented building" doc:"rope between sheave and car at the top floor"`
	PassengerRate float64 `unit:"1" range:"0..1200" source:"estimate" doc:"passengers an hour at the start"`
	Ride          Limits  `source:"estimate: typical of a passenger elevator; good practice, recalled: 1.0 to 1.5 m/s², 1.4 to 2.0 m/s³ at most"`

	CarMass       float64 `unit:"kg" range:"200..1e4" source:"estimate" doc:"car with frame"`
	RatedLoad     float64 `unit:"kg" range:"150..1e4" source:"estimate: an invented building: 13 persons" doc:"rated load"`
	Balance       float64 `unit:"1" range:"0.3..0.6" source:"recalled: 0.45 to 0.5" doc:"share of the rated load in the counterweight"`
	PassengerMass float64 `unit:"kg" range:"30..150" source:"EN 81, recalled" doc:"one passenger"`
	GuideFriction float64 `unit:"N" range:"0..2000" source:"estimate" doc:"friction in the guides"`
	SheaveInertia float64 `unit:"kg" range:"50..1e4" source:"estimate" doc:"inertia of sheave and motor, as mass at the rope"`
	SheaveRadius  float64 `unit:"m" range:"0.1..1" source:"estimate" doc:"radius of the sheave"`
	Groove        float64 `unit:"1" range:"0.05..0.6" source:"recalled" doc:"friction factor f of the ropes in the grooves"`
	Wrap          float64 `unit:"rad" range:"1..10" source:"half a turn" doc:"angle α of the ropes on the sheave"`

	RopeStiffness float64 `unit:"N" range:"1e6..1e9" source:"estimate: five ropes" doc:"EA of all ropes"`
	RopeMass      float64 `unit:"kg/m" range:"0.1..50" source:"estimate: five ropes" doc:"mass of all ropes per length"`
	RopeDamping   float64 `unit:"1" range:"0.001..0.5" source:"recalled: 0.02 to 0.05; the upper end comes nearest to the recorded ride of ELV-4" doc:"damping ratio ζ of the ropes' modes"`

	BrakeForce       float64 `unit:"N" range:"1e3..1e6" source:"estimate" doc:"brake, at the rope"`
	BrakeDelay       float64 `unit:"s" range:"0..1" source:"recalled: 0.1 to 0.2 s" doc:"time in which the brake falls in"`
	SwitchRatio      float64 `unit:"1" range:"1.05..1.5" source:"Delco chart (2021): 2.86 for 2.54 m/s" doc:"speed of the governor's switch to the rated"`
	TripRatio        float64 `unit:"1" range:"1.1..1.7" source:"Delco chart (2021): 3.18 for 2.54 m/s" doc:"speed at which the safety gear grips to the rated"`
	GearDeceleration float64 `unit:"m/s²" range:"1.96..9.81" source:"recalled: 0.2 to 1.0 g" doc:"of safety gear and buffers"`

	DoorWidth float64 `unit:"m" range:"0.5..3" source:"recalled: 0.8 to 1.1 m" doc:"width of the door"`
	Door      Limits  `source:"chosen for 2 to 3 s"`

	CopperLoss    float64 `unit:"W/N²" range:"0..1e-2" source:"estimate" doc:"heat in the motor's winding by force at the rope squared"`
	MotorCapacity float64 `unit:"J/K" range:"1e3..1e7" source:"estimate" doc:"heat capacity of the motor"`
	MotorCooling  float64 `unit:"W/K" range:"1..1e4" source:"estimate" doc:"from the motor to the machine room"`
	MotorAmbient  float64 `unit:"°C" range:"-20..60" source:"estimate" doc:"temperature of the machine room"`
	StandbyPower  float64 `unit:"W" range:"0..5000" source:"estimate" doc:"control, light and door"`

	JointSpacing     float64 `unit:"m" range:"1..10" source:"usual length of a rail" doc:"between joints of the guide rails"`
	JointKink        float64 `unit:"rad" range:"0..0.1" source:"chosen for a lateral A95 of 8 to 12 thousandths of g" doc:"largest angle at a joint"`
	LateralResonance float64 `unit:"Hz" range:"0.5..10" source:"estimate: 1 to 5 Hz" doc:"of the car in its guides, front to back"`
	Eccentricity     float64 `unit:"m" range:"0..0.01" source:"estimate" doc:"of the sheave"`
	TorqueRipple     float64 `unit:"m/s²" range:"0..1" source:"estimate" doc:"amplitude at the rim at rated speed"`
	DoorThump        float64 `unit:"m/s²" range:"0..5" source:"estimate" doc:"of a door that reaches its end"`
}

// DefaultParams is a passenger elevator for 13 persons over 12 floors. It is no
// machine in particular.
func DefaultParams() Params {
	return Params{
		Floors: 12, FloorHeight: 3.5, Headroom: 5, PassengerRate: 20, Ride: Limits{2.5, 1, 1.2},
		CarMass: 1600, RatedLoad: 1000, Balance: 0.5, PassengerMass: 75, GuideFriction: 200,
		SheaveInertia: 800, SheaveRadius: 0.3, Groove: 0.2, Wrap: math.Pi,
		RopeStiffness: 14e6, RopeMass: 1.75, RopeDamping: 0.05,
		BrakeForce: 15e3, BrakeDelay: 0.15, SwitchRatio: 2.86 / 2.54, TripRatio: 3.18 / 2.54, GearDeceleration: 5,
		DoorWidth: 0.9, Door: Limits{0.5, 0.8, 2},
		CopperLoss: 4e-5, MotorCapacity: 60e3, MotorCooling: 40, MotorAmbient: 25, StandbyPower: 120,
		JointSpacing: 5, JointKink: 0.003, LateralResonance: 2.5, Eccentricity: 0.0001, TorqueRipple: 0.02, DoorThump: 0.15,
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
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	// With the worst groove the ropes must still hold a standing car.
	k, w := TractionLimit(p.Groove*worstGroove, p.Wrap), p.counterweight()
	side := p.GuideFriction / gravity
	if (w+side)/p.CarMass > k || (p.CarMass+p.RatedLoad+side)/w > k {
		return errors.New("parameter Groove: a standing car would slide on worn ropes; raise Groove, Wrap or CarMass")
	}
	if p.SwitchRatio >= p.TripRatio {
		return errors.New("SwitchRatio: the governor's switch must act before its safety gear")
	}
	if float64(math.Abs(w-p.CarMass-p.RatedLoad)*gravity) > p.BrakeForce || float64(math.Abs(w-p.CarMass)*gravity) > p.BrakeForce {
		return errors.New("BrakeForce: a sound brake would not hold the car")
	}
	return nil
}
