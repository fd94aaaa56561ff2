package elevator

import (
	"encoding/json"

	"twinrig/devicesim"
)

// answer serves the direct methods, and says which buttons they press.
func (c *controller) answer(in devicesim.Cycle) (*devicesim.Answer, []devicesim.Setting) {
	switch in.Call.Name {
	case "getStatus":
		return ok(map[string]any{
			"uptimeSeconds": int64(in.Time.Sub(c.booted).Seconds()),
			"car":           name(carStates, in.Readings["carState"]),
			"tripCause":     name(tripCauses, in.Readings["tripCause"]),
			"inService":     c.inService, "alerts": c.alerts(),
		}), nil
	case "callFloor":
		return c.callFloor(in.Call.Payload)
	case "outOfService":
		want := struct{ Out bool }{true}
		if len(in.Call.Payload) > 0 && json.Unmarshal(in.Call.Payload, &want) != nil {
			return devicesim.BadRequest(`outOfService takes {"out": true} or {"out": false}`), nil
		}
		c.inService = !want.Out
		return ok(map[string]any{"inService": c.inService}), nil
	case "reset":
		if in.Readings["carState"] != tripped {
			return refuse("the car is not tripped"), nil
		}
		return ok(map[string]any{"tripCause": name(tripCauses, in.Readings["tripCause"])}), []devicesim.Setting{{Signal: "reset", Value: 1}}
	}
	return devicesim.UnknownMethod(in.Call.Name, "getStatus", "callFloor", "outOfService", "reset"), nil
}

func (c *controller) callFloor(payload json.RawMessage) (*devicesim.Answer, []devicesim.Setting) {
	var want struct{ Floor int }
	if err := json.Unmarshal(payload, &want); err != nil || want.Floor < 1 || want.Floor > c.floors {
		return devicesim.BadRequest(`callFloor takes {"floor": 1} to {"floor": %d}`, c.floors), nil
	}
	if !c.inService {
		return refuse("the car is out of service"), nil
	}
	return ok(map[string]any{"floor": want.Floor}), []devicesim.Setting{{Signal: "calledFloor", Value: float64(want.Floor)}}
}

func ok(payload any) *devicesim.Answer { return &devicesim.Answer{Status: 200, Payload: payload} }

// refuse answers a call that the car's state does not allow.
func refuse(why string) *devicesim.Answer {
	return &devicesim.Answer{Status: 409, Payload: map[string]any{"error": why}}
}

func (c *controller) alerts() []string {
	names := []string{}
	for _, a := range []*devicesim.Alarm{&c.trip, &c.door, &c.overload, &c.level, &c.rough, &c.motor} {
		if a.Active() {
			names = append(names, a.Name)
		}
	}
	return names
}
