package esp

import (
	"fmt"

	"twinrig/twinmodel"
)

// MinFrequency is the lowest the drive turns the motor at, in Hz.
const MinFrequency = 25.0

// Inputs, in the order of the specification.
const (
	inFrequency = iota
	inRunning
	inLinePressure
	inScale
	inWornStages
	inBrokenShaft
	inTubingLeak
	inLinePlug
	inGasBreakthrough
	inputs
)

// Outputs, in the order of the specification.
const (
	outLevel = iota
	outIntakePressure
	outDischargePressure
	outWellheadPressure
	outFlow
	outInflow
	outCurrent
	outPower
	outWinding
	outGas
	outSpeed
	outState
	outputs
)

// Pump states, in the order of the pumpState signal's.
const (
	stateStopped = iota
	stateRunning
	stateGasLocked
)

var spec = twinmodel.Spec{
	Kind:  "esp",
	Title: "submersible pump",
	Signals: []twinmodel.Signal{
		inFrequency: {Name: "driveFrequency", Label: "drive frequency", Quantity: twinmodel.Frequency, Unit: "Hz",
			Max: 70, Initial: 60, Direction: twinmodel.Actuator, Doc: "the drive ramps to it; 0, or 25 to 70"},
		inRunning: {Name: "running", Label: "drive", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Actuator, States: []string{"stopped", "running"}},
		inLinePressure: {Name: "linePressure", Label: "line pressure", Quantity: twinmodel.Pressure, Unit: "bar",
			Min: 1, Max: 60, Initial: 10, Direction: twinmodel.Environment, Doc: "in the flow line behind the wellhead"},
		inScale:           fault("scale", "scale", "1 makes pump and tubing six times as narrow to flow"),
		inWornStages:      fault("wornStages", "worn stages", "1 loses half the head"),
		inBrokenShaft:     fault("brokenShaft", "broken shaft", "share of the stages that no longer turn"),
		inTubingLeak:      fault("tubingLeak", "tubing leak", "1 returns 60 % of the pumped liquid to the annulus"),
		inLinePlug:        fault("linePlug", "flow line plug", "1 leaves a twentieth of the flow line's passage"),
		inGasBreakthrough: fault("gasBreakthrough", "gas breakthrough", "1 is five times the dissolved gas"),

		inputs + outLevel: {Name: "fluidLevel", Label: "fluid level", Quantity: twinmodel.Length, Unit: "m", Max: 5000,
			Doc: "of the liquid in the annulus above the pump intake"},
		inputs + outIntakePressure:    pressure("intakePressure", "intake pressure", "at the pump intake, equal to the flowing pressure of the well"),
		inputs + outDischargePressure: pressure("dischargePressure", "discharge pressure", "at the pump outlet"),
		inputs + outWellheadPressure:  pressure("wellheadPressure", "wellhead pressure", "at the top of the tubing"),
		inputs + outFlow:              flow("flowRate", "flow rate", "of liquid into the flow line"),
		inputs + outInflow:            flow("inflowRate", "inflow rate", "of liquid from the reservoir"),
		inputs + outCurrent:           {Name: "motorCurrent", Label: "motor current", Quantity: twinmodel.Current, Unit: "A", Max: 1000},
		inputs + outPower:             {Name: "motorPower", Label: "motor power", Quantity: twinmodel.Power, Unit: "kW", Min: -10, Max: 2000},
		inputs + outWinding:           {Name: "windingTemperature", Label: "winding temperature", Quantity: twinmodel.Temperature, Unit: "°C", Max: 400},
		inputs + outGas: {Name: "gasFraction", Label: "gas fraction", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "of the volume that enters the pump"},
		inputs + outSpeed: {Name: "shaftSpeed", Label: "shaft speed", Quantity: twinmodel.RotationalFrequency, Unit: "1/min", Max: 4500},
		inputs + outState: {Name: "pumpState", Label: "pump", Quantity: twinmodel.State, Unit: "1", Max: 2,
			States: []string{"stopped", "running", "gas locked"}},
	},
	Sources: []string{
		"Vogel (1968): inflow performance of saturated reservoirs",
		"Affinity laws of centrifugal pumps",
		"Darcy and Weisbach: friction in the tubing",
	},
}

// checkInput refuses frequencies the drive cannot make.
func checkInput(i int, v float64) error {
	if i == inFrequency && v != 0 && v < MinFrequency {
		return fmt.Errorf("%g Hz: the drive makes 0 or at least %g Hz", v, MinFrequency)
	}
	return nil
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func pressure(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Pressure, Unit: "bar", Max: 1000, Doc: doc}
}

func flow(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.VolumeFlow, Unit: "m³/d", Min: -10000, Max: 10000, Doc: doc}
}
