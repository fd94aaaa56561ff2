package hvac

import (
	"errors"

	"twinrig/twinmodel"
)

// Params are the constants of one room and its unit. Start from DefaultParams.
type Params struct {
	Zone             Zone    `source:"ISO 13790, an invented room" doc:"the room as a network of resistances and capacities"`
	FloorArea        float64 `unit:"m²" range:"2..1e4" source:"estimate: an invented room" doc:"floor area"`
	Height           float64 `unit:"m" range:"1.5..20" source:"estimate: an invented room" doc:"height of the room"`
	WindowArea       float64 `unit:"m²" range:"0..1e3" source:"estimate: an invented room" doc:"effective solar collecting area"`
	DaylightFactor   float64 `unit:"1" range:"0..1" source:"estimate" doc:"illuminance on the desks over that of the windows"`
	Efficacy         float64 `unit:"lm/W" range:"0..200" source:"recalled: clear sky" doc:"light over heat of sunshine"`
	AirTemperature   float64 `unit:"°C" range:"0..45" source:"estimate" doc:"temperature of everything at the start"`
	OccupantHeat     float64 `unit:"W" range:"0..500" source:"estimate: office work" doc:"sensible heat of one person"`
	OccupantMoisture float64 `unit:"kg/s" range:"0..1e-3" source:"recalled: 55 g/h" doc:"water one person gives off"`

	// Unit.
	CoolingCapacity float64 `unit:"W" range:"100..1e6" source:"estimate: typical split unit" doc:"cooling at 19.44 °C entering wet-bulb and 35 °C outside"`
	CoolingCOP      float64 `unit:"1" range:"1..10" source:"estimate: typical split unit" doc:"coefficient of performance at the same point"`
	HeatingCapacity float64 `unit:"W" range:"100..1e6" source:"estimate: typical split unit" doc:"heating at 7 °C outside"`
	HeatingCOP      float64 `unit:"1" range:"1..10" source:"estimate: typical split unit" doc:"coefficient of performance at the same point"`
	Airflow         float64 `unit:"kg/s" range:"0.02..50" source:"estimate: typical split unit" doc:"air through a clean filter"`
	FanPower        float64 `unit:"W" range:"0..1e4" source:"estimate: typical split unit" doc:"power of the fan, all of which heats the air"`
	BypassFactor    float64 `unit:"1" range:"0.01..0.6" source:"estimate: 0.1 to 0.2" doc:"share of the air that does not touch the coil"`
	MinSpeed        float64 `unit:"1" range:"0.1..1" source:"an on-off unit; inverters 0.25" doc:"lowest speed of the compressor over its highest; 1 is a unit that knows only on and off"`
	SpeedGain       float64 `unit:"1/K" range:"0.01..10" source:"estimate" doc:"speed an inverter adds for each kelvin off the setpoint"`
	SpeedTime       float64 `unit:"s" range:"30..36000" source:"estimate" doc:"integral time of an inverter's speed control"`
	SpeedSaving     float64 `unit:"1" range:"0..0.6" source:"estimate: heat exchangers too large for the speed" doc:"share of the compressor's power per cooling that would be saved towards standstill"`
	StartupTime     float64 `unit:"s" range:"1..1200" source:"estimate: 60 to 90 s" doc:"time constant of the capacity after a start"`
	Differential    float64 `unit:"K" range:"0.05..5" source:"estimate" doc:"half the thermostat's band"`
	MinOn           float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time the compressor runs at least"`
	MinOff          float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time the compressor rests at least"`
	FilterDrop      float64 `unit:"Pa" range:"1..500" source:"estimate" doc:"pressure drop of the clean filter"`
	PanCapacity     float64 `unit:"kg" range:"0.1..100" source:"estimate" doc:"condensate at which the float switch stops the unit"`
	DrainTime       float64 `unit:"s" range:"1..3600" source:"estimate" doc:"time constant of the drain"`
}

// DefaultParams is an office of 40 m², of medium mass, with a split unit of 5 kW.
func DefaultParams() Params {
	const floor, height = 40.0, 2.8
	const ventilation = 0.7 * floor * height / 3600 * airDensity // kg/s at 0.7 air changes an hour
	return Params{
		Zone: Zone{Opaque: 35, Window: 14, Ventilation: ventilation * 1006, MassArea: 2.5 * floor, TotalArea: 4.5 * floor,
			MassCapacity: 165e3 * floor, AirCapacity: 5 * airDensity * 1006 * floor * height, SurfaceFilm: 3.45},
		FloorArea: floor, Height: height, WindowArea: 3, DaylightFactor: 0.015, Efficacy: 110, AirTemperature: 24, OccupantHeat: 75, OccupantMoisture: 55e-3 / 3600,
		CoolingCapacity: 5000, CoolingCOP: 3.2, HeatingCapacity: 5500, HeatingCOP: 3.6,
		Airflow: 0.27, FanPower: 120, BypassFactor: 0.15, StartupTime: 75, MinSpeed: 1, SpeedGain: 0.5, SpeedTime: 900, SpeedSaving: 0.3, Differential: 0.5, MinOn: 180, MinOff: 180,
		FilterDrop: 40, PanCapacity: 2, DrainTime: 120,
	}
}

// airDensity is that of room air, kg/m³.
const airDensity = 1.2

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	if p.Zone.Opaque >= massFilm*p.Zone.MassArea {
		return errors.New("Zone.Opaque: more than the surface of the mass lets through")
	}
	return nil
}
