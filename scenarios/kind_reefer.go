package scenarios

import (
	"time"

	"twinrig/devicesim"
	reefercontrol "twinrig/devicesim/reefer"
	"twinrig/twinmodel"
	"twinrig/twinmodel/reefer"
)

// refrigerationTruck is the semitrailer of twinmodel/reefer with Pt100
// thermometers and a door switch.
var refrigerationTruck = kind{
	title:   "refrigeration truck",
	example: "truck-7",
	modelID: reefercontrol.ModelID,
	sensors: []sensor{
		{"returnAirTemperature", twinmodel.InstrumentSpec{Gain: 1, Lag: 15 * time.Second, Noise: 0.03, Resolution: 0.004}},
		{"supplyAirTemperature", twinmodel.InstrumentSpec{Gain: 1, Lag: 15 * time.Second, Noise: 0.03, Resolution: 0.004}},
		{"cargoTemperature", twinmodel.InstrumentSpec{Gain: 1, Lag: 30 * time.Second, Noise: 0.03, Resolution: 0.004}},
		{"doorOpen", twinmodel.IdealInstrument},
		{"unitMode", twinmodel.IdealInstrument},
	},
	build: func(start time.Time, o *options) (twinmodel.Plant, func() devicesim.Controller, error) {
		p, s := reefer.DefaultParams(), reefercontrol.DefaultSettings()
		if err := o.duration("reports every", &s.TelemetryInterval); err != nil {
			return nil, nil, err
		}
		for name, into := range map[string]*float64{"cargo temperature": &p.CargoTemperature, "setpoint": &s.Setpoint, "cargo limit": &s.CargoLimit} {
			if err := o.quantity(name, celsius, into); err != nil {
				return nil, nil, err
			}
		}
		plant, err := reefer.New(start, p)
		if err != nil {
			return nil, nil, usage(err, "change the rows of the table")
		}
		return plant, func() devicesim.Controller { return reefercontrol.New(s) }, nil
	},
}

var celsius = twinmodel.Signal{Quantity: twinmodel.Temperature, Unit: "°C"}
