package oilpump

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/oilpump"
)

// Kind is a beam pumping unit with a load cell and a position sensor at the
// polished rod, and the meters of flow line and drive.
var Kind = devicesim.Kind{
	Name:    "oilpump",
	Title:   "pumping unit",
	Example: "well-7",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "polishedRodPosition", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.001, Resolution: 0.001, Min: 0, Max: 7}},
		{Signal: "polishedRodLoad", Spec: twinmodel.LoadCell133.Spec},
		{Signal: "strokesPerMinute", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.001}},
		{Signal: "tubingPressure", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 100 * time.Millisecond, Noise: 0.02, Resolution: 0.01, Min: 0, Max: 250}},
		{Signal: "flowRate", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 30 * time.Second, Noise: 0.1, Resolution: 0.1}},
		{Signal: "motorCurrent", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 100 * time.Millisecond, Noise: 0.05, Resolution: 0.05}},
		{Signal: "motorPower", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: time.Second, Noise: 0.01, Resolution: 0.01}},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "pumping speed", Quantity: twinmodel.RotationalFrequency, Unit: "1/min"},
		{Name: "pump-off fillage", Quantity: twinmodel.Ratio, Unit: "%"},
		{Name: "idle time", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "initial fluid level", Quantity: twinmodel.Length, Unit: "m"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	s := DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.Choose("pumping speed", &s.Speed)
	in.Choose("pump-off fillage", &s.PumpOffFillage)
	in.ChooseDuration("idle time", &s.IdleTime)
	in.Choose("initial fluid level", &s.Well.FluidLevel)
	well, err := plant.New(in.Start, s.Well)
	if err != nil {
		return nil, nil, err
	}
	return well, func() devicesim.Controller { return New(s) }, nil
}
