package devicefile

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// booted is the cold room after its first contact with the service.
func booted(t *testing.T, chosen map[string]float64) (devicesim.Controller, string) {
	t.Helper()
	k, err := Load(examples+"/cold-room.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, controller, err := k.Build(devicesim.Instance{Start: t0, Chosen: chosen})
	if err != nil {
		t.Fatal(err)
	}
	c := controller()
	c.Decide(devicesim.Cycle{Time: t0, Boot: true})
	out := c.Decide(devicesim.Cycle{Time: t0, Desired: map[string]any{"$version": 1.0}})
	report, _ := json.Marshal(out.Report)
	return c, string(report)
}

func TestReadingsAreConverted(t *testing.T) {
	c, _ := booted(t, nil)
	out := c.Decide(devicesim.Cycle{Time: t0, Tick: true, Readings: devicesim.Readings{"returnAirTemperature": -20, "boxHumidity": 62.5, "doorOpen": 1}})
	var all []string
	for _, m := range out.Telemetry {
		all = append(all, string(m.Body))
	}
	for _, want := range []string{`{"humidity":62,"temperature":-4.0}`, `{"door":1}`, `{"firmware":"1.4.2"}`} {
		if !strings.Contains(strings.Join(all, "\n"), want) {
			t.Errorf("no %s among %v", want, all)
		}
	}
}

// The chosen interval is what the property says: 120 s are 2 minutes.
func TestChosenIntervalIsInTheProperty(t *testing.T) {
	if _, report := booted(t, map[string]float64{"reports every": 120}); !strings.Contains(report, `"interval":{"ac":203,"ad":"firmware default","av":0,"value":2}`) {
		t.Errorf("reported %s", report)
	}
	k, err := Load(examples+"/cold-room.yaml", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Build(devicesim.Instance{Start: t0, Chosen: map[string]float64{"reports every": 7 * 3600}}); err == nil {
		t.Error("7 hours are more than the property allows")
	}
}

func TestDesiredValuesActOrAreRefused(t *testing.T) {
	c, _ := booted(t, nil)
	out := c.Decide(devicesim.Cycle{Time: t0, Desired: map[string]any{"$version": 2.0, "setpoint": 14.0, "interval": 2.5}})
	report, _ := json.Marshal(out.Report)
	if !strings.Contains(string(report), `"setpoint":{"ac":200,"av":2,"value":14}`) || !strings.Contains(string(report), `"interval":{"ac":400,"ad":"interval: $: 2.5 is not a whole number","av":2,"value":5}`) {
		t.Errorf("reported %s", report)
	}
	if len(out.Actuate) != 1 || out.Actuate[0].Signal != "setpoint" || out.Actuate[0].Value < -10.0001 || out.Actuate[0].Value > -9.9999 {
		t.Errorf("14 °F set %+v, want setpoint -10 °C", out.Actuate)
	}
	out = c.Decide(devicesim.Cycle{Time: t0, Call: &devicesim.Call{Name: "defrost"}})
	if out.Answer == nil || out.Answer.Status != 200 || len(out.Actuate) != 1 || out.Actuate[0] != (devicesim.Setting{Signal: "defrost", Value: 1}) {
		t.Errorf("defrost does %+v", out)
	}
	if out = c.Decide(devicesim.Cycle{Time: t0, Call: &devicesim.Call{Name: "explode"}}); out.Answer.Status != 404 {
		t.Errorf("unknown method answered %+v", out.Answer)
	}
}

// The alert rises after its delay and ends beyond its hysteresis only.
func TestAlertHasDelayAndHysteresis(t *testing.T) {
	c, _ := booted(t, nil)
	changes := map[string]time.Duration{}
	for i := range 120 {
		at := t0.Add(time.Duration(i) * cycle)
		air := -9.5 // limit -10, hysteresis 1
		if i >= 60 {
			air = -10.5
		}
		if i >= 90 {
			air = -11.5
		}
		out := c.Decide(devicesim.Cycle{Time: at, Tick: true, Readings: devicesim.Readings{"returnAirTemperature": air}})
		for _, m := range out.Telemetry {
			if m.Properties["alert"] == "tooWarm" {
				changes[m.Properties["active"]] = at.Sub(t0)
			}
		}
	}
	if changes["true"] != 5*time.Minute || changes["false"] != 15*time.Minute {
		t.Errorf("alert changed at %v; want raised at 5 min, cleared at 15 min", changes)
	}
}
