package presence

import "fmt"

// Params are the constants of one room. Start from DefaultParams.
type Params struct {
	Length, Width, Height float64 // inside, m

	// People.
	Occupants    int     // who work in the room
	Profile      Profile // of each one's presence over the day
	Mobility     float64 // Page's µ: how often people come and go, over how often they do not
	Tick         float64 // s between two decisions to come or go
	Carbon       float64 // CO2 each breathes out, m³/s
	Heat         float64 // sensible, W each
	Moisture     float64 // kg/s each
	StillRate    float64 // movements a second of one who sits still
	ActiveRate   float64 // movements a second of one who does not
	SkinContrast float64 // K people must be warmer than the room to be seen fully
	SkinSurface  float64 // temperature of skin and clothes, °C

	// Motion detector, in a corner of the room, looking along its diagonal.
	Detection    float64 // probability to see a movement in its field
	Range        float64 // m
	Field        float64 // opening angle, °
	Hold         float64 // s the output stays on after the last movement seen
	FalseTrigger float64 // per second, without a cause
	TriggerRate  float64 // per second at the worst of a draught or of the sun

	// Air.
	Infiltration  float64 // air changes a second through leaks
	FanFlow       float64 // m³/s at full setting
	FanPower      float64 // W at full setting
	HeatRecovery  float64 // share of the exhaust air's excess heat that the fan's supply air takes over
	WindowFlow    float64 // air changes a second through an open window
	SensorTime    float64 // s the chamber of the CO2 sensor takes to follow the room
	InitialCarbon float64 // ppm at the start

	// Heat.
	Transmission       float64 // W/K to outside
	AirCapacity        float64 // J/K of air and light furniture
	MassCapacity       float64 // J/K of the structure
	MassFilm           float64 // W/K between air and structure
	WindowArea         float64 // effective solar collecting area, m²
	HeatingPower       float64 // W of the radiator at most
	HeatingSetpoint    float64 // °C above which the valve is shut
	HeatingBand        float64 // K below it at which the valve is fully open
	InitialTemperature float64 // of everything at the start, °C

	// Light.
	LampLight      float64 // lx on the desks at full setting
	LampPower      float64 // W at full setting, all of which heats the room
	DaylightFactor float64 // illuminance on the desks over that outside
	Efficacy       float64 // lm/W of sunshine
}

// DefaultParams is an office of 72 m³ for three people. CO2 from ASTM D6245 at
// 1.2 met; rates of movement and detection, hold time and false triggers are
// those of detectors of the HC-SR501's class, recalled and not published; film
// and class of mass (medium) from ISO 13790. The rest is an engineering estimate.
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
	for _, c := range []struct {
		name            string
		value, min, max float64
	}{
		{"Length", p.Length, 1, 200}, {"Width", p.Width, 1, 200}, {"Height", p.Height, 1.5, 20},
		{"Occupants", float64(p.Occupants), 0, 60}, {"Mobility", p.Mobility, 1e-4, 1}, {"Tick", p.Tick, 10, 3600},
		{"Carbon", p.Carbon, 0, 1e-4}, {"Heat", p.Heat, 0, 500}, {"Moisture", p.Moisture, 0, 1e-3},
		{"StillRate", p.StillRate, 0, 1}, {"ActiveRate", p.ActiveRate, p.StillRate, 1},
		{"SkinContrast", p.SkinContrast, 0.1, 30}, {"SkinSurface", p.SkinSurface, 20, 40},
		{"Detection", p.Detection, 0, 1}, {"Range", p.Range, 0.1, 100}, {"Field", p.Field, 1, 360}, {"Hold", p.Hold, 0.1, 3600},
		{"FalseTrigger", p.FalseTrigger, 0, 0.1}, {"TriggerRate", p.TriggerRate, 0, 0.1},
		{"Infiltration", p.Infiltration, 0, 0.01}, {"FanFlow", p.FanFlow, 0, 100}, {"FanPower", p.FanPower, 0, 1e5}, {"HeatRecovery", p.HeatRecovery, 0, 1},
		{"WindowFlow", p.WindowFlow, 0, 0.02}, {"SensorTime", p.SensorTime, 5, 600}, {"InitialCarbon", p.InitialCarbon, 300, 1e4},
		{"Transmission", p.Transmission, 0, 1e5}, {"AirCapacity", p.AirCapacity, 1e4, 1e9}, {"MassCapacity", p.MassCapacity, 1e5, 1e11}, {"MassFilm", p.MassFilm, 0, 1e6},
		{"WindowArea", p.WindowArea, 0, 1e3}, {"HeatingPower", p.HeatingPower, 0, 1e6}, {"HeatingSetpoint", p.HeatingSetpoint, 5, 28}, {"HeatingBand", p.HeatingBand, 0.1, 10},
		{"InitialTemperature", p.InitialTemperature, 0, 40},
		{"LampLight", p.LampLight, 0, 1e4}, {"LampPower", p.LampPower, 0, 1e5}, {"DaylightFactor", p.DaylightFactor, 0, 1}, {"Efficacy", p.Efficacy, 0, 200},
	} {
		if !(c.value >= c.min && c.value <= c.max) {
			return fmt.Errorf("%s: %g is outside %g to %g", c.name, c.value, c.min, c.max)
		}
	}
	if c := p.AirCapacity / (airDensity * 1006 * p.volume()); c < 0.99 {
		return fmt.Errorf("AirCapacity: %g J/K is less than that of the air itself", p.AirCapacity)
	}
	return p.Profile.Validate()
}
