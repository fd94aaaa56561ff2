package scenarios

import (
	"time"

	"twinrig/devicesim"
	pumpcontrol "twinrig/devicesim/oilpump"
	"twinrig/twinmodel"
	"twinrig/twinmodel/oilpump"
)

// pumpingStation is the well of twinmodel/oilpump with its downhole gauges and
// the meters of the drive.
var pumpingStation = kind{
	title:   "pumping station",
	example: "well-3",
	modelID: pumpcontrol.ModelID,
	sensors: []sensor{
		{"fluidLevel", twinmodel.InstrumentSpec{Gain: 1, Lag: 5 * time.Second, Noise: 0.5, Resolution: 0.1}},
		{"intakePressure", twinmodel.InstrumentSpec{Gain: 1, Lag: 200 * time.Millisecond, Noise: 0.05, Resolution: 250.0 / 65536}},
		{"dischargePressure", twinmodel.InstrumentSpec{Gain: 1, Lag: 200 * time.Millisecond, Noise: 0.05, Resolution: 250.0 / 65536}},
		{"flowRate", twinmodel.InstrumentSpec{Gain: 1, Lag: 2 * time.Second, Noise: 0.3, Resolution: 0.1}},
		{"motorCurrent", twinmodel.InstrumentSpec{Gain: 1, Lag: 100 * time.Millisecond, Noise: 0.1, Resolution: 0.05}},
		{"windingTemperature", twinmodel.InstrumentSpec{Gain: 1, Lag: 20 * time.Second, Noise: 0.1, Resolution: 0.05}},
		{"driveFrequency", twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1}},
	},
	build: func(start time.Time, o *options) (twinmodel.Plant, func() devicesim.Controller, error) {
		s := pumpcontrol.DefaultSettings()
		if err := o.duration("reports every", &s.TelemetryInterval); err != nil {
			return nil, nil, err
		}
		if err := o.quantity("drive frequency", hertz, &s.Frequency); err != nil {
			return nil, nil, err
		}
		if err := o.quantity("winding limit", celsius, &s.WindingLimit); err != nil {
			return nil, nil, err
		}
		plant, err := oilpump.New(start, oilpump.DefaultParams())
		if err != nil {
			return nil, nil, usage(err, "change the rows of the table")
		}
		return plant, func() devicesim.Controller { return pumpcontrol.New(s) }, nil
	},
}

var hertz = twinmodel.Signal{Quantity: twinmodel.Frequency, Unit: "Hz"}
