package elevator

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
)

var t0 = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

func booted() devicesim.Controller {
	c := New(DefaultSettings())
	c.Decide(devicesim.Cycle{Time: t0, Boot: true})
	return c
}

func call(c devicesim.Controller, name, payload string, r devicesim.Readings) devicesim.Actions {
	return c.Decide(devicesim.Cycle{Time: t0, Readings: r, Call: &devicesim.Call{Name: name, Payload: json.RawMessage(payload)}})
}

func pressed(out devicesim.Actions, signal string) (float64, bool) {
	for _, s := range out.Actuate {
		if s.Signal == signal {
			return s.Value, true
		}
	}
	return 0, false
}

func TestCallFloor(t *testing.T) {
	for body, want := range map[string]int{`{"floor":7}`: 200, `{"floor":13}`: 400, `{"floor":0}`: 400, `{"floor":1.5}`: 400, ``: 400} {
		out := call(booted(), "callFloor", body, nil)
		floor, ok := pressed(out, "calledFloor")
		if out.Answer.Status != want || ok != (want == 200) || ok && floor != 7 {
			t.Errorf("callFloor %s: status %d, %+v", body, out.Answer.Status, out.Actuate)
		}
	}
}

func TestOutOfService(t *testing.T) {
	c := booted()
	if out := call(c, "outOfService", "", nil); out.Answer.Status != 200 {
		t.Errorf("status %d", out.Answer.Status)
	} else if v, ok := pressed(out, "inService"); !ok || v != 0 {
		t.Errorf("the machine is not told: %+v", out.Actuate)
	}
	if out := call(c, "callFloor", `{"floor":3}`, nil); out.Answer.Status != 409 {
		t.Errorf("a call out of service: status %d", out.Answer.Status)
	}
	if v, ok := pressed(call(c, "outOfService", `{"out":false}`, nil), "inService"); !ok || v != 1 {
		t.Error("the car stays out of service")
	}
}

// A reset is for a car that is tripped, and the answer says what from.
func TestReset(t *testing.T) {
	if out := call(booted(), "reset", "", devicesim.Readings{"carState": 0}); out.Answer.Status != 409 {
		t.Errorf("nothing to reset: status %d", out.Answer.Status)
	}
	out := call(booted(), "reset", "", devicesim.Readings{"carState": tripped, "tripCause": 3})
	if text, _ := json.Marshal(out.Answer.Payload); !strings.Contains(string(text), "safety gear") {
		t.Errorf("answer %s", text)
	}
	if _, ok := pressed(out, "reset"); !ok {
		t.Error("the button is not pressed")
	}
}

// run ticks for a while and counts reports and alerts by name.
func run(c devicesim.Controller, from, length time.Duration, r devicesim.Readings) (reports int, alerts map[string]int) {
	alerts = map[string]int{}
	for at := from; at < from+length; at += cycle {
		for _, m := range c.Decide(devicesim.Cycle{Time: t0.Add(at), Tick: true, Readings: r}).Telemetry {
			if name := m.Properties["alert"]; name != "" {
				alerts[name]++
			} else {
				reports++
			}
		}
	}
	return reports, alerts
}

// Rides are reported every two seconds, a standing car every minute.
func TestReportsRides(t *testing.T) {
	c := booted()
	if n, _ := run(c, 0, 2*time.Minute, devicesim.Readings{"carState": 0}); n != 2 {
		t.Errorf("at rest: %d reports in two minutes, want 2", n)
	}
	if n, _ := run(c, 2*time.Minute, 20*time.Second, devicesim.Readings{"carState": moving}); n < 10 || n > 11 {
		t.Errorf("on a ride: %d reports in 20 s, want one every two", n)
	}
}

func TestAlerts(t *testing.T) {
	for name, r := range map[string]devicesim.Readings{
		"safetyTrip":     {"carState": tripped, "tripCause": 2},
		"doorObstructed": {"reopenings": 3},
		"overload":       {"overload": 1},
		"levellingError": {"doorState": doorOpen, "levellingError": -25},
		"roughRide":      {"a95Lateral": 30},
		"motorHot":       {"motorTemperature": 81},
	} {
		c := booted()
		if _, alerts := run(c, 0, time.Minute, r); alerts[name] != 1 || len(alerts) != 1 {
			t.Errorf("%s: raised %v", name, alerts)
		}
		if _, alerts := run(c, time.Minute, time.Minute, devicesim.Readings{"doorState": doorOpen}); alerts[name] != 1 {
			t.Errorf("%s is not cleared: %v", name, alerts)
		}
	}
	// A ride is judged when it is over, the sill when somebody can step over it.
	if _, alerts := run(booted(), 0, time.Minute, devicesim.Readings{"carState": moving, "a95Lateral": 30, "levellingError": 1700}); len(alerts) != 0 {
		t.Errorf("on a ride: raised %v", alerts)
	}
}
