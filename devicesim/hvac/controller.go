// Package hvac is the telemetry unit of an air conditioner: it reports the
// room, raises alerts on a room out of its band, a dirty filter and a full
// condensate pan, and passes setpoint and mode on to the unit, whose thermostat
// is part of the plant.
package hvac

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:hvac;1"

const (
	cycle      = 10 * time.Second
	band       = 2.0  // K off the setpoint that is out of band
	dirty      = 80.0 // Pa over the filter
	pan        = 80.0 // % of the condensate pan
	hysteresis = 0.5  // K
)

var operatingModes = []string{"off", "cool", "heat"}

// Settings are the firmware's defaults, which writable properties override.
type Settings struct {
	TelemetryInterval time.Duration
	Setpoint          float64       // °C
	BandAlertDelay    time.Duration // a room out of its band for longer raises "roomOutOfBand"
	Mode              float64       // index of the operating mode
}

// DefaultSettings cool an office.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: time.Minute, Setpoint: 24, BandAlertDelay: 15 * time.Minute, Mode: 1}
}

type controller struct {
	properties               devicesim.Properties
	telemetry, look          devicesim.Schedule
	room, filter, condensate devicesim.Alarm
	mode                     float64
	booted                   time.Time
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "setpoint", Value: s.Setpoint, Min: 16, Max: 30, Unit: "°C"},
			{Name: "bandAlertDelay", Value: s.BandAlertDelay.Seconds(), Min: 0, Max: 86400, Unit: "s"},
		},
		look:       devicesim.Schedule{Every: cycle},
		room:       devicesim.Alarm{Name: "roomOutOfBand"},
		filter:     devicesim.Alarm{Name: "filterDirty", Delay: time.Minute},
		condensate: devicesim.Alarm{Name: "condensateHigh", Delay: time.Minute},
		mode:       s.Mode,
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
		out.Actuate = c.actuators()
	}
	if in.Call != nil {
		out.Answer = c.answer(in)
		out.Actuate = c.actuators()
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	c.room.Delay = seconds(c.properties.Get("bandAlertDelay"))
	if in.Tick && c.look.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.watch(in)...)
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, report(in.Readings))
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

func (c *controller) actuators() []devicesim.Setting {
	return []devicesim.Setting{{Signal: "setpoint", Value: c.properties.Get("setpoint")}, {Signal: "mode", Value: c.mode}}
}

func (c *controller) watch(in devicesim.Cycle) []link.Message {
	r, limit := in.Readings, band
	if c.room.Active() {
		limit -= hysteresis
	}
	off := math.Abs(r["temperature"] - c.properties.Get("setpoint"))
	// The filter shows only while air goes through it: a standing fan proves nothing.
	messages := []link.Message(nil)
	if r["compressorState"] >= 0.5 {
		messages = c.filter.Watch(in.Time, r["filterDp"] > dirty, fmt.Sprintf("%.0f Pa over the filter", r["filterDp"]))
	}
	return slices.Concat(messages,
		c.room.Watch(in.Time, c.mode != 0 && off > limit, fmt.Sprintf("room at %.1f °C, setpoint %.1f °C", r["temperature"], c.properties.Get("setpoint"))),
		c.condensate.Watch(in.Time, r["condensateLevel"] > pan, fmt.Sprintf("condensate pan %.0f %% full", r["condensateLevel"])))
}

func report(r devicesim.Readings) link.Message {
	return devicesim.TelemetryMessage(map[string]any{
		"temperature":          devicesim.Number(r["temperature"], 2),
		"humidity":             devicesim.Number(r["humidity"], 1),
		"supplyAirTemperature": devicesim.Number(r["supplyAirTemperature"], 2),
		"compressorState":      r["compressorState"] >= 0.5,
		"compressorSpeed":      devicesim.Number(r["compressorSpeed"], 0),
		"power":                devicesim.Number(r["power"], 0),
		"filterDp":             devicesim.Number(r["filterDp"], 1),
		"condensateLevel":      devicesim.Number(r["condensateLevel"], 1),
	})
}

// answer serves the direct methods.
func (c *controller) answer(in devicesim.Cycle) *devicesim.Answer {
	switch in.Call.Name {
	case "getStatus":
		return &devicesim.Answer{Status: 200, Payload: map[string]any{
			"uptimeSeconds": int64(in.Time.Sub(c.booted).Seconds()),
			"temperature":   devicesim.Number(in.Readings["temperature"], 2),
			"mode":          operatingModes[int(c.mode)], "alerts": c.alerts(),
		}}
	case "setMode":
		var want struct{ Mode string }
		if err := json.Unmarshal(in.Call.Payload, &want); err != nil || !slices.Contains(operatingModes, want.Mode) {
			return devicesim.BadRequest(`setMode takes {"mode": "off", "cool" or "heat"}`)
		}
		c.mode = float64(slices.Index(operatingModes, want.Mode))
		return &devicesim.Answer{Status: 200, Payload: map[string]any{"mode": want.Mode}}
	}
	return devicesim.UnknownMethod(in.Call.Name, "getStatus", "setMode")
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.room, &c.filter, &c.condensate} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
