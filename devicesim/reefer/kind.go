package reefer

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/reefer"
)

// Kind is a semitrailer with Pt100 thermometers and a door switch.
var Kind = devicesim.Kind{
	Name:    "reefer",
	Title:   "refrigeration truck",
	Example: "truck-7",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "returnAirTemperature", Spec: twinmodel.Pt100.Lagging(15 * time.Second)},
		{Signal: "supplyAirTemperature", Spec: twinmodel.Pt100.Lagging(15 * time.Second)},
		{Signal: "cargoTemperature", Spec: twinmodel.Pt100.Lagging(30 * time.Second)},
		{Signal: "doorOpen", Spec: twinmodel.IdealInstrument},
		{Signal: "unitMode", Spec: twinmodel.IdealInstrument},
		{Signal: "latitude", Spec: twinmodel.GNSSLatitude.Spec},
		{Signal: "longitude", Spec: twinmodel.GNSSLongitude.Spec},
		{Signal: "speed", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.18, Resolution: 0.1, Min: 0, Max: 500}},
		{Signal: "fuelLevel", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: time.Minute, Noise: 0.2, Resolution: 0.5, Min: 0, Max: 100}},
		{Signal: "engineHours", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.01}},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "door alert delay", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "cargo temperature", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "cargo mass", Quantity: twinmodel.Mass, Unit: "kg"},
		{Name: "cargo limit", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "fuel level", Quantity: twinmodel.Ratio, Unit: "1"},
		{Name: "setpoint", Quantity: twinmodel.Temperature, Unit: "°C"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	p, s := plant.DefaultParams(), DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.ChooseDuration("door alert delay", &s.DoorAlertDelay)
	in.Choose("cargo temperature", &p.CargoTemperature)
	in.Choose("cargo mass", &p.CargoMass)
	in.Choose("fuel level", &p.FuelLevel)
	in.Choose("cargo limit", &s.CargoLimit)
	in.Choose("setpoint", &s.Setpoint)
	truck, err := plant.New(in.Start, p)
	if err != nil {
		return nil, nil, err
	}
	return truck, func() devicesim.Controller { return New(s) }, nil
}
