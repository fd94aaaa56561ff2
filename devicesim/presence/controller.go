// Package presence is the unit on a room's ceiling: it decides from motion and
// CO2 whether anybody is there, keeps light and air for them, and raises alarms
// on stale air, on a motion detector that sees nothing or too much, and on dead
// lamps.
package presence

import (
	"fmt"
	"math"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:presence;1"

const (
	cycle       = 10 * time.Second
	somebody    = 0.6   // people by the CO2 balance that prove presence
	nobody      = 0.3   // and that prove nothing any more
	alertExcess = 200.0 // ppm over the limit that is an alert
	hysteresis  = 50.0  // ppm
	fanMinimum  = 20.0  // % while the room is occupied
	fanBand     = 300.0 // ppm below the limit at which the fan begins to do more
	lampFull    = 600.0 // lx the lamps give at full setting
	doubtDelay  = 30 * time.Minute
)

// Settings are the firmware's defaults, which writable properties override.
type Settings struct {
	TelemetryInterval   time.Duration
	VacancyDelay        time.Duration // without motion before the room may count as vacant
	CO2Limit            float64       // ppm at which the fan runs at full setting
	IlluminanceSetpoint float64       // lx

	// What the installer has entered about the room.
	Volume, Leak, FanFlow float64 // m³, air changes an hour, m³/h
}

// DefaultSettings are for an office of 72 m³.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: time.Minute, VacancyDelay: 10 * time.Minute, CO2Limit: 1000, IlluminanceSetpoint: 500, Volume: 72, Leak: 0.3, FanFlow: 180}
}

type controller struct {
	properties      devicesim.Properties
	telemetry, look devicesim.Schedule

	co2High, blind, implausible, dark devicesim.Alarm

	people     observer
	breathing  bool // the CO2 balance proves presence
	moved      time.Time
	sinceSent  bool // motion since the last message
	occupied   bool
	lamps, fan float64
	manual     bool // lamps are set by hand
	airOut     time.Time
	booted     time.Time
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "vacancyDelay", Value: s.VacancyDelay.Seconds(), Min: 30, Max: 7200, Unit: "s"},
			{Name: "co2Limit", Value: s.CO2Limit, Min: 600, Max: 3000, Unit: "ppm"},
			{Name: "illuminanceSetpoint", Value: s.IlluminanceSetpoint, Min: 50, Max: 600, Unit: "lx"},
		},
		look:        devicesim.Schedule{Every: cycle},
		co2High:     devicesim.Alarm{Name: "co2High", Delay: 10 * time.Minute},
		blind:       devicesim.Alarm{Name: "motionBlind", Delay: doubtDelay},
		implausible: devicesim.Alarm{Name: "motionImplausible", Delay: doubtDelay},
		dark:        devicesim.Alarm{Name: "lightFailure", Delay: 5 * time.Minute},
		people:      observer{Volume: s.Volume, Leak: s.Leak, FanFlow: s.FanFlow, Outdoor: 420},
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		c.booted = in.Time
		out.Wake, out.Actuate = in.Time, c.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
	}
	if in.Call != nil {
		out.Answer = c.answer(in)
		out.Actuate = c.actuators()
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	if in.Tick && c.look.Due(in.Time) {
		c.decide(in)
		out.Telemetry = append(out.Telemetry, c.watch(in)...)
		out.Actuate = c.actuators()
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.report(in.Readings))
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

func (c *controller) actuators() []devicesim.Setting {
	return []devicesim.Setting{{Signal: "lampLevel", Value: c.lamps}, {Signal: "ventilation", Value: c.fan}}
}

// decide is presence first, then what follows from it for lamps and fan.
func (c *controller) decide(in devicesim.Cycle) {
	r := in.Readings
	c.people.follow(cycle.Hours(), r["co2AtSensor"], c.fan)
	c.breathing = c.people.people > somebody || c.breathing && c.people.people > nobody
	if r["motion"] >= 0.5 {
		c.moved, c.sinceSent = in.Time, true
	}
	c.occupied = c.breathing || c.motionRecent(in.Time) && !c.implausible.Active()
	if !c.manual {
		c.lamps = c.light(r["illuminance"])
	}
	c.fan = c.air(in.Time, r["co2AtSensor"])
}

func (c *controller) motionRecent(now time.Time) bool {
	return !c.moved.IsZero() && now.Sub(c.moved) < seconds(c.properties.Get("vacancyDelay"))
}

// light integrates the error of the illuminance, in whole per cent.
func (c *controller) light(lux float64) float64 {
	if !c.occupied {
		return 0
	}
	step := 50 * (c.properties.Get("illuminanceSetpoint") - lux) / lampFull
	return math.Round(math.Min(100, math.Max(0, c.lamps+step)))
}

// air is the fan's setting, in steps of 5 %: the fan's own switch has no more.
func (c *controller) air(now time.Time, co2 float64) float64 {
	if now.Before(c.airOut) {
		return 100
	}
	fan := 0.0
	if c.occupied {
		fan = fanMinimum
	}
	begin := c.properties.Get("co2Limit") - fanBand
	fan = math.Max(fan, fanMinimum+(100-fanMinimum)*(co2-begin)/fanBand)
	if !c.occupied && co2 < begin {
		fan = 0
	}
	return 5 * math.Round(math.Min(100, fan)/5)
}

func (c *controller) watch(in devicesim.Cycle) []link.Message {
	co2, lux, n := in.Readings["co2AtSensor"], in.Readings["illuminance"], c.people.people
	limit := c.properties.Get("co2Limit") + alertExcess
	if c.co2High.Active() {
		limit -= hysteresis
	}
	recent := c.motionRecent(in.Time)
	setpoint := c.properties.Get("illuminanceSetpoint")
	return slices.Concat(
		c.co2High.Watch(in.Time, co2 > limit, fmt.Sprintf("CO2 at %.0f ppm", co2)),
		c.blind.Watch(in.Time, c.breathing && !recent, fmt.Sprintf("CO2 says %.0f people, but nothing moves", math.Ceil(n))),
		// A detector in doubt is trusted again when it has been quiet, or CO2 bears it out.
		c.implausible.Watch(in.Time, recent && n < nobody, "motion, but nobody breathes: a draught, the sun, or a window wide open"),
		c.dark.Watch(in.Time, !c.manual && c.lamps == 100 && lux < 0.8*setpoint, fmt.Sprintf("%.0f lx with the lamps at full setting", lux)))
}

func (c *controller) report(r devicesim.Readings) link.Message {
	count := 0
	if c.occupied {
		count = max(1, int(math.Round(c.people.people)))
	}
	moved := c.sinceSent
	c.sinceSent = false
	return devicesim.TelemetryMessage(map[string]any{
		"occupied":       c.occupied,
		"occupancyCount": count,
		"motion":         moved,
		"co2":            devicesim.Number(r["co2AtSensor"], 0),
		"temperature":    devicesim.Number(r["temperature"], 2),
		"humidity":       devicesim.Number(r["humidity"], 1),
		"illuminance":    devicesim.Number(r["illuminance"], 0),
		"ventilation":    devicesim.Number(c.fan, 0),
		"lampLevel":      devicesim.Number(c.lamps, 0),
	})
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
