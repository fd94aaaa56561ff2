package hvac

import (
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/hvac"
)

// Kind is a split unit with a combined temperature and humidity sensor of the
// HTS221's class.
var Kind = devicesim.Kind{
	Name:    "hvac",
	Title:   "room air conditioner",
	Example: "ac-2",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "temperature", Spec: twinmodel.HTS221Temperature.Spec},
		{Signal: "humidity", Spec: twinmodel.HTS221Humidity.Spec},
		{Signal: "supplyAirTemperature", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 10 * time.Second, Noise: 0.03, Resolution: 0.004}},
		{Signal: "compressorState", Spec: twinmodel.IdealInstrument},
		{Signal: "compressorSpeed", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 1, Min: 0, Max: 100}},
		{Signal: "power", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 5, Resolution: 1, Min: 0, Max: 20000}},
		{Signal: "filterDp", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.5, Resolution: 0.1, Min: 0, Max: 500}},
		{Signal: "condensateLevel", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 1, Min: 0, Max: 100}},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "room alert delay", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "start temperature", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "setpoint", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "lowest compressor speed", Quantity: twinmodel.Ratio, Unit: "1"}, // below 1 it is an inverter
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	p, s := plant.DefaultParams(), DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.ChooseDuration("room alert delay", &s.BandAlertDelay)
	in.Choose("start temperature", &p.AirTemperature)
	in.Choose("setpoint", &s.Setpoint)
	in.Choose("lowest compressor speed", &p.MinSpeed)
	room, err := plant.New(in.Start, p)
	if err != nil {
		return nil, nil, err
	}
	return room, func() devicesim.Controller { return New(s) }, nil
}
