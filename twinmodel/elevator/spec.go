package elevator

import (
	"twinrig/twinmodel"
)

// worstGroove is what severity 1 of rope slip leaves of the groove's friction.
const worstGroove = 0.55

// worstEncoder is how far severity 1 of encoder drift is off, of the way.
const worstEncoder = 0.005

// maxRate is the most passengers an hour.
const maxRate = 1200

// Inputs, in the order of the specification.
const (
	inCall = iota
	inService
	inReset
	inDwell
	inRate
	inFreight
	inRopeSlip
	inRopeWear
	inGuideShoe
	inRailJoint
	inObstructed
	inSlowDoor
	inBrakeDrag
	inWeakBrake
	inOverspeed
	inLevelling
	inEncoder
	inPowerLoss
	inInterlock
	inputs
)

// Outputs, in the order of the specification.
const (
	outPosition = inputs + iota
	outSpeed
	outAccelX
	outAccelY
	outAccelZ
	outPressure
	outFloor
	outDoor
	outOpening
	outDirection
	outLoad
	outOverload
	outWaiting
	outMotor
	outPower
	outEnergy
	outTrips
	outA95
	outLateral
	outPeak
	outLevel
	outSlip
	outFrequency
	outState
	outCause
	outReopenings
	signals
)

// Door states and directions, in the order of the signals' states.
const (
	doorClosed = iota
	doorOpening
	doorOpen
	doorClosing
)

// Car states, in the order of the carState signal's.
const (
	carIdle    = iota
	carServing // doors are moving or open
	carMoving
	carTripped
)

var spec = twinmodel.Spec{
	Kind:  "elevator",
	Title: "passenger elevator",
	Signals: []twinmodel.Signal{
		inCall: {Name: "calledFloor", Label: "called floor", Quantity: twinmodel.Ratio, Unit: "1", Max: 60, Direction: twinmodel.Actuator,
			Doc: "a button: the floor is called and the input falls back to 0"},
		inService: {Name: "inService", Label: "service", Quantity: twinmodel.State, Unit: "1", Max: 1, Initial: 1,
			Direction: twinmodel.Actuator, States: []string{"out of service", "in service"}},
		inReset: {Name: "reset", Label: "reset", Quantity: twinmodel.State, Unit: "1", Max: 1, Direction: twinmodel.Actuator,
			States: []string{"released", "pressed"}, Doc: "a button that falls back: releases brake and safety gear after a trip"},
		inDwell: {Name: "doorDwell", Label: "door dwell", Quantity: twinmodel.Time, Unit: "s", Min: 1, Max: 60, Initial: 4,
			Direction: twinmodel.Actuator, Doc: "how long the door stands open"},
		inRate: {Name: "passengerRate", Label: "passenger rate", Quantity: twinmodel.Ratio, Unit: "1", Max: maxRate, Initial: 20,
			Direction: twinmodel.Environment, Doc: "passengers an hour who come, by chance, at any floor"},
		inFreight: {Name: "freight", Label: "freight", Quantity: twinmodel.Mass, Unit: "kg", Max: 2000,
			Direction: twinmodel.Environment, Doc: "to be in the car besides passengers; it gets in and out while the door is open"},
		inRopeSlip:   fault("ropeSlip", "rope slip", "1 leaves 55 % of the friction in the sheave's grooves"),
		inRopeWear:   fault("ropeWear", "rope wear", "1 halves the ropes' stiffness"),
		inGuideShoe:  fault("wornGuideShoe", "worn guide shoe", "1 triples what the rails' joints give the car"),
		inRailJoint:  fault("railJoint", "rail joint", "1 puts the joint half way up sixteen times as far out of line as any other"),
		inObstructed: fault("doorObstructed", "door obstruction", "below 0.5 a light curtain in doubt, which nudging overrides; from 0.5 something in the way"),
		inSlowDoor:   fault("slowDoor", "slow door", "1 takes three times as long"),
		inBrakeDrag:  fault("brakeDrag", "brake drag", "1 drags with an eighth of the brake's force"),
		inWeakBrake:  fault("weakBrake", "weak brake", "share of the brake's force that is lost"),
		inOverspeed:  fault("overspeed", "overspeed", "1 makes the drive run half as fast again, from the next ride"),
		inLevelling:  fault("levellingFault", "levelling fault", "a vane out of place: 1 stops 40 mm beyond the floor"),
		inEncoder:    fault("encoderDrift", "encoder drift", "1 makes the drive believe half a per cent less of its way, so that it overruns and levels again"),
		inPowerLoss:  fault("powerLoss", "power loss", "share of the supply's voltage lost; from 0.5 the contactors drop and the brake falls in"),
		inInterlock:  fault("interlock", "door interlock", "share of the safety chain's voltage lost at a worn contact: from 0.3 its relay does not pull in and the car does not start, from 0.5 it drops and the brake stops the car"),

		outPosition:  {Name: "carPosition", Label: "car position", Quantity: twinmodel.Length, Unit: "m", Min: -30, Max: 700, Doc: "above the lowest floor"},
		outSpeed:     {Name: "carSpeed", Label: "car speed", Quantity: twinmodel.Velocity, Unit: "m/s", Min: -30, Max: 30, Doc: "upwards"},
		outAccelX:    gforce("accelX", "front acceleration", "across the car, front to back"),
		outAccelY:    gforce("accelY", "side acceleration", "across the car, side to side"),
		outAccelZ:    gforce("accelZ", "vertical acceleration", "in the car, with gravity and vibration"),
		outPressure:  {Name: "airPressure", Label: "air pressure", Quantity: twinmodel.Pressure, Unit: "hPa", Min: 800, Max: 1100, Doc: "in the car; 1013.25 hPa at the lowest floor"},
		outFloor:     {Name: "floor", Label: "floor", Quantity: twinmodel.Ratio, Unit: "1", Min: 1, Max: 60, Doc: "nearest"},
		outDoor:      {Name: "doorState", Label: "door", Quantity: twinmodel.State, Unit: "1", Max: 3, States: []string{"closed", "opening", "open", "closing"}},
		outOpening:   {Name: "doorOpening", Label: "door opening", Quantity: twinmodel.Length, Unit: "m", Max: 3},
		outDirection: {Name: "direction", Label: "direction", Quantity: twinmodel.State, Unit: "1", Max: 2, States: []string{"none", "up", "down"}},
		outLoad:      {Name: "load", Label: "load", Quantity: twinmodel.Mass, Unit: "kg", Max: 1e4},
		outOverload:  {Name: "overload", Label: "overload", Quantity: twinmodel.State, Unit: "1", Max: 1, States: []string{"no", "yes"}, Doc: "more than 110 % of the rated load; the car stays with its door open"},
		outWaiting:   {Name: "waiting", Label: "waiting passengers", Quantity: twinmodel.Ratio, Unit: "1", Max: maxWaiting},
		outMotor:     {Name: "motorTemperature", Label: "motor temperature", Quantity: twinmodel.Temperature, Unit: "°C", Min: -40, Max: 2000},
		outPower:     {Name: "power", Label: "electric power", Quantity: twinmodel.Power, Unit: "W", Min: -1e7, Max: 1e7, Doc: "of the drive, with stand-by; negative when it feeds back"},
		outEnergy:    {Name: "energyUsed", Label: "energy used", Quantity: twinmodel.Energy, Unit: "kWh", Min: -1e9, Max: 1e9},
		outTrips:     {Name: "tripCount", Label: "trip count", Quantity: twinmodel.Ratio, Unit: "1", Max: 1e9, Doc: "rides, also those to level"},
		outA95:       acceleration("a95Vertical", "vertical vibration", "95 % of the peak-to-peak values of the present or last ride are less, as ISO 18738-1 evaluates, behind a low pass of 10 Hz"),
		outLateral:   acceleration("a95Lateral", "lateral vibration", "the same across the car, on the worse axis"),
		outPeak:      acceleration("maxPeakToPeak", "largest vibration", "vertical peak-to-peak value of the present or last ride"),
		outLevel:     {Name: "levellingError", Label: "levelling", Quantity: twinmodel.Length, Unit: "mm", Min: -1e6, Max: 1e6, Doc: "car's sill above that of the nearest floor"},
		outSlip:      {Name: "ropeSlipDistance", Label: "rope slip distance", Quantity: twinmodel.Length, Unit: "mm", Max: 1e9, Doc: "ropes have slipped on the sheave, in all"},
		outFrequency: {Name: "ropeFrequency", Label: "rope frequency", Quantity: twinmodel.Frequency, Unit: "Hz", Max: 100, Doc: "first mode of car and ropes"},
		outState:     {Name: "carState", Label: "car", Quantity: twinmodel.State, Unit: "1", Max: 3, States: []string{"idle", "serving", "moving", "tripped"}},
		outCause: {Name: "tripCause", Label: "trip cause", Quantity: twinmodel.State, Unit: "1", Max: 6,
			States: []string{"none", "power", "governor", "safety gear", "buffer", "brake", "interlock"}, Doc: "why a tripped car stands"},
		outReopenings: {Name: "reopenings", Label: "door reopenings", Quantity: twinmodel.Ratio, Unit: "1", Max: 1e9, Doc: "since the door was last closed"},
	},
	Sources: []string{
		"Peters (1996): ideal lift kinematics, S-curve in closed form",
		"Euler and Eytelwein: traction of ropes on a sheave",
		"Longitudinal vibration of a rod with an end mass: β·tan β = µL/M",
		"ISO 18738-1: evaluation of ride quality (A95, peak to peak)",
		"Barometric formula of an isothermal atmosphere at 15 °C",
		"Delco governor chart (2021): switch and trip speeds",
	},
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func gforce(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Acceleration, Unit: "g0", Min: -10, Max: 10, Doc: doc}
}

func acceleration(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Acceleration, Unit: "mg0", Max: 1e4, Doc: doc}
}
