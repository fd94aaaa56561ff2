package presence

import (
	"encoding/json"
	"maps"
	"math"
	"testing"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func quiet() devicesim.Readings {
	return devicesim.Readings{"motion": 0, "co2AtSensor": 440, "temperature": 21.004, "humidity": 40, "illuminance": 100}
}

func with(changes devicesim.Readings) devicesim.Readings {
	r := quiet()
	maps.Copy(r, changes)
	return r
}

func booted(t *testing.T) *controller {
	t.Helper()
	c := New(DefaultSettings()).(*controller)
	if out := c.Decide(devicesim.Cycle{Time: t0, Boot: true, Readings: quiet()}); len(out.Telemetry) != 0 || out.Actuate[0].Value != 0 || out.Actuate[1].Value != 0 {
		t.Fatalf("at boot the unit does %+v; want lamps and fan off and nothing published", out)
	}
	return c
}

// run wakes the controller every cycle over readings and returns when which
// alert changed.
func run(c *controller, from, to time.Duration, readings func(at time.Duration) devicesim.Readings) map[string]time.Duration {
	changes := map[string]time.Duration{}
	for at := from; at < to; at += cycle {
		for _, m := range c.Decide(devicesim.Cycle{Time: t0.Add(at), Tick: true, Readings: readings(at)}).Telemetry {
			if name, ok := m.Properties["alert"]; ok {
				changes[name+" "+m.Properties["active"]] = at
			}
		}
	}
	return changes
}

func TestTelemetry(t *testing.T) {
	out := booted(t).Decide(devicesim.Cycle{Time: t0, Tick: true, Readings: with(devicesim.Readings{"motion": 1})})
	want := `{"co2":440,"humidity":40.0,"illuminance":100,"lampLevel":33,"motion":true,"occupancyCount":1,"occupied":true,"temperature":21.00,"ventilation":20}`
	if len(out.Telemetry) != 1 || string(out.Telemetry[0].Body) != want {
		t.Errorf("telemetry %s\nwant      %s", out.Telemetry[0].Body, want)
	}
}

// TestVacancy: motion makes the room occupied at once, and the vacancy delay
// later, without motion or CO2, it is vacant and dark.
func TestVacancy(t *testing.T) {
	c := booted(t)
	vacant := time.Duration(-1)
	run(c, 0, 30*time.Minute, func(at time.Duration) devicesim.Readings {
		if at > time.Minute && at < 11*time.Minute && !c.occupied {
			t.Fatalf("vacant %v after motion", at-time.Minute)
		}
		if at > time.Minute && !c.occupied && vacant < 0 {
			vacant = at
		}
		return with(devicesim.Readings{"motion": boolean(at == time.Minute)})
	})
	if vacant != 11*time.Minute+cycle || c.lamps != 0 || c.fan != 0 {
		t.Errorf("vacant at %v with lamps at %g %%, fan at %g %%; want 11m10s and darkness", vacant, c.lamps, c.fan)
	}
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// balance is CO2 in 72 m³ with people from a moment on, at a fixed fresh air flow.
func balance(people, flow float64, from time.Duration) func(time.Duration) float64 {
	return func(at time.Duration) float64 {
		h := math.Max(0, (at - from).Hours())
		return 420 + people*breath*1e6/flow*(1-math.Exp(-h*flow/72))
	}
}

// TestObserver: law: the balance of CO2. Reference: its closed form with three
// people. Tolerance: a tenth of a person after an hour, without noise; three
// tenths with the sensor's noise of 10 ppm.
func TestObserver(t *testing.T) {
	truth := balance(3, 0.3*72, 0)
	noise := twinmodel.Stream(1, "office-4", "test")
	for sigma, tolerance := range map[float64]float64{0: 0.1, 10: 0.3} {
		s := DefaultSettings()
		o := observer{Volume: s.Volume, Leak: s.Leak, FanFlow: s.FanFlow, Outdoor: 420}
		for at := time.Duration(0); at < time.Hour; at += cycle {
			o.follow(cycle.Hours(), truth(at)+sigma*twinmodel.Normal(noise), 0)
		}
		if math.Abs(o.people-3) > tolerance {
			t.Errorf("noise %g ppm: %.2f people, want 3", sigma, o.people)
		}
	}
}

// TestBlindDetector: people who breathe but never move keep the room occupied
// and raise the alarm.
func TestBlindDetector(t *testing.T) {
	c := booted(t)
	truth := balance(2, 0.3*72+36, 0)
	changes := run(c, 0, 2*time.Hour, func(at time.Duration) devicesim.Readings {
		return with(devicesim.Readings{"co2AtSensor": truth(at)})
	})
	if at, ok := changes["motionBlind true"]; !ok || at > time.Hour || !c.occupied {
		t.Errorf("alerts %v, occupied %v", changes, c.occupied)
	}
}

// TestImplausibleMotion: motion without breath is believed for half an hour, and
// again when somebody breathes.
func TestImplausibleMotion(t *testing.T) {
	c := booted(t)
	draught := func(time.Duration) devicesim.Readings {
		return with(devicesim.Readings{"motion": 1, "co2AtSensor": 420})
	}
	changes := run(c, 0, time.Hour, draught)
	if at := changes["motionImplausible true"]; at != doubtDelay || c.occupied || c.lamps != 0 {
		t.Errorf("alerts %v, occupied %v; want doubt after %v and darkness", changes, c.occupied, doubtDelay)
	}
	truth := balance(2, 0.3*72+36, time.Hour)
	changes = run(c, time.Hour, 2*time.Hour, func(at time.Duration) devicesim.Readings {
		return with(devicesim.Readings{"motion": 1, "co2AtSensor": truth(at)})
	})
	if at, ok := changes["motionImplausible false"]; !ok || at > time.Hour+15*time.Minute || !c.occupied {
		t.Errorf("alerts %v, occupied %v", changes, c.occupied)
	}
}

// TestAir: the fan follows CO2 up to the limit, alarms come after their delay
// and go with hysteresis.
func TestAir(t *testing.T) {
	c := booted(t)
	for co2, want := range map[float64]float64{420: 0, 700: 20, 850: 60, 1000: 100, 3000: 100} {
		if got := c.air(t0, co2); got != want {
			t.Errorf("fan at %g %% for %g ppm in a vacant room, want %g", got, co2, want)
		}
	}
	if c.occupied = true; c.air(t0, 420) != fanMinimum {
		t.Errorf("fan at %g %% in an occupied room", c.air(t0, 420))
	}
	changes := run(booted(t), 0, time.Hour, func(at time.Duration) devicesim.Readings {
		co2 := 1250.0
		if at >= 20*time.Minute {
			co2 = 1180 // under the threshold, not under its hysteresis
		}
		if at >= 40*time.Minute {
			co2 = 1140
		}
		return with(devicesim.Readings{"co2AtSensor": co2})
	})
	if changes["co2High true"] != 10*time.Minute || changes["co2High false"] != 40*time.Minute {
		t.Errorf("%v; want raised at 10m, cleared at 40m", changes)
	}
}

// TestDeadLamps: lamps at full setting that give no light are reported.
func TestDeadLamps(t *testing.T) {
	changes := run(booted(t), 0, time.Hour, func(time.Duration) devicesim.Readings {
		return with(devicesim.Readings{"motion": 1, "illuminance": 50})
	})
	if at, ok := changes["lightFailure true"]; !ok || at > 6*time.Minute {
		t.Errorf("alerts %v", changes)
	}
}

func TestDesiredProperties(t *testing.T) {
	c := booted(t)
	out := c.Decide(devicesim.Cycle{Time: t0, Readings: quiet(), Desired: map[string]any{"co2Limit": 800.0, "vacancyDelay": 5.0, "$version": 3.0}})
	if ack, _ := json.Marshal(out.Report["co2Limit"]); string(ack) != `{"ac":200,"av":3,"value":800}` || c.air(t0, 800) != 100 {
		t.Errorf("acknowledged as %s, fan at %g %%", ack, c.air(t0, 800))
	}
	if ack, _ := json.Marshal(out.Report["vacancyDelay"]); string(ack) != `{"ac":400,"ad":"vacancyDelay must lie between 30 and 7200 s","av":3,"value":600}` {
		t.Errorf("acknowledged as %s", ack)
	}
}

func TestMethods(t *testing.T) {
	for _, call := range []struct {
		name, payload string
		status        int
		lamps, fan    float64
	}{
		{"getStatus", ``, 200, 0, 0},
		{"setLight", `{"level":40}`, 200, 40, 0},
		{"setLight", ``, 200, 0, 0},
		{"setLight", `{"level":140}`, 400, 0, 0},
		{"setLight", `[]`, 400, 0, 0},
		{"airOut", `{"minutes":5}`, 200, 0, 100},
		{"airOut", `{"minutes":-5}`, 400, 0, 0},
		{"airOut", ``, 400, 0, 0},
		{"selfDestruct", ``, 404, 0, 0},
	} {
		out := booted(t).Decide(devicesim.Cycle{Time: t0, Readings: quiet(), Call: &devicesim.Call{Name: call.name, Payload: json.RawMessage(call.payload)}})
		if out.Answer.Status != call.status || out.Actuate[0].Value != call.lamps || out.Actuate[1].Value != call.fan {
			t.Errorf("%s %s: status %d, %+v", call.name, call.payload, out.Answer.Status, out.Actuate)
		}
	}
}

// TestAirOutEnds: full ventilation ends by itself.
func TestAirOutEnds(t *testing.T) {
	c := booted(t)
	c.Decide(devicesim.Cycle{Time: t0, Readings: quiet(), Call: &devicesim.Call{Name: "airOut", Payload: json.RawMessage(`{"minutes":5}`)}})
	run(c, 0, 5*time.Minute, func(time.Duration) devicesim.Readings { return quiet() })
	if c.fan != 100 {
		t.Errorf("fan at %g %% while airing out", c.fan)
	}
	if run(c, 5*time.Minute, 6*time.Minute, func(time.Duration) devicesim.Readings { return quiet() }); c.fan != 0 {
		t.Errorf("fan at %g %% afterwards", c.fan)
	}
}
