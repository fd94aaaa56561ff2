// Package reefer is the telematics unit of a refrigeration truck: it reports
// temperatures, raises alerts on a door left open, warm cargo and a tank running empty, and passes
// the setpoint on to the refrigeration unit, whose thermostat is part of the
// plant.
package reefer

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
const ModelID = "dtmi:com:twinrig:reefer;1"

// cycle is how often the unit looks at its inputs.
const cycle = 10 * time.Second

// hysteresis is how far below the limit the cargo must be for its alert to end, K.
const hysteresis = 0.5

// lowFuel is the share of the tank below which "fuelLow" is raised, %.
const lowFuel = 10.0

var unitModes = []string{"off", "start", "cool", "null", "defrost"}

// Settings are the firmware's defaults, which writable properties override.
type Settings struct {
	TelemetryInterval time.Duration // between telemetry messages
	Setpoint          float64       // °C
	DoorAlertDelay    time.Duration // a door open for longer raises "doorOpen"
	CargoLimit        float64       // °C; cargo warmer than this for 5 minutes raises "cargoWarm"
}

// DefaultSettings are those of a truck with frozen goods.
func DefaultSettings() Settings {
	return Settings{TelemetryInterval: 5 * time.Minute, Setpoint: -20, DoorAlertDelay: 2 * time.Minute, CargoLimit: -15}
}

type controller struct {
	properties devicesim.Properties
	telemetry  devicesim.Schedule
	look       devicesim.Schedule
	door       devicesim.Alarm
	cargo      devicesim.Alarm
	fuel       devicesim.Alarm
	booted     time.Time
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "setpoint", Value: s.Setpoint, Min: -30, Max: 30, Unit: "°C"},
			{Name: "doorAlertDelay", Value: s.DoorAlertDelay.Seconds(), Min: 0, Max: 3600, Unit: "s"},
			{Name: "cargoLimit", Value: s.CargoLimit, Min: -30, Max: 30, Unit: "°C"},
		},
		look:  devicesim.Schedule{Every: cycle},
		door:  devicesim.Alarm{Name: "doorOpen"},
		cargo: devicesim.Alarm{Name: "cargoWarm", Delay: 5 * time.Minute},
		fuel:  devicesim.Alarm{Name: "fuelLow", Delay: 5 * time.Minute},
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		c.booted = in.Time
		// The clock of a booting unit is not yet set: it waits for its first tick.
		out.Wake = in.Time
		out.Actuate = c.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
		out.Actuate = c.actuators()
	}
	if in.Call != nil {
		c.answer(in, &out)
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	c.door.Delay = seconds(c.properties.Get("doorAlertDelay"))
	if in.Tick && c.look.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.watch(in)...)
	}
	if in.Tick && c.telemetry.Due(in.Time) {
		out.Telemetry = append(out.Telemetry, c.report(in.Readings))
	}
	out.Wake = devicesim.Earliest(c.look.Next(), c.telemetry.Next())
	return out
}

func (c *controller) actuators() []devicesim.Setting {
	return []devicesim.Setting{{Signal: "setpoint", Value: c.properties.Get("setpoint")}}
}

func (c *controller) watch(in devicesim.Cycle) []link.Message {
	cargo, limit := in.Readings["cargoTemperature"], c.properties.Get("cargoLimit")
	if c.cargo.Active() {
		limit -= hysteresis
	}
	fuel, low := in.Readings["fuelLevel"], lowFuel
	if c.fuel.Active() {
		low += lowFuel / 2
	}
	return slices.Concat(
		c.door.Watch(in.Time, in.Readings["doorOpen"] >= 0.5,
			fmt.Sprintf("cargo door open for more than %v", c.door.Delay)),
		c.cargo.Watch(in.Time, cargo > limit,
			fmt.Sprintf("cargo at %.1f °C, limit %.1f °C", cargo, limit)),
		c.fuel.Watch(in.Time, fuel < low,
			fmt.Sprintf("fuel at %.0f %% of the tank", fuel)))
}

func (c *controller) report(r devicesim.Readings) link.Message {
	return devicesim.TelemetryMessage(map[string]any{
		"returnAirTemperature": devicesim.Number(r["returnAirTemperature"], 2),
		"supplyAirTemperature": devicesim.Number(r["supplyAirTemperature"], 2),
		"cargoTemperature":     devicesim.Number(r["cargoTemperature"], 2),
		"doorOpen":             r["doorOpen"] >= 0.5,
		"unitMode":             modeName(r["unitMode"]),
		"location":             location(r),
		"speed":                devicesim.Number(r["speed"], 1),
		"fuelLevel":            devicesim.Number(r["fuelLevel"], 1),
		"engineHours":          devicesim.Number(r["engineHours"], 2),
	})
}

// location is a GeoJSON point: longitude first.
func location(r devicesim.Readings) map[string]any {
	return map[string]any{
		"type":        "Point",
		"coordinates": []json.Number{devicesim.Number(r["longitude"], 5), devicesim.Number(r["latitude"], 5)},
	}
}

// answer serves the direct methods.
func (c *controller) answer(in devicesim.Cycle, out *devicesim.Actions) {
	switch in.Call.Name {
	case "getStatus":
		out.Answer = &devicesim.Answer{Status: 200, Payload: map[string]any{
			"uptimeSeconds":    int64(in.Time.Sub(c.booted).Seconds()),
			"cargoTemperature": devicesim.Number(in.Readings["cargoTemperature"], 2),
			"unitMode":         modeName(in.Readings["unitMode"]),
			"alerts":           c.alerts(),
		}}
	case "startDefrost":
		out.Actuate = append(out.Actuate, devicesim.Setting{Signal: "defrost", Value: 1})
		out.Answer = &devicesim.Answer{Status: 200, Payload: json.RawMessage(`{"defrost":"requested"}`)}
	default:
		out.Answer = devicesim.UnknownMethod(in.Call.Name, "getStatus", "startDefrost")
	}
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.door, &c.cargo, &c.fuel} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}

func modeName(v float64) string {
	if i := int(math.Round(v)); i >= 0 && i < len(unitModes) {
		return unitModes[i]
	}
	return "unknown"
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
