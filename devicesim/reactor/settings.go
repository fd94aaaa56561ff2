package reactor

import (
	"time"

	plant "twinrig/twinmodel/reactor"
)

// Settings are the firmware's defaults, which writable properties override, and
// what was entered when the tank was commissioned.
type Settings struct {
	TelemetryInterval time.Duration
	Setpoint          float64 // °C
	TemperatureAlarm  float64 // °C; hotter raises "temperatureHigh"
	TemperatureTrip   float64 // °C; hotter stops the process
	PressureAlarm     float64 // bar; more raises "pressureHigh"
	PressureTrip      float64 // bar; more stops the process
	IdlePower         float64 // W; an agitator that takes less has stopped
	Recipe            Recipe
	Tuning            Tuning
}

// Recipe is what happens to a batch, or to a tank that runs for good.
type Recipe struct {
	Starts     bool          // begins when power comes on, without a command
	Continuous bool          // feeds for ever
	FeedMass   float64       // kg of reactants; 0 for what is charged all at once
	Window     float64       // K below the setpoint under which nothing is fed: what does not react piles up
	Hold       time.Duration // after the feed
	CoolTo     float64       // °C, at which a batch is done
}

// Tuning of the loops. Gains are % or K of output per K of error, resets in
// seconds.
type Tuning struct {
	Cascade                  bool    // the first loop asks the second for a jacket temperature, else it moves the valve
	Base                     float64 // valve position at the setpoint, %; in a cascade that is found by the second loop
	Gain, Reset              float64
	JacketGain, JacketReset  float64
	Coldest, Hottest         float64 // jacket temperature that may be asked for, °C
	MostCooling, MostHeating float64 // K that the fully open valve takes from the jacket's water and gives to it
	TurnDown                 float64 // of the equal-percentage valve
}

// DefaultSettings are those for a reaction.
func DefaultSettings(r plant.Reaction) Settings {
	s := Settings{TelemetryInterval: time.Minute, PressureAlarm: 2, PressureTrip: 5, IdlePower: 20,
		Recipe: Recipe{Starts: true, Continuous: true}}
	switch r {
	case plant.Bequette:
		s.Setpoint, s.TemperatureAlarm, s.TemperatureTrip = 45, 65, 90
		s.Tuning = Tuning{Base: 15, Gain: 10, Reset: 3600}
	case plant.Seborg:
		s.Setpoint, s.TemperatureAlarm, s.TemperatureTrip = 52, 65, 100
		s.Tuning = Tuning{Gain: 1, Reset: 600}
	case plant.VanDeVusse:
		s.Setpoint, s.TemperatureAlarm, s.TemperatureTrip = 114, 125, 140
		s.Tuning = Tuning{Base: 44, Gain: 2, Reset: 180}
	case plant.T2:
		s.Setpoint, s.TemperatureAlarm, s.TemperatureTrip = 150, 165, 180
		s.PressureAlarm, s.PressureTrip = 6, 20
		s.Tuning = Tuning{Gain: 10, Reset: 1800}
		s.Recipe = Recipe{Starts: true, Hold: 6 * time.Hour, CoolTo: 110}
	default:
		s.Setpoint, s.TemperatureAlarm, s.TemperatureTrip = 82.2, 86, 92
		s.Tuning = Tuning{Cascade: true, Gain: 8, Reset: 400, JacketGain: 1.5, JacketReset: 400, Coldest: 21, Hottest: 100,
			MostCooling: 45, MostHeating: 14, TurnDown: 30}
		s.Recipe = Recipe{FeedMass: 31.752, Window: 5, Hold: time.Hour, CoolTo: 40}
	}
	return s
}
