package reactor

import (
	"fmt"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:reactor;1"

const (
	cycle      = 4 * time.Second  // while the process is under control
	slowCycle  = 20 * time.Second // while it waits
	hysteresis = 2.0              // K and tenths of a bar
)

type controller struct {
	settings          Settings
	properties        devicesim.Properties
	telemetry, look   devicesim.Schedule
	hot, pressure     devicesim.Alarm
	agitator, stopped devicesim.Alarm
	process           process
	booted            time.Time
	begun             bool // a recipe that begins by itself has
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		settings: s,
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "setpoint", Value: s.Setpoint, Min: 20, Max: 200, Unit: "°C"},
			{Name: "temperatureAlarm", Value: s.TemperatureAlarm, Min: 30, Max: 300, Unit: "°C"},
			{Name: "temperatureTrip", Value: s.TemperatureTrip, Min: 30, Max: 300, Unit: "°C"},
		},
		look:     devicesim.Schedule{Every: cycle},
		hot:      devicesim.Alarm{Name: "temperatureHigh", Delay: 2 * cycle},
		pressure: devicesim.Alarm{Name: "pressureHigh", Delay: 2 * cycle},
		agitator: devicesim.Alarm{Name: "agitatorStopped", Delay: 2 * cycle},
		stopped:  devicesim.Alarm{Name: "emergencyStop"},
		process:  newProcess(s),
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		c.booted = in.Time
		out.Wake, out.Actuate = in.Time, c.process.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
	}
	if in.Call != nil {
		out.Answer = c.answer(in)
		c.act(in, 0, &out)
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	if in.Tick && c.look.Due(in.Time) {
		c.run(in, &out)
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.report(in.Readings))
	}
	c.look.Every = slowCycle
	if c.process.running() {
		c.look.Every = cycle
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

// run is one control cycle: protect, go through the recipe, act.
func (c *controller) run(in devicesim.Cycle, out *devicesim.Actions) {
	if c.settings.Recipe.Starts && !c.begun {
		c.begun = true
		c.process.start(in.Time, in.Readings)
	}
	c.protect(in)
	c.process.follow(in.Time, in.Readings, c.properties.Get("setpoint"))
	c.act(in, cycle.Seconds(), out)
}

// act raises and clears alerts and moves the actuators, dt seconds after the last
// cycle.
func (c *controller) act(in devicesim.Cycle, dt float64, out *devicesim.Actions) {
	out.Telemetry = append(out.Telemetry, c.watch(in)...)
	c.process.act(in.Readings, c.properties.Get("setpoint"), !c.agitator.Active(), dt)
	out.Actuate = c.process.actuators()
}

// protect stops a process that gets away.
func (c *controller) protect(in devicesim.Cycle) {
	hot, pressure := in.Readings["reactorTemperature"], in.Readings["pressure"]
	switch {
	case hot > c.properties.Get("temperatureTrip"):
		c.process.stop(in.Time, fmt.Sprintf("reactor at %.1f °C", hot))
	case pressure > c.settings.PressureTrip:
		c.process.stop(in.Time, fmt.Sprintf("%.1f bar in the reactor", pressure))
	}
}

func (c *controller) watch(in devicesim.Cycle) []link.Message {
	r := in.Readings
	hot, pressure := c.properties.Get("temperatureAlarm"), c.settings.PressureAlarm
	if c.hot.Active() {
		hot -= hysteresis
	}
	if c.pressure.Active() {
		pressure -= hysteresis / 10
	}
	return slices.Concat(
		c.hot.Watch(in.Time, r["reactorTemperature"] > hot,
			fmt.Sprintf("reactor at %.1f °C, limit %.1f °C", r["reactorTemperature"], c.properties.Get("temperatureAlarm"))),
		c.pressure.Watch(in.Time, r["pressure"] > pressure,
			fmt.Sprintf("%.2f bar in the reactor, limit %.2f bar", r["pressure"], c.settings.PressureAlarm)),
		c.agitator.Watch(in.Time, r["agitatorPower"] < c.settings.IdlePower,
			fmt.Sprintf("the agitator takes %.0f W", r["agitatorPower"])),
		c.stopped.Watch(in.Time, c.process.phase == emergency, c.process.reason))
}

func (c *controller) report(r devicesim.Readings) link.Message {
	return devicesim.TelemetryMessage(map[string]any{
		"reactorTemperature": devicesim.Number(r["reactorTemperature"], 2),
		"jacketTemperature":  devicesim.Number(r["jacketTemperature"], 2),
		"pressure":           devicesim.Number(r["pressure"], 3),
		"level":              devicesim.Number(r["level"], 1),
		"conversion":         devicesim.Number(r["conversion"], 1),
		"feedFlow":           devicesim.Number(r["feedFlow"], 2),
		"fedMass":            devicesim.Number(r["fedMass"], 3),
		"coolantFlow":        devicesim.Number(r["coolantFlow"], 3),
		"valvePosition":      devicesim.Number(r["valvePosition"], 1),
		"agitatorPower":      devicesim.Number(r["agitatorPower"], 0),
		"batchPhase":         c.process.phase,
	})
}

// answer serves the direct methods.
func (c *controller) answer(in devicesim.Cycle) *devicesim.Answer {
	p := &c.process
	switch in.Call.Name {
	case "getStatus":
		return &devicesim.Answer{Status: 200, Payload: map[string]any{
			"uptimeSeconds":      int64(in.Time.Sub(c.booted).Seconds()),
			"reactorTemperature": devicesim.Number(in.Readings["reactorTemperature"], 2),
			"batchPhase":         p.phase, "alerts": c.alerts(),
		}}
	case "startBatch":
		if p.phase != idle && p.phase != done {
			return conflict("a batch is started when none is under way; this one is %s", p.phase)
		}
		p.start(in.Time, in.Readings)
	case "emergencyStop":
		p.stop(in.Time, "asked for by the service")
	case "reset":
		if p.phase != emergency {
			return conflict("there is no emergency to end; the process is %s", p.phase)
		}
		p.reset(in.Time)
	default:
		return devicesim.UnknownMethod(in.Call.Name, "getStatus", "startBatch", "emergencyStop", "reset")
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"batchPhase": p.phase}}
}

// conflict answers a call that does not fit what is going on.
func conflict(format string, args ...any) *devicesim.Answer {
	return &devicesim.Answer{Status: 409, Payload: map[string]any{"error": fmt.Sprintf(format, args...)}}
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.hot, &c.pressure, &c.agitator, &c.stopped} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
