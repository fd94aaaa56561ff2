package presence

import (
	"fmt"

	"twinrig/twinmodel"
)

// Params are the constants of one room. Start from DefaultParams.
type Params struct {
	Length float64 `unit:"m" range:"1..200" source:"estimate: an invented office" doc:"length of the room"`
	Width  float64 `unit:"m" range:"1..200" source:"estimate: an invented office" doc:"width of the room"`
	Height float64 `unit:"m" range:"1.5..20" source:"estimate: an invented office" doc:"height of the room"`

	// People.
	Occupants    int     `unit:"1" range:"0..60" source:"estimate: an invented office" doc:"people who work in the room"`
	Profile      Profile `source:"UCI data set 357, weekdays" doc:"presence of each occupant over the day"`
	Mobility     float64 `unit:"1" range:"1e-4..1" source:"estimate: people stay for a quarter of an hour to an hour" doc:"Page's parameter of mobility: how often people come and go, over how often they do not"`
	Tick         float64 `unit:"s" range:"10..3600" source:"Page et al.: 1 to 15 min" doc:"time between two decisions to come or go"`
	Carbon       float64 `unit:"m³/s" range:"0..1e-4" source:"recalled: ASTM D6245, an adult at 1.2 met" doc:"CO2 one person breathes out"`
	Heat         float64 `unit:"W" range:"0..500" source:"estimate: office work" doc:"sensible heat of one person"`
	Moisture     float64 `unit:"kg/s" range:"0..1e-3" source:"recalled: 55 g/h" doc:"water one person gives off"`
	StillRate    float64 `unit:"1/s" range:"0..1" source:"recalled: 0.5 1/min" doc:"movements of one who sits still"`
	ActiveRate   float64 `unit:"1/s" range:"0..1" source:"recalled: 4 1/min" doc:"movements of one who is active"`
	SkinContrast float64 `unit:"K" range:"0.1..30" source:"recalled: data sheets of infrared detectors" doc:"how much warmer than the room people must be to be seen fully"`
	SkinSurface  float64 `unit:"°C" range:"20..40" source:"estimate" doc:"temperature of skin and clothes"`

	// Motion detector.
	Detection    float64 `unit:"1" range:"0..1" source:"recalled: class of the HC-SR501" doc:"probability to see a movement in the detector's field"`
	Range        float64 `unit:"m" range:"0.1..100" source:"recalled: class of the HC-SR501" doc:"reach of the detector, which is in a corner and looks along the diagonal"`
	Field        float64 `unit:"°" range:"1..360" source:"recalled: class of the HC-SR501" doc:"opening angle of the detector's field"`
	Hold         float64 `unit:"s" range:"0.1..3600" source:"recalled: 5 to 200 s" doc:"time the output stays on after the last movement seen"`
	FalseTrigger float64 `unit:"1/s" range:"0..0.1" source:"recalled: 0.1 a day" doc:"triggers without a cause"`
	TriggerRate  float64 `unit:"1/s" range:"0..0.1" source:"estimate" doc:"triggers by a draught or by the sun, at their worst"`

	// Air.
	Infiltration  float64 `unit:"1/s" range:"0..0.01" source:"estimate" doc:"air change through leaks"`
	FanFlow       float64 `unit:"m³/s" range:"0..100" source:"estimate" doc:"fresh air of the fan at full setting"`
	FanPower      float64 `unit:"W" range:"0..1e5" source:"estimate" doc:"power of the fan at full setting"`
	HeatRecovery  float64 `unit:"1" range:"0..1" source:"estimate" doc:"share of the exhaust air's excess heat that the fan's supply air takes over"`
	WindowFlow    float64 `unit:"1/s" range:"0..0.02" source:"estimate" doc:"air change through an open window"`
	SensorTime    float64 `unit:"s" range:"5..600" source:"recalled: SCD30, 63 % in 20 s" doc:"time constant of the CO2 sensor's chamber"`
	InitialCarbon float64 `unit:"ppm" range:"300..1e4" source:"estimate" doc:"CO2 at the start"`

	// Heat.
	Transmission       float64 `unit:"W/K" range:"0..1e5" source:"estimate: an invented office" doc:"conductance to outside"`
	AirCapacity        float64 `unit:"J/K" range:"1e4..1e9" source:"estimate: five times that of the air" doc:"heat capacity of air and light furniture"`
	MassCapacity       float64 `unit:"J/K" range:"1e5..1e11" source:"ISO 13790, medium class" doc:"heat capacity of the structure"`
	MassFilm           float64 `unit:"W/K" range:"0..1e6" source:"ISO 13790" doc:"conductance between air and structure"`
	WindowArea         float64 `unit:"m²" range:"0..1e3" source:"estimate: an invented office" doc:"effective solar collecting area"`
	HeatingPower       float64 `unit:"W" range:"0..1e6" source:"estimate: an invented office" doc:"heat of the radiator at most"`
	HeatingSetpoint    float64 `unit:"°C" range:"5..28" source:"estimate" doc:"room temperature above which the radiator's valve is shut"`
	HeatingBand        float64 `unit:"K" range:"0.1..10" source:"estimate" doc:"how far below that the valve is fully open"`
	InitialTemperature float64 `unit:"°C" range:"0..40" source:"estimate" doc:"temperature of everything at the start"`

	// Light.
	LampLight      float64 `unit:"lx" range:"0..1e4" source:"estimate: an invented office" doc:"illuminance on the desks at full setting"`
	LampPower      float64 `unit:"W" range:"0..1e5" source:"estimate: 8 W/m²" doc:"power of the lamps at full setting, all of which heats the room"`
	DaylightFactor float64 `unit:"1" range:"0..1" source:"estimate" doc:"illuminance on the desks over that outside"`
	Efficacy       float64 `unit:"lm/W" range:"0..200" source:"recalled: clear sky" doc:"light over heat of sunshine"`
}

// DefaultParams is an office of 72 m³ for three people.
func DefaultParams() Params {
	const length, width, height = 6.0, 4.8, 2.5
	const floor, volume = length * width, length * width * height
	return Params{
		Length: length, Width: width, Height: height,
		Occupants: 3, Profile: Office, Mobility: 0.11, Tick: 300,
		Carbon: 0.0052e-3, Heat: 75, Moisture: 55e-3 / 3600, StillRate: 0.5 / 60, ActiveRate: 4.0 / 60,
		SkinContrast: 4, SkinSurface: 33,
		Detection: 0.9, Range: 7, Field: 110, Hold: 30, FalseTrigger: 0.1 / 86400, TriggerRate: 60.0 / 3600,
		Infiltration: 0.3 / 3600, FanFlow: 180.0 / 3600, FanPower: 60, HeatRecovery: 0.7, WindowFlow: 8.0 / 3600, SensorTime: 20, InitialCarbon: 440,
		Transmission: 30, AirCapacity: 5 * airDensity * 1006 * volume, MassCapacity: 165e3 * floor, MassFilm: 3.45 * 4.5 * floor,
		WindowArea: 2, HeatingPower: 2500, HeatingSetpoint: 21.5, HeatingBand: 1.5, InitialTemperature: 20.5,
		LampLight: 600, LampPower: 230, DaylightFactor: 0.015, Efficacy: 110,
	}
}

// airDensity is that of room air, kg/m³.
const airDensity = 1.2

func (p *Params) volume() float64 { return p.Length * p.Width * p.Height }

// Validate says which constant is impossible.
func (p *Params) Validate() error {
	if err := twinmodel.CheckParameters(p); err != nil {
		return err
	}
	switch {
	case p.ActiveRate < p.StillRate:
		return fmt.Errorf("ActiveRate: %g 1/s is less than StillRate", p.ActiveRate)
	case p.AirCapacity < 0.99*airDensity*1006*p.volume():
		return fmt.Errorf("AirCapacity: %g J/K is less than that of the air itself", p.AirCapacity)
	}
	return p.Profile.validate()
}
