package reefer

import (
	"encoding/json"
	"testing"
	"time"

	"twinrig/devicesim"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func cold() devicesim.Readings {
	return devicesim.Readings{"returnAirTemperature": -20.126, "supplyAirTemperature": -22, "cargoTemperature": -19.5, "doorOpen": 0, "unitMode": 2,
		"latitude": 51.38, "longitude": 12.43, "speed": 79.96, "fuelLevel": 90, "engineHours": 1.5}
}

// booted is a controller after its first cycle.
func booted(t *testing.T) devicesim.Controller {
	t.Helper()
	c := New(DefaultSettings())
	out := c.Decide(devicesim.Cycle{Time: t0, Boot: true, Readings: cold()})
	if len(out.Actuate) != 1 || out.Actuate[0] != (devicesim.Setting{Signal: "setpoint", Value: -20}) || len(out.Telemetry) != 0 {
		t.Fatalf("at boot the unit does %+v; want the setpoint passed on and nothing published", out)
	}
	return c
}

func TestTelemetryRoundsToWhatTheThermometersResolve(t *testing.T) {
	c := booted(t)
	out := c.Decide(devicesim.Cycle{Time: t0, Tick: true, Readings: cold()})
	if len(out.Telemetry) != 1 {
		t.Fatalf("%d messages at the first tick, want 1", len(out.Telemetry))
	}
	want := `{"cargoTemperature":-19.50,"doorOpen":false,"engineHours":1.50,"fuelLevel":90.0,"location":{"coordinates":[12.43000,51.38000],"type":"Point"},"returnAirTemperature":-20.13,"speed":80.0,"supplyAirTemperature":-22.00,"unitMode":"cool"}`
	if got := string(out.Telemetry[0].Body); got != want {
		t.Errorf("telemetry %s\nwant      %s", got, want)
	}
}

// alerts runs the controller over readings, one a cycle, and returns when which
// alert changed.
func alerts(c devicesim.Controller, cycles int, readings func(i int) devicesim.Readings) map[string]time.Duration {
	changes := map[string]time.Duration{}
	for i := range cycles {
		at := t0.Add(time.Duration(i) * cycle)
		for _, m := range c.Decide(devicesim.Cycle{Time: at, Tick: true, Readings: readings(i)}).Telemetry {
			if name, ok := m.Properties["alert"]; ok {
				changes[name+" "+m.Properties["active"]] = at.Sub(t0)
			}
		}
	}
	return changes
}

func TestDoorAlertAfterItsDelay(t *testing.T) {
	got := alerts(booted(t), 60, func(i int) devicesim.Readings {
		r := cold()
		if i >= 6 && i < 30 {
			r["doorOpen"] = 1
		}
		return r
	})
	if got["doorOpen true"] != 3*time.Minute || got["doorOpen false"] != 5*time.Minute {
		t.Errorf("door open from 1:00 to 5:00 with a delay of 2 minutes: %v; want raised at 3:00, cleared at 5:00", got)
	}
}

// Cargo that hovers about its limit raises one alert and not one each cycle.
func TestCargoAlertHasHysteresis(t *testing.T) {
	changes := 0
	c := booted(t)
	for i := range 200 {
		r := cold()
		r["cargoTemperature"] = -14.9
		if i >= 60 && i%2 == 1 {
			r["cargoTemperature"] = -15.1
		}
		for _, m := range c.Decide(devicesim.Cycle{Time: t0.Add(time.Duration(i) * cycle), Tick: true, Readings: r}).Telemetry {
			if m.Properties["alert"] == "cargoWarm" {
				changes++
			}
		}
	}
	if changes != 1 {
		t.Errorf("%d alert messages, want 1", changes)
	}
}

func TestDesiredSetpointReachesTheUnit(t *testing.T) {
	out := booted(t).Decide(devicesim.Cycle{Time: t0, Readings: cold(), Desired: map[string]any{"setpoint": -22.0, "$version": 3.0}})
	if len(out.Actuate) != 1 || out.Actuate[0].Value != -22 {
		t.Errorf("the unit is told %+v, want setpoint -22", out.Actuate)
	}
	if ack, _ := json.Marshal(out.Report["setpoint"]); string(ack) != `{"ac":200,"av":3,"value":-22}` {
		t.Errorf("acknowledged as %s", ack)
	}
}

func TestMethods(t *testing.T) {
	for name, want := range map[string]int{"getStatus": 200, "startDefrost": 200, "selfDestruct": 404} {
		out := booted(t).Decide(devicesim.Cycle{Time: t0, Readings: cold(), Call: &devicesim.Call{Name: name}})
		if out.Answer == nil || out.Answer.Status != want {
			t.Errorf("%s is answered %+v, want status %d", name, out.Answer, want)
		}
		if pressed := len(out.Actuate) == 1 && out.Actuate[0].Signal == "defrost"; pressed != (name == "startDefrost") {
			t.Errorf("%s sets %+v", name, out.Actuate)
		}
	}
}
