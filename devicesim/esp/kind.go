package esp

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/esp"
)

// Kind is a submersible pump with downhole gauges and the meters of its drive.
var Kind = devicesim.Kind{
	Name:    "esp",
	Title:   "submersible pump",
	Example: "well-3",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "fluidLevel", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 5 * time.Second, Noise: 0.5, Resolution: 0.1}},
		{Signal: "intakePressure", Spec: twinmodel.PressureTransmitter250.Spec},
		{Signal: "dischargePressure", Spec: twinmodel.PressureTransmitter250.Spec},
		{Signal: "flowRate", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 2 * time.Second, Noise: 0.3, Resolution: 0.1}},
		{Signal: "motorCurrent", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 100 * time.Millisecond, Noise: 0.1, Resolution: 0.05}},
		{Signal: "windingTemperature", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 20 * time.Second, Noise: 0.1, Resolution: 0.05}},
		{Signal: "driveFrequency", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1}},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "drive frequency", Quantity: twinmodel.Frequency, Unit: "Hz"},
		{Name: "winding limit", Quantity: twinmodel.Temperature, Unit: "°C"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	s := DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.Choose("drive frequency", &s.Frequency)
	in.Choose("winding limit", &s.WindingLimit)
	station, err := plant.New(in.Start, plant.DefaultParams())
	if err != nil {
		return nil, nil, err
	}
	return station, func() devicesim.Controller { return New(s) }, nil
}
