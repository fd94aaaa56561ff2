package pipenet

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/pipenet"
)

// Kind is the refinery network with a resistance thermometer in a thermowell, a
// pressure transmitter of 25 bar and an ultrasonic flow meter on every pipe.
var Kind = devicesim.Kind{
	Name:    "pipenet",
	Title:   "refinery pipe network",
	Example: "refinery-1",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: sensors(),
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "header pressure", Quantity: twinmodel.Pressure, Unit: "bar"},
		{Name: "feed", Quantity: twinmodel.VolumeFlow, Unit: "L/s"},
		{Name: "unloading", Quantity: twinmodel.VolumeFlow, Unit: "L/s"},
		{Name: "leak limit", Quantity: twinmodel.VolumeFlow, Unit: "L/s"},
		{Name: "liquid temperature", Quantity: twinmodel.Temperature, Unit: "°C"},
	},
	Build: build,
}

func sensors() (list []devicesim.SensorSpec) {
	thermometer := twinmodel.InstrumentSpec{Gain: 1, Lag: 30 * time.Second, Noise: 0.03, Resolution: 0.01, Min: -50, Max: 450}
	transmitter := twinmodel.InstrumentSpec{Gain: 1, Lag: 200 * time.Millisecond, Noise: 0.005, Resolution: 26.0 / 65536, Min: -1, Max: 25}
	meter := twinmodel.InstrumentSpec{Gain: 1, Lag: time.Second, Noise: 0.1, Resolution: 0.01, Min: -400, Max: 400}
	for _, p := range pipes {
		list = append(list, devicesim.SensorSpec{Signal: p + "Temperature", Spec: thermometer},
			devicesim.SensorSpec{Signal: p + "Pressure", Spec: transmitter}, devicesim.SensorSpec{Signal: p + "Flow", Spec: meter})
	}
	level := twinmodel.InstrumentSpec{Gain: 1, Lag: time.Second, Noise: 0.002, Resolution: 0.001, Min: 0, Max: 15}
	return append(list,
		devicesim.SensorSpec{Signal: "p1aSpeed", Spec: twinmodel.IdealInstrument}, devicesim.SensorSpec{Signal: "p1bSpeed", Spec: twinmodel.IdealInstrument},
		devicesim.SensorSpec{Signal: "p1aPower", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.3, Resolution: 0.1, Min: 0, Max: 1000}},
		devicesim.SensorSpec{Signal: "p1bPower", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.3, Resolution: 0.1, Min: 0, Max: 1000}},
		devicesim.SensorSpec{Signal: "fv101Position", Spec: twinmodel.IdealInstrument},
		devicesim.SensorSpec{Signal: "fv301Position", Spec: twinmodel.IdealInstrument},
		devicesim.SensorSpec{Signal: "fv302Position", Spec: twinmodel.IdealInstrument},
		devicesim.SensorSpec{Signal: "tk1Level", Spec: level}, devicesim.SensorSpec{Signal: "tk2Level", Spec: level},
		devicesim.SensorSpec{Signal: "tk1Temperature", Spec: thermometer}, devicesim.SensorSpec{Signal: "tk2Temperature", Spec: thermometer},
	)
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	p, s := plant.DefaultParams(), DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.Choose("header pressure", &s.HeaderPressure)
	in.Choose("feed", &s.Feed)
	in.Choose("unloading", &s.Unloading)
	in.Choose("leak limit", &s.LeakLimit)
	in.Choose("liquid temperature", &p.Temperature)
	network, err := plant.NewRefinery(in.Start, p)
	if err != nil {
		return nil, nil, err
	}
	return network, func() devicesim.Controller { return New(s) }, nil
}
