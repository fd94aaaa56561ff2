// Package esp is the wellsite controller of an oil well with an electric
// submersible pump on a variable-speed drive: it reports the well's
// levels, pressures and the motor's state, obeys start, stop and setSpeed, and
// trips the drive when the motor winding gets too hot. It does not look for
// pump-off: that is the back end's business.
package esp

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:esp;1"

const (
	cycle        = 10 * time.Second
	minFrequency = 30.0 // Hz, the drive's range while running
	maxFrequency = 65.0
	coolDown     = 10.0 // K below the limit at which the alert ends
)

// Settings are the firmware's defaults, which writable properties override.
type Settings struct {
	TelemetryInterval time.Duration
	Frequency         float64 // Hz the drive starts with
	WindingLimit      float64 // °C; hotter trips the drive
}

// DefaultSettings start the drive at mains frequency.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: time.Minute, Frequency: 60, WindingLimit: 150}
}

type controller struct {
	properties devicesim.Properties
	telemetry  devicesim.Schedule
	look       devicesim.Schedule
	hot        devicesim.Alarm
	frequency  float64
	running    bool
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "windingLimit", Value: s.WindingLimit, Min: 60, Max: 200, Unit: "°C"},
		},
		look:      devicesim.Schedule{Every: cycle},
		hot:       devicesim.Alarm{Name: "windingHot"},
		frequency: s.Frequency,
		running:   true,
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		out.Wake = in.Time
		out.Actuate = c.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
	}
	if in.Call != nil {
		out.Answer = c.answer(*in.Call)
		out.Actuate = c.actuators()
	}
	c.telemetry.Every = time.Duration(c.properties.Get("telemetryInterval") * float64(time.Second))
	if in.Tick && c.look.Due(in.Time) {
		c.protect(in, &out)
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.report(in.Readings))
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

// protect trips the drive on a hot winding. The alert stays until the winding
// has cooled, and the drive stays off until someone starts it.
func (c *controller) protect(in devicesim.Cycle, out *devicesim.Actions) {
	hot, limit := in.Readings["windingTemperature"], c.properties.Get("windingLimit")
	if c.hot.Active() {
		limit -= coolDown
	}
	out.Telemetry = append(out.Telemetry, c.hot.Watch(in.Time, hot > limit,
		fmt.Sprintf("motor winding at %.0f °C, limit %.0f °C", hot, limit))...)
	if c.hot.Active() && c.running {
		c.running = false
		out.Actuate = c.actuators()
	}
}

func (c *controller) actuators() []devicesim.Setting {
	running := 0.0
	if c.running {
		running = 1
	}
	return []devicesim.Setting{{Signal: "running", Value: running}, {Signal: "driveFrequency", Value: c.frequency}}
}

func (c *controller) report(r devicesim.Readings) link.Message {
	return devicesim.TelemetryMessage(map[string]any{
		"fluidLevel":         devicesim.Number(r["fluidLevel"], 1),
		"intakePressure":     devicesim.Number(r["intakePressure"], 2),
		"dischargePressure":  devicesim.Number(r["dischargePressure"], 2),
		"flowRate":           devicesim.Number(r["flowRate"], 1),
		"motorCurrent":       devicesim.Number(r["motorCurrent"], 1),
		"windingTemperature": devicesim.Number(r["windingTemperature"], 1),
		"driveFrequency":     devicesim.Number(r["driveFrequency"], 1),
		"running":            c.running,
	})
}

// answer serves the direct methods.
func (c *controller) answer(call devicesim.Call) *devicesim.Answer {
	switch call.Name {
	case "setSpeed":
		return c.setSpeed(call.Payload)
	case "start":
		c.running = true
	case "stop":
		c.running = false
	default:
		return devicesim.UnknownMethod(call.Name, "setSpeed", "start", "stop")
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"running": c.running}}
}

func (c *controller) setSpeed(payload json.RawMessage) *devicesim.Answer {
	var want struct{ Frequency *float64 }
	if err := json.Unmarshal(payload, &want); err != nil || want.Frequency == nil {
		return devicesim.BadRequest(`setSpeed takes {"frequency": Hz}`)
	}
	f := *want.Frequency
	if math.IsNaN(f) || f < minFrequency || f > maxFrequency {
		return devicesim.BadRequest("frequency must lie between %g and %g Hz", minFrequency, maxFrequency)
	}
	c.frequency = f
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"frequency": f}}
}
