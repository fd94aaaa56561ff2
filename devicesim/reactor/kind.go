package reactor

import (
	"math"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/reactor"
)

// Kind is a tank with a thermometer in a well and one in the jacket's water, a
// pressure transmitter and a spectrometer for the conversion.
var Kind = devicesim.Kind{
	Name:    "reactor",
	Title:   "batch reactor",
	Example: "reactor-1",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "reactorTemperature", Spec: twinmodel.Pt100InThermowell.Lagging(20 * time.Second)},
		{Signal: "jacketTemperature", Spec: twinmodel.Pt100.Lagging(5 * time.Second)},
		{Signal: "pressure", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 200 * time.Millisecond, Noise: 0.01, Resolution: 50.0 / 65536, Min: 0, Max: 50}},
		{Signal: "level", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 5 * time.Second, Noise: 0.1, Resolution: 0.05, Min: 0, Max: 100}},
		{Signal: "conversion", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: time.Minute, Noise: 0.3, Resolution: 0.1, Min: 0, Max: 100}},
		{Signal: "feedFlow", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 2 * time.Second, Resolution: 0.01}},
		{Signal: "fedMass", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.001}},
		{Signal: "coolantFlow", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 2 * time.Second, Resolution: 0.001}},
		{Signal: "valvePosition", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1}},
		{Signal: "agitatorPower", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: time.Second, Noise: 1, Resolution: 1, Min: 0, Max: 20000}},
	},
	Options: []devicesim.Option{
		{Name: "reaction", Quantity: twinmodel.State, Unit: "1", States: plant.Reactions()},
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "setpoint", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "start temperature", Quantity: twinmodel.Temperature, Unit: "°C"},
		{Name: "feed mass", Quantity: twinmodel.Mass, Unit: "kg"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	var chosen float64
	in.Choose("reaction", &chosen)
	reaction := plant.Reaction(math.Round(chosen))
	p, err := reaction.Params()
	if err != nil {
		return nil, nil, err
	}
	s := DefaultSettings(reaction)
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.Choose("setpoint", &s.Setpoint)
	in.Choose("feed mass", &s.Recipe.FeedMass)
	start := p.Temperature - plant.Freezing
	in.Choose("start temperature", &start)
	p.Temperature = start + plant.Freezing
	tank, err := plant.New(in.Start, p)
	if err != nil {
		return nil, nil, err
	}
	return tank, func() devicesim.Controller { return New(s) }, nil
}
