package oilpump

import "twinrig/twinmodel"

// Inputs, in the order of the specification.
const (
	inRunning = iota
	inTargetSpeed
	inLinePressure
	inAmbient
	inGasInterference
	inTravellingValveLeak
	inStandingValveLeak
	inWornPlunger
	inRodParted
	inStuckPump
	inCounterweightLoss
	inParaffin
	inTubingLeak
	inLinePlug
	inBeltSlip
	inputs
)

// Outputs, in the order of the specification.
const (
	outPosition = iota
	outLoad
	outPlungerPosition
	outPlungerLoad
	outSpeed
	outFillage
	outProduction
	outPeakLoad
	outMinimumLoad
	outPlungerStroke
	outRodPower
	outTorque
	outPeakTorque
	outCurrent
	outPower
	outWinding
	outLevel
	outIntakePressure
	outTubingPressure
	outFlow
	outInflow
	outGas
	outputs
)

var spec = twinmodel.Spec{
	Kind:  "oilpump",
	Title: "pumping unit",
	Signals: []twinmodel.Signal{
		inRunning: {Name: "running", Label: "drive", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Actuator, States: []string{"stopped", "running"}},
		inTargetSpeed: {Name: "targetSpeed", Label: "target speed", Quantity: twinmodel.RotationalFrequency, Unit: "1/min",
			Max: 20, Initial: 8, Direction: twinmodel.Actuator, Doc: "strokes per minute the drive ramps to while it runs"},
		inLinePressure: {Name: "linePressure", Label: "line pressure", Quantity: twinmodel.Pressure, Unit: "bar",
			Min: 1, Max: 60, Initial: 8, Direction: twinmodel.Environment, Doc: "in the flow line behind the wellhead"},
		inAmbient: {Name: "ambientTemperature", Label: "ambient temperature", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -50, Max: 60, Initial: 20, Direction: twinmodel.Environment},
		inGasInterference:     fault("gasInterference", "gas interference", "1 is five times the dissolved gas and a gas anchor that keeps none of it out"),
		inTravellingValveLeak: fault("travellingValveLeak", "travelling valve leak", "1 lets through most of what the plunger lifts"),
		inStandingValveLeak:   fault("standingValveLeak", "standing valve leak", "1 lets back most of what the plunger drives out"),
		inWornPlunger:         fault("wornPlunger", "worn plunger", "1 is six times the clearance"),
		inRodParted:           fault("rodParted", "parted rod", "1 has parted at the top, 0.1 a tenth of the string above the pump"),
		inStuckPump:           fault("stuckPump", "stuck pump", "1 holds the plunger with 50 kN"),
		inCounterweightLoss:   fault("counterweightLoss", "counterweight loss", "1 loses 60 % of the moment"),
		inParaffin:            fault("paraffin", "paraffin", "1 is six times the damping and 5 kN more friction"),
		inTubingLeak:          fault("tubingLeak", "tubing leak", "1 returns about 26 m³/d to the annulus"),
		inLinePlug:            fault("linePlug", "flow line plug", "1 leaves a twentieth of the flow line's passage"),
		inBeltSlip:            fault("beltSlip", "belt slip", "1 loses half the speed"),

		inputs + outPosition:        length("polishedRodPosition", "polished rod position", 0, 10, "above the bottom of the stroke"),
		inputs + outLoad:            force("polishedRodLoad", "polished rod load", "pull of the rods on the unit"),
		inputs + outPlungerPosition: length("plungerPosition", "plunger position", -20, 20, "in the barrel, from where it rests without load at the bottom of the stroke"),
		inputs + outPlungerLoad:     force("plungerLoad", "plunger load", "on the lower end of the rods"),
		inputs + outSpeed: {Name: "strokesPerMinute", Label: "pumping speed", Quantity: twinmodel.RotationalFrequency, Unit: "1/min", Max: 25,
			Doc: "of the crank"},
		inputs + outFillage: {Name: "pumpFillage", Label: "pump fillage", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "liquid's share of what the plunger swept in the last stroke"},
		inputs + outProduction:    flow("production", "production", "what the plunger lifted in the last stroke; nothing while the unit stands"),
		inputs + outPeakLoad:      force("peakLoad", "peak load", "of the polished rod in the last stroke"),
		inputs + outMinimumLoad:   force("minimumLoad", "minimum load", "of the polished rod in the last stroke"),
		inputs + outPlungerStroke: length("plungerStroke", "plunger stroke", 0, 20, "in the barrel, the last one"),
		inputs + outRodPower: {Name: "polishedRodPower", Label: "polished rod power", Quantity: twinmodel.Power, Unit: "kW", Min: -100, Max: 1000,
			Doc: "mean of the last stroke"},
		inputs + outTorque:         torque("gearboxTorque", "gearbox torque", "at the crankshaft"),
		inputs + outPeakTorque:     torque("peakTorque", "peak torque", "at the crankshaft in the last stroke"),
		inputs + outCurrent:        {Name: "motorCurrent", Label: "motor current", Quantity: twinmodel.Current, Unit: "A", Max: 5000},
		inputs + outPower:          {Name: "motorPower", Label: "motor power", Quantity: twinmodel.Power, Unit: "kW", Max: 5000, Doc: "from the grid; what the motor gives back heats a resistor"},
		inputs + outWinding:        {Name: "windingTemperature", Label: "winding temperature", Quantity: twinmodel.Temperature, Unit: "°C", Min: -60, Max: 1000},
		inputs + outLevel:          length("fluidLevel", "fluid level", 0, 5000, "of the liquid in the annulus above the pump intake"),
		inputs + outIntakePressure: pressure("intakePressure", "intake pressure", "at the pump intake, equal to the flowing pressure of the well"),
		inputs + outTubingPressure: pressure("tubingPressure", "tubing pressure", "at the wellhead"),
		inputs + outFlow:           flow("flowRate", "flow rate", "of liquid into the flow line"),
		inputs + outInflow:         flow("inflowRate", "inflow rate", "of liquid from the reservoir"),
		inputs + outGas: {Name: "gasFraction", Label: "gas fraction", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "of the volume that enters the pump"},
	},
	Sources: []string{
		"API Specification 11E: geometry and torque factors of beam pumping units",
		"API RP 11L: worked example, wave speed and natural frequency of rod strings",
		"Gibbs (1963): the damped wave equation of rod strings, and pump cards from surface cards by Fourier series",
		"Patterson and ARCO-HF equations: slippage past the plunger",
		"Vogel (1968): inflow performance of saturated reservoirs",
	},
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func length(name, label string, lo, hi float64, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Length, Unit: "m", Min: lo, Max: hi, Doc: doc}
}

func force(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Force, Unit: "kN", Min: -1000, Max: 1000, Doc: doc}
}

func torque(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Torque, Unit: "kNm", Min: -1000, Max: 1000, Doc: doc}
}

func pressure(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Pressure, Unit: "bar", Max: 1000, Doc: doc}
}

func flow(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.VolumeFlow, Unit: "m³/d", Min: -10000, Max: 10000, Doc: doc}
}
