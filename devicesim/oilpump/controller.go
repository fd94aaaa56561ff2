// Package oilpump is the pump-off controller of an oil well with a beam pumping
// unit. Once in a while it samples a dynamometer card at the polished rod,
// computes the pump card from it, and reads the fillage: a pump that does not fill
// is rested. It stops the unit on a parted rod and on a load that is too high,
// and obeys start, stop and setSpeed.
package oilpump

import (
	"fmt"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
	plant "twinrig/twinmodel/oilpump"
)

// ModelID is the DTDL interface the device announces.
const ModelID = "dtmi:com:twinrig:oilpump;1"

const (
	minSpeed   = 2.0 // strokes per minute, the drive's range while running
	maxSpeed   = 12.0
	cardEvery  = time.Minute
	settling   = 45 * time.Second // after a start or another speed, before the next card
	convincing = 2                // cards in a row that say pump-off
)

// Settings are the firmware's defaults, which writable properties override, and
// what the installer enters of the well.
type Settings struct {
	TelemetryInterval time.Duration
	Speed             float64 // strokes per minute
	PumpOffFillage    float64 // %; 0 never rests
	IdleTime          time.Duration
	HighLoadLimit     float64 // kN
	LowLoadLimit      float64 // kN
	Well              plant.Params
}

// DefaultSettings belong to the default well.
func DefaultSettings() Settings {
	return Settings{
		TelemetryInterval: time.Minute, Speed: 8, PumpOffFillage: 75, IdleTime: 20 * time.Minute,
		HighLoadLimit: 60, LowLoadLimit: 31, Well: plant.DefaultParams(),
	}
}

// state of the unit, in the words of the telemetry.
type state string

const (
	pumping state = "pumping"
	resting state = "resting"
	stopped state = "stopped"
)

type controller struct {
	properties                   devicesim.Properties
	telemetry                    devicesim.Schedule
	pumpOff, rodParted, highLoad devicesim.Alarm
	well                         plant.Params
	speed                        float64
	state                        state
	rested                       time.Time // when the rest ends
	card                         time.Time // when the next card is due
	recorder                     recorder
	last                         *analysis // nil before the first card
	empty                        int       // cards in a row that say pump-off
}

// New is the controller as its firmware boots.
func New(s Settings) devicesim.Controller {
	return &controller{
		properties: devicesim.Properties{
			{Name: "telemetryInterval", Value: s.TelemetryInterval.Seconds(), Min: 1, Max: 86400, Unit: "s"},
			{Name: "pumpOffFillage", Value: s.PumpOffFillage, Min: 0, Max: 95, Unit: "%"},
			{Name: "idleTime", Value: s.IdleTime.Seconds(), Min: 60, Max: 86400, Unit: "s"},
			{Name: "highLoadLimit", Value: s.HighLoadLimit, Min: 1, Max: 133, Unit: "kN"},
			{Name: "lowLoadLimit", Value: s.LowLoadLimit, Min: 0, Max: 133, Unit: "kN"},
		},
		pumpOff:   devicesim.Alarm{Name: "pumpOff"},
		rodParted: devicesim.Alarm{Name: "rodParted"},
		highLoad:  devicesim.Alarm{Name: "highLoad"},
		well:      s.Well, speed: s.Speed, state: pumping,
	}
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	before := c.order()
	if in.Boot {
		c.start(in.Time)
		out.Wake, out.Actuate = in.Time, c.actuators()
		return out
	}
	if in.Desired != nil {
		out.Report = c.properties.Apply(in.Desired)
	}
	if in.Call != nil {
		out.Answer = c.answer(in.Time, *in.Call, &out)
	}
	c.telemetry.Every = seconds(c.properties.Get("telemetryInterval"))
	if in.Tick {
		out.Telemetry = append(out.Telemetry, c.supervise(in)...)
		if c.telemetry.Due(in.Time) {
			out.Telemetry = append(out.Telemetry, c.report(in.Readings))
		}
	}
	if c.order() != before {
		out.Actuate = c.actuators()
	}
	out.Wake = c.wake()
	return out
}

// order is what the drive is told.
func (c *controller) order() [2]float64 {
	if c.state == pumping {
		return [2]float64{1, c.speed}
	}
	return [2]float64{0, c.speed}
}

func (c *controller) actuators() []devicesim.Setting {
	o := c.order()
	return []devicesim.Setting{{Signal: "running", Value: o[0]}, {Signal: "targetSpeed", Value: o[1]}}
}

// wake is the next instant at which there is something to do.
func (c *controller) wake() time.Time {
	next := c.telemetry.Next()
	switch {
	case c.state == resting:
		next = devicesim.Earliest(next, c.rested)
	case c.state == pumping && c.recorder.recording():
		next = devicesim.Earliest(next, c.recorder.next())
	case c.state == pumping:
		next = devicesim.Earliest(next, c.card)
	}
	return next
}

// start lets the unit pump, and the next card wait until its strokes repeat.
func (c *controller) start(now time.Time) {
	c.state, c.empty, c.recorder = pumping, 0, recorder{}
	c.card = now.Add(settling)
}

// stop holds the unit; a card under way is lost.
func (c *controller) stop(as state) { c.state, c.recorder = as, recorder{} }

// supervise does what is due: end a rest, sample a card, judge it.
func (c *controller) supervise(in devicesim.Cycle) []link.Message {
	switch c.state {
	case resting:
		if !in.Time.Before(c.rested) {
			c.start(in.Time)
		}
		return nil
	case stopped:
		return nil
	}
	if load := in.Readings["polishedRodLoad"]; load > c.properties.Get("highLoadLimit") {
		return c.overload(in.Time, load)
	}
	if !c.recorder.recording() {
		// Without a stroke there is no card: the drive may have been stopped by its own protection.
		if speed := in.Readings["strokesPerMinute"]; !in.Time.Before(c.card) && speed >= minSpeed/2 {
			c.recorder.start(in.Time, speed)
		} else if !in.Time.Before(c.card) {
			c.card = in.Time.Add(cardEvery)
		}
	}
	if !c.recorder.recording() || in.Time.Before(c.recorder.next()) || !c.recorder.sample(in.Readings) {
		return nil
	}
	c.last = analyse(&c.well, c.recorder.card, c.recorder.period)
	c.card = c.recorder.begin.Add(cardEvery)
	c.recorder = recorder{}
	return c.judge(in.Time)
}

func (c *controller) overload(now time.Time, load float64) []link.Message {
	c.stop(stopped)
	return c.highLoad.Watch(now, true, fmt.Sprintf("%.1f kN at the polished rod, limit %.1f kN: stopped", load, c.properties.Get("highLoadLimit")))
}

// judge acts on a new card.
func (c *controller) judge(now time.Time) []link.Message {
	a, low, off := c.last, c.properties.Get("lowLoadLimit"), c.properties.Get("pumpOffFillage")
	if a.peak < low {
		c.stop(stopped)
		return c.rodParted.Watch(now, true, fmt.Sprintf("peak load %.1f kN, limit %.1f kN: rods parted, stopped", a.peak, low))
	}
	if a.fillage >= off {
		c.empty = 0
		return c.pumpOff.Watch(now, false, fmt.Sprintf("fillage %.0f %%", a.fillage))
	}
	if c.empty++; c.empty < convincing {
		return nil
	}
	idle := seconds(c.properties.Get("idleTime"))
	c.rested = now.Add(idle)
	c.stop(resting)
	return c.pumpOff.Watch(now, true, fmt.Sprintf("fillage %.0f %%, limit %.0f %%: resting for %v", a.fillage, off, idle))
}

func (c *controller) report(r devicesim.Readings) link.Message {
	body := map[string]any{
		"polishedRodPosition": devicesim.Number(r["polishedRodPosition"], 3),
		"polishedRodLoad":     devicesim.Number(r["polishedRodLoad"], 2),
		"strokesPerMinute":    devicesim.Number(r["strokesPerMinute"], 2),
		"tubingPressure":      devicesim.Number(r["tubingPressure"], 2),
		"flowRate":            devicesim.Number(r["flowRate"], 1),
		"motorCurrent":        devicesim.Number(r["motorCurrent"], 1),
		"motorPower":          devicesim.Number(r["motorPower"], 2),
		"running":             c.state == pumping,
		"state":               string(c.state),
	}
	if c.last != nil {
		body["pumpFillage"] = devicesim.Number(c.last.fillage, 1)
		body["peakLoad"] = devicesim.Number(c.last.peak, 1)
		body["minimumLoad"] = devicesim.Number(c.last.low, 1)
	}
	return devicesim.TelemetryMessage(body)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
