package hvac

import (
	"errors"
	"fmt"
)

// Params are the constants of one room and its unit. Start from DefaultParams.
type Params struct {
	Zone             Zone
	FloorArea        float64 // m²
	Height           float64 // m
	WindowArea       float64 // effective solar collecting area, m²
	AirTemperature   float64 // of everything at the start, °C
	OccupantHeat     float64 // sensible, W each
	OccupantMoisture float64 // kg/s each

	CoolingCapacity float64 // W at 19.44 °C entering wet-bulb and 35 °C outside
	CoolingCOP      float64 // at the same point
	HeatingCapacity float64 // W at 7 °C outside
	HeatingCOP      float64 // at the same point
	Airflow         float64 // kg/s with a clean filter
	FanPower        float64 // W, all of which heats the air
	BypassFactor    float64 // share of the air that does not touch the coil
	StartupTime     float64 // time constant of the capacity after a start, s
	Differential    float64 // half the thermostat's band, K
	MinOn, MinOff   float64 // s the compressor runs and rests at least
	FilterDrop      float64 // Pa over the clean filter
	PanCapacity     float64 // kg of condensate at which the float switch stops the unit
	DrainTime       float64 // time constant of the drain, s
}

// DefaultParams is an office of 40 m², of medium mass, with a split unit of 5 kW.
// Mass class from ISO 13790; what has no source in Spec().Sources is an
// engineering estimate.
func DefaultParams() Params {
	const floor, height = 40.0, 2.8
	const ventilation = 0.7 * floor * height / 3600 * airDensity // kg/s at 0.7 air changes an hour
	return Params{
		Zone: Zone{Opaque: 35, Window: 14, Ventilation: ventilation * 1006, MassArea: 2.5 * floor, TotalArea: 4.5 * floor,
			MassCapacity: 165e3 * floor, AirCapacity: 5 * airDensity * 1006 * floor * height, SurfaceFilm: 3.45},
		FloorArea: floor, Height: height, WindowArea: 3, AirTemperature: 24, OccupantHeat: 75, OccupantMoisture: 55e-3 / 3600,
		CoolingCapacity: 5000, CoolingCOP: 3.2, HeatingCapacity: 5500, HeatingCOP: 3.6,
		Airflow: 0.27, FanPower: 120, BypassFactor: 0.15, StartupTime: 75, Differential: 0.5, MinOn: 180, MinOff: 180,
		FilterDrop: 40, PanCapacity: 2, DrainTime: 120,
	}
}

// airDensity is that of room air, kg/m³.
const airDensity = 1.2

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	for _, c := range []struct {
		name            string
		value, min, max float64
	}{
		{"Zone.Opaque", p.Zone.Opaque, 0.1, 1e5}, {"Zone.Window", p.Zone.Window, 0, 1e5}, {"Zone.Ventilation", p.Zone.Ventilation, 0, 1e5},
		{"Zone.MassArea", p.Zone.MassArea, 1, 1e5}, {"Zone.TotalArea", p.Zone.TotalArea, 1, 1e5}, {"Zone.MassCapacity", p.Zone.MassCapacity, 1e5, 1e10},
		{"Zone.AirCapacity", p.Zone.AirCapacity, 1e4, 1e8}, {"Zone.SurfaceFilm", p.Zone.SurfaceFilm, 0.5, 20},
		{"FloorArea", p.FloorArea, 2, 1e4}, {"Height", p.Height, 1.5, 20}, {"WindowArea", p.WindowArea, 0, 1e3},
		{"AirTemperature", p.AirTemperature, 0, 45}, {"OccupantHeat", p.OccupantHeat, 0, 500}, {"OccupantMoisture", p.OccupantMoisture, 0, 1e-3},
		{"CoolingCapacity", p.CoolingCapacity, 100, 1e6}, {"CoolingCOP", p.CoolingCOP, 1, 10},
		{"HeatingCapacity", p.HeatingCapacity, 100, 1e6}, {"HeatingCOP", p.HeatingCOP, 1, 10},
		{"Airflow", p.Airflow, 0.02, 50}, {"FanPower", p.FanPower, 0, 1e4}, {"BypassFactor", p.BypassFactor, 0.01, 0.6},
		{"StartupTime", p.StartupTime, 1, 1200}, {"Differential", p.Differential, 0.05, 5}, {"MinOn", p.MinOn, 1, 3600}, {"MinOff", p.MinOff, 1, 3600},
		{"FilterDrop", p.FilterDrop, 1, 500}, {"PanCapacity", p.PanCapacity, 0.1, 100}, {"DrainTime", p.DrainTime, 1, 3600},
	} {
		if !(c.value >= c.min && c.value <= c.max) {
			return fmt.Errorf("%s: %g is outside %g to %g", c.name, c.value, c.min, c.max)
		}
	}
	if p.Zone.Opaque >= massFilm*p.Zone.MassArea {
		return errors.New("Zone.Opaque: more than the surface of the mass lets through")
	}
	return nil
}
