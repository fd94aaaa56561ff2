package oilpump

import (
	"encoding/json"
	"time"

	"twinrig/devicesim"
)

// answer serves the direct methods.
func (c *controller) answer(now time.Time, call devicesim.Call, out *devicesim.Actions) *devicesim.Answer {
	switch call.Name {
	case "setSpeed":
		return c.setSpeed(now, call.Payload)
	case "start":
		// Whoever starts the unit has seen to what stopped it.
		for _, a := range []*devicesim.Alarm{&c.highLoad, &c.rodParted} {
			out.Telemetry = append(out.Telemetry, a.Watch(now, false, "started by command")...)
		}
		c.start(now)
	case "stop":
		c.stop(stopped)
	case "getCard":
		if c.last == nil {
			return &devicesim.Answer{Status: 404, Payload: map[string]any{"error": "no card yet"}}
		}
		return &devicesim.Answer{Status: 200, Payload: c.last.answer()}
	default:
		return devicesim.UnknownMethod(call.Name, "setSpeed", "start", "stop", "getCard")
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"running": c.state == pumping}}
}

func (c *controller) setSpeed(now time.Time, payload json.RawMessage) *devicesim.Answer {
	var want struct{ StrokesPerMinute *float64 }
	if err := json.Unmarshal(payload, &want); err != nil || want.StrokesPerMinute == nil {
		return devicesim.BadRequest(`setSpeed takes {"strokesPerMinute": 1/min}`)
	}
	v := *want.StrokesPerMinute
	if !(v >= minSpeed && v <= maxSpeed) {
		return devicesim.BadRequest("strokesPerMinute must lie between %g and %g", minSpeed, maxSpeed)
	}
	c.speed = v
	if c.state == pumping {
		c.start(now)
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"strokesPerMinute": v}}
}
