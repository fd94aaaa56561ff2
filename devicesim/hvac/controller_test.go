package hvac

import (
	"encoding/json"
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

func TestSetModeReachesTheUnit(t *testing.T) {
	for body, want := range map[string]int{`{"mode":"heat"}`: 200, `{"mode":"dry"}`: 400, ``: 400} {
		out := booted().Decide(devicesim.Cycle{Time: t0, Call: &devicesim.Call{Name: "setMode", Payload: json.RawMessage(body)}})
		mode := out.Actuate[1]
		if out.Answer.Status != want || mode.Signal != "mode" || (mode.Value == 2) != (want == 200) {
			t.Errorf("setMode %s: status %d, %+v", body, out.Answer.Status, out.Actuate)
		}
	}
}

func TestRoomAlertAfterItsDelay(t *testing.T) {
	c, raised := booted(), time.Duration(-1)
	for at := time.Duration(0); at < time.Hour; at += cycle {
		for _, m := range c.Decide(devicesim.Cycle{Time: t0.Add(at), Tick: true, Readings: devicesim.Readings{"temperature": 27}}).Telemetry {
			if m.Properties["alert"] == "roomOutOfBand" && raised < 0 {
				raised = at
			}
		}
	}
	if raised != 15*time.Minute {
		t.Errorf("raised after %v, want 15 minutes", raised)
	}
}
