package elevator

import (
	"fmt"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/elevator"
)

// Kind is a monitoring unit on the car: the machine's encoder, door contacts and
// load cell, a sensor on the motor, and an accelerometer, from whose raw signal
// the unit computes the quality of a ride.
var Kind = devicesim.Kind{
	Name:    "elevator",
	Title:   "passenger elevator",
	Example: "lift-1",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "carPosition", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.001}},
		{Signal: "carSpeed", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.001}},
		{Signal: "accelX", Spec: twinmodel.ISM330DHCX.Spec},
		{Signal: "accelY", Spec: twinmodel.ISM330DHCX.Spec},
		{Signal: "accelZ", Spec: twinmodel.ISM330DHCX.Spec},
		{Signal: "floor", Spec: twinmodel.IdealInstrument},
		{Signal: "doorState", Spec: twinmodel.IdealInstrument},
		{Signal: "direction", Spec: twinmodel.IdealInstrument},
		{Signal: "carState", Spec: twinmodel.IdealInstrument},
		{Signal: "tripCause", Spec: twinmodel.IdealInstrument},
		{Signal: "reopenings", Spec: twinmodel.IdealInstrument},
		{Signal: "overload", Spec: twinmodel.IdealInstrument},
		{Signal: "tripCount", Spec: twinmodel.IdealInstrument},
		{Signal: "load", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 3, Resolution: 1, Min: 0, Max: 5000}},
		{Signal: "motorTemperature", Spec: twinmodel.InstrumentSpec{Gain: 1, Lag: 20 * time.Second, Noise: 0.1, Resolution: 0.1, Min: -50, Max: 250}},
		{Signal: "power", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 10, Resolution: 1}},
		{Signal: "a95Vertical", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1}},
		{Signal: "a95Lateral", Spec: twinmodel.InstrumentSpec{Gain: 1, Resolution: 0.1}},
		{Signal: "levellingError", Spec: twinmodel.InstrumentSpec{Gain: 1, Noise: 0.2, Resolution: 0.1}},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "reports rides every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "passenger rate", Quantity: twinmodel.Ratio, Unit: "1"},
		{Name: "floors", Quantity: twinmodel.Ratio, Unit: "1"},
		{Name: "rated speed", Quantity: twinmodel.Velocity, Unit: "m/s"},
		{Name: "rated load", Quantity: twinmodel.Mass, Unit: "kg"},
		{Name: "vibration limit", Quantity: twinmodel.Acceleration, Unit: "mg0"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	p, s := plant.DefaultParams(), DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.ChooseDuration("reports rides every", &s.RideInterval)
	in.Choose("passenger rate", &p.PassengerRate)
	in.Choose("rated speed", &p.Ride.Speed)
	in.Choose("rated load", &p.RatedLoad)
	in.Choose("vibration limit", &s.VibrationLimit)
	floors := float64(p.Floors)
	in.Choose("floors", &floors)
	if p.Floors = int(floors); float64(p.Floors) != floors {
		return nil, nil, fmt.Errorf("floors: %g is no number of floors", floors)
	}
	s.Floors = p.Floors
	lift, err := plant.New(in.Start, p, in.Stream("passengers"))
	if err != nil {
		return nil, nil, err
	}
	return lift, func() devicesim.Controller { return New(s) }, nil
}
