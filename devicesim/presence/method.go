package presence

import (
	"encoding/json"
	"time"

	"twinrig/devicesim"
)

// answer serves the direct methods.
func (c *controller) answer(in devicesim.Cycle) *devicesim.Answer {
	switch in.Call.Name {
	case "getStatus":
		return &devicesim.Answer{Status: 200, Payload: map[string]any{
			"uptimeSeconds": int64(in.Time.Sub(c.booted).Seconds()),
			"occupied":      c.occupied,
			"co2":           devicesim.Number(in.Readings["co2AtSensor"], 0),
			"alerts":        c.alerts(),
		}}
	case "setLight":
		return c.setLight(in.Call.Payload)
	case "airOut":
		return c.startAirOut(in)
	}
	return devicesim.UnknownMethod(in.Call.Name, "getStatus", "setLight", "airOut")
}

// setLight puts the lamps to a level; without one they are automatic again.
func (c *controller) setLight(payload json.RawMessage) *devicesim.Answer {
	var want struct{ Level *float64 }
	if len(payload) > 0 && json.Unmarshal(payload, &want) != nil || want.Level != nil && !(*want.Level >= 0 && *want.Level <= 100) {
		return devicesim.BadRequest(`setLight takes {"level": 0 to 100}, or nothing for automatic light`)
	}
	if c.manual = want.Level != nil; c.manual {
		c.lamps = *want.Level
	}
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"automatic": !c.manual}}
}

func (c *controller) startAirOut(in devicesim.Cycle) *devicesim.Answer {
	var want struct{ Minutes float64 }
	if json.Unmarshal(in.Call.Payload, &want) != nil || !(want.Minutes >= 0 && want.Minutes <= 240) {
		return devicesim.BadRequest(`airOut takes {"minutes": 0 to 240}`)
	}
	c.airOut = in.Time.Add(time.Duration(want.Minutes * float64(time.Minute)))
	c.fan = c.air(in.Time, in.Readings["co2AtSensor"])
	return &devicesim.Answer{Status: 200, Payload: map[string]any{"minutes": want.Minutes}}
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.co2High, &c.blind, &c.implausible, &c.dark} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}
