package presence

import (
	"fmt"
	"twinrig/devicesim"
	"twinrig/twinmodel"
	plant "twinrig/twinmodel/presence"
)

// Kind is a ceiling unit: an infrared detector, a CO2 sensor of the SCD30's
// class, which is as slow as the plant's measuring chamber, a combined
// temperature and humidity sensor of the HTS221's and a light sensor of the
// BH1750's.
var Kind = devicesim.Kind{
	Name:    "presence",
	Title:   "room presence sensor",
	Example: "office-4",
	ModelID: ModelID,
	DTDL:    plant.DTDL,
	Params:  plant.DefaultParams(),
	Sensors: []devicesim.SensorSpec{
		{Signal: "motion", Spec: twinmodel.IdealInstrument},
		{Signal: "co2AtSensor", Spec: twinmodel.SCD30.Lagging(0)}, // the lag is the plant's, which can clog,
		{Signal: "temperature", Spec: twinmodel.HTS221Temperature.Spec},
		{Signal: "humidity", Spec: twinmodel.HTS221Humidity.Spec},
		{Signal: "illuminance", Spec: twinmodel.BH1750.Spec},
	},
	Options: []devicesim.Option{
		{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "vacancy delay", Quantity: twinmodel.Time, Unit: "s"},
		{Name: "occupants", Quantity: twinmodel.Ratio, Unit: "1"},
		{Name: "CO2 limit", Quantity: twinmodel.Ratio, Unit: "ppm"},
	},
	Build: build,
}

func build(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
	p, s := plant.DefaultParams(), DefaultSettings()
	in.ChooseDuration("reports every", &s.TelemetryInterval)
	in.ChooseDuration("vacancy delay", &s.VacancyDelay)
	in.Choose("CO2 limit", &s.CO2Limit)
	occupants := float64(p.Occupants)
	in.Choose("occupants", &occupants)
	if p.Occupants = int(occupants); float64(p.Occupants) != occupants {
		return nil, nil, fmt.Errorf("occupants: %g is no number of people", occupants)
	}
	room, err := plant.New(in.Start, p, in.Stream)
	if err != nil {
		return nil, nil, err
	}
	return room, func() devicesim.Controller { return New(s) }, nil
}
