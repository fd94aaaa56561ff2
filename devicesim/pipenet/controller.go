// Package pipenet is the station controller of the refinery pipe network: it
// holds the pressure of the charge pumps' header with their speed and the feed of
// the column with a valve, starts the spare pump when the running one trips, finds
// leaks by mass balance, and reports temperature, pressure and flow of every pipe.
package pipenet

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:pipenet;1"

const (
	cycle      = 5 * time.Second
	tankHigh   = 12.5 // m; unloading stops
	tankLow    = 1.5  // m; pumps stop
	hysteresis = 0.5  // m, bar
	leastFlow  = 25.0 // L/s through the pumps; below it they circulate
	restSpeed  = 40.0 // % the loop never goes below
	mostSpeed  = 115.0
)

// Settings are the firmware's defaults, which writable properties override.
type Settings struct {
	TelemetryInterval time.Duration
	HeaderPressure    float64 // bar
	Feed              float64 // L/s to the column
	Unloading         float64 // L/s from the ship
	LeakLimit         float64 // L/s; more missing for a minute raises "leak"
	PressureLimit     float64 // bar; less in the header for 30 s raises "pressureLow"
}

// DefaultSettings keep the tanks level: what is unloaded is fed and drawn.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: time.Minute, HeaderPressure: 14, Feed: 95, Unloading: 107, LeakLimit: 2, PressureLimit: 10}
}

// pumps are the charge pump and its spare.
var pumps = []string{"p1a", "p1b"}

type controller struct {
	properties                 devicesim.Properties
	telemetry, look            devicesim.Schedule
	leak, low, tripped, level  devicesim.Alarm
	pressure, feed             loop
	zones                      []zone
	duty                       int // pump in service
	slow                       int // cycles the pump in service has been slower than told
	stopped, circulating, brim bool
	emptied, started           bool
	booted                     time.Time
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 5, Max: 86400, Unit: "s"},
			{Name: "headerPressure", Value: s.HeaderPressure, Min: 5, Max: 18, Unit: "bar"},
			{Name: "feedFlow", Value: s.Feed, Min: 0, Max: 150, Unit: "L/s"},
			{Name: "unloadingFlow", Value: s.Unloading, Min: 0, Max: 200, Unit: "L/s"},
			{Name: "leakLimit", Value: s.LeakLimit, Min: 0.5, Max: 100, Unit: "L/s"},
			{Name: "pressureLimit", Value: s.PressureLimit, Min: 0, Max: 18, Unit: "bar"},
		},
		look:     devicesim.Schedule{Every: cycle},
		leak:     devicesim.Alarm{Name: "leak", Delay: time.Minute},
		low:      devicesim.Alarm{Name: "pressureLow", Delay: 30 * time.Second},
		tripped:  devicesim.Alarm{Name: "pumpTripped"},
		level:    devicesim.Alarm{Name: "tankLevel"},
		pressure: loop{gain: 1, integral: 0.06, low: restSpeed, high: mostSpeed, output: 95},
		feed:     loop{gain: 0.1, integral: 0.02, low: 5, high: 100, output: 55},
		zones:    zones(),
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
	}
	c.telemetry.Every = time.Duration(c.properties.Get("telemetryInterval") * float64(time.Second))
	if in.Tick && c.look.Due(in.Time) {
		c.control(in.Readings)
		out.Telemetry = append(out.Telemetry, c.watch(in)...)
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.report(in.Readings))
	}
	out.Actuate = c.actuators()
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

// control is one cycle of the loops and interlocks.
func (c *controller) control(r devicesim.Readings) {
	high, lowest := math.Max(r["tk1Level"], r["tk2Level"]), math.Min(r["tk1Level"], r["tk2Level"])
	c.brim = high > tankHigh || c.brim && high > tankHigh-hysteresis
	c.emptied = lowest < tankLow || c.emptied && lowest < tankLow+hysteresis
	if c.stopped || c.emptied {
		c.pressure.hold(95)
		c.feed.hold(55)
		c.slow = 0
		return
	}
	c.changeOver(r)
	c.pressure.step(c.properties.Get("headerPressure")-r["l121Pressure"], cycle.Seconds())
	c.feed.step(c.properties.Get("feedFlow")-r["l152Flow"], cycle.Seconds())
	through := r["l113Flow"]
	c.circulating = through < leastFlow || c.circulating && through < 1.6*leastFlow
}

// changeOver starts the spare when the pump in service does not run as told. A
// pump that tripped is not started again by itself.
func (c *controller) changeOver(r devicesim.Readings) {
	if r[pumps[c.duty]+"Speed"] < 0.5*c.pressure.output {
		c.slow++
	} else {
		c.slow = 0
	}
	if c.slow >= 4 && !c.started {
		c.duty, c.slow, c.started = 1-c.duty, 0, true
	}
}

func (c *controller) actuators() []devicesim.Setting {
	speed, opening, circulation, unloading := [2]float64{}, 0.0, 0.0, c.properties.Get("unloadingFlow")
	if !c.stopped && !c.emptied {
		speed[c.duty], opening = c.pressure.output, c.feed.output
	}
	if c.circulating {
		circulation = 45
	}
	if c.brim || c.stopped {
		unloading = 0
	}
	return []devicesim.Setting{
		{Signal: "p1aSpeedSetting", Value: speed[0]}, {Signal: "p1bSpeedSetting", Value: speed[1]},
		{Signal: "fv301OpeningSetting", Value: opening}, {Signal: "fv302OpeningSetting", Value: circulation},
		{Signal: "fv101Setting", Value: unloading},
	}
}

// watch raises and ends alerts.
func (c *controller) watch(in devicesim.Cycle) (messages []link.Message) {
	worst := &c.zones[0]
	for i := range c.zones {
		c.zones[i].balance(in.Readings)
		if c.zones[i].lost > worst.lost {
			worst = &c.zones[i]
		}
	}
	limit, p := c.properties.Get("pressureLimit"), in.Readings["l121Pressure"]
	if c.low.Active() {
		limit += hysteresis
	}
	wanted := !c.stopped && !c.emptied
	messages = append(messages, c.leak.Watch(in.Time, worst.lost > c.properties.Get("leakLimit"), fmt.Sprintf("%.1f L/s are missing between the meters of the %s", worst.lost, worst.name))...)
	messages = append(messages, c.low.Watch(in.Time, wanted && p < limit, fmt.Sprintf("header pressure %.1f bar, limit %.1f bar", p, c.properties.Get("pressureLimit")))...)
	messages = append(messages, c.tripped.Watch(in.Time, c.started, "pump "+pumps[1-c.duty]+" does not run as told, "+pumps[c.duty]+" has taken over")...)
	return append(messages, c.level.Watch(in.Time, c.brim || c.emptied, fmt.Sprintf("tanks at %.2f m and %.2f m", in.Readings["tk1Level"], in.Readings["tk2Level"]))...)
}

// answer serves the direct methods.
func (c *controller) answer(in devicesim.Cycle) *devicesim.Answer {
	switch in.Call.Name {
	case "emergencyStop":
		c.stopped = true
	case "restart":
		c.stopped, c.started, c.slow = false, false, 0
	case "selectPump":
		return c.selectPump(in.Call.Payload)
	case "getStatus":
		return &devicesim.Answer{Status: 200, Payload: map[string]any{
			"uptimeSeconds": int64(in.Time.Sub(c.booted).Seconds()), "running": !c.stopped && !c.emptied,
			"pump": pumps[c.duty], "headerPressure": devicesim.Number(in.Readings["l121Pressure"], 2), "alerts": c.alerts(),
		}}
	default:
		return devicesim.UnknownMethod(in.Call.Name, "emergencyStop", "restart", "selectPump", "getStatus")
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"running": !c.stopped}}
}

// selectPump puts a pump in service; the alert about a trip ends.
func (c *controller) selectPump(payload json.RawMessage) *devicesim.Answer {
	var want struct{ Pump string }
	if err := json.Unmarshal(payload, &want); err == nil {
		for i, name := range pumps {
			if want.Pump == name {
				c.duty, c.slow, c.started = i, 0, false
				return &devicesim.Answer{Status: 200, Payload: map[string]any{"pump": name}}
			}
		}
	}
	return devicesim.BadRequest(`selectPump takes {"pump": "p1a" or "p1b"}`)
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.leak, &c.low, &c.tripped, &c.level} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}
