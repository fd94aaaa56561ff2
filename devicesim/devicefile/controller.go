package devicefile

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
)

// cycle is how often alert rules are looked at.
const cycle = 10 * time.Second

// controller is a device from a file at work.
type controller struct {
	law     *law
	current []any           // values of the settings
	version map[int]float64 // desired version each was asked for with
	told    bool            // reported since power-on
	paces   []*pace
	look    devicesim.Schedule
	alarms  []*devicesim.Alarm
}

// pace is telemetry that goes out together: one component, one interval.
type pace struct {
	component string
	own       bool
	beat      devicesim.Schedule
	values    []value
}

func (l law) boot() *controller {
	c := &controller{law: &l, version: map[int]float64{}, look: devicesim.Schedule{Every: cycle}}
	for _, s := range l.settings {
		c.current = append(c.current, s.initial)
	}
	for _, v := range l.values {
		p := c.pace(v)
		p.values = append(p.values, v)
	}
	for _, r := range l.alerts {
		c.alarms = append(c.alarms, &devicesim.Alarm{Name: r.name, Delay: r.delay})
	}
	return c
}

func (c *controller) pace(v value) *pace {
	for _, p := range c.paces {
		if p.component == v.element.Component && p.own == v.ownPace && (!p.own || p.beat.Every == v.every) {
			return p
		}
	}
	p := &pace{component: v.element.Component, own: v.ownPace, beat: devicesim.Schedule{Every: v.every}}
	c.paces = append(c.paces, p)
	return p
}

// Decide implements devicesim.Controller.
func (c *controller) Decide(in devicesim.Cycle) (out devicesim.Actions) {
	if in.Boot {
		out.Actuate, out.Wake = c.actuators(), in.Time
		return out
	}
	if in.Desired != nil {
		out.Report = c.desired(in.Desired)
		out.Actuate = c.actuators()
	}
	if in.Call != nil {
		c.call(in.Call, &out)
	}
	interval := c.interval()
	for _, p := range c.paces {
		if !p.own {
			p.beat.Every = interval
		}
	}
	if in.Tick {
		c.tick(in, &out)
	}
	out.Wake = c.next()
	return out
}

// next is when to wake; zero before the first tick, which leaves it as it is.
func (c *controller) next() time.Time {
	var wake time.Time
	for _, p := range c.paces {
		if t := p.beat.Next(); wake.IsZero() || t.Before(wake) {
			wake = t
		}
	}
	if len(c.alarms) > 0 && (wake.IsZero() || c.look.Next().Before(wake)) {
		wake = c.look.Next()
	}
	return wake
}

// interval is the telemetry interval in force.
func (c *controller) interval() time.Duration {
	for i, s := range c.law.settings {
		if s.interval {
			if v, err := s.channel.Decode(c.current[i]); err == nil {
				return time.Duration(v * float64(time.Second))
			}
		}
	}
	return c.law.every
}

func (c *controller) actuators() (out []devicesim.Setting) {
	for i, s := range c.law.settings {
		if s.channel == nil || s.interval {
			continue
		}
		if v, err := s.channel.Decode(c.current[i]); err == nil {
			out = append(out, devicesim.Setting{Signal: s.channel.Signal.Name, Value: v})
		}
	}
	return out
}

// tick sends what is due.
func (c *controller) tick(in devicesim.Cycle, out *devicesim.Actions) {
	if len(c.alarms) > 0 && c.look.Due(in.Time) {
		for i, a := range c.alarms {
			r := &c.law.alerts[i]
			v := in.Readings[r.signal.Name]
			out.Telemetry = append(out.Telemetry, a.Watch(in.Time, r.holds(v, a.Active()), r.text(v))...)
		}
	}
	for _, p := range c.paces {
		if p.beat.Due(in.Time) {
			if m, ok := p.message(in.Readings); ok {
				out.Telemetry = append(out.Telemetry, m)
			}
		}
	}
}

func (r *rule) text(v float64) string {
	if i := int(math.Round(v)); r.signal.States != nil && i >= 0 && i < len(r.signal.States) {
		return r.signal.Label + " is " + r.signal.States[i]
	}
	return fmt.Sprintf("%s at %.4g %s, limit %.4g %s", r.signal.Label, v, r.signal.Unit, r.limit, r.signal.Unit)
}

// message is one telemetry message. A reading that the model cannot hold is left
// out of it: the interface is a promise.
func (p *pace) message(r devicesim.Readings) (link.Message, bool) {
	body := map[string]any{}
	for _, v := range p.values {
		value, err := v.now(r)
		if err != nil {
			continue
		}
		if v.element.Field == "" {
			body[v.element.Name] = value
			continue
		}
		object, _ := body[v.element.Name].(map[string]any)
		if object == nil {
			object = map[string]any{}
			body[v.element.Name] = object
		}
		object[v.element.Field] = value
	}
	m := devicesim.TelemetryMessage(body)
	m.Component = p.component
	return m, len(body) > 0
}

// now is the value as it goes on the wire.
func (v *value) now(r devicesim.Readings) (any, error) {
	switch {
	case v.channel != nil:
		return v.channel.Encode(r[v.channel.Signal.Name])
	case v.chance != nil:
		return v.chance.draw()
	}
	return v.constant, nil
}

// call serves a direct method.
func (c *controller) call(call *devicesim.Call, out *devicesim.Actions) {
	var known []string
	for _, o := range c.law.orders {
		if o.method == call.Name {
			out.Answer = c.obey(o, call.Payload, out)
			return
		}
		known = append(known, o.method)
	}
	out.Answer = devicesim.UnknownMethod(call.Name, known...)
}

func (c *controller) obey(o order, payload json.RawMessage, out *devicesim.Actions) *devicesim.Answer {
	if o.request != nil {
		if err := o.request.Schema.Check(payload); err != nil {
			return devicesim.BadRequest("%s: %v", o.method, err)
		}
	}
	if o.property >= 0 {
		s := &c.law.settings[o.property]
		var v any
		err := json.Unmarshal(payload, &v)
		if err == nil {
			err = s.legal(v)
		}
		if err != nil {
			return devicesim.BadRequest("%s: %v", o.method, err)
		}
		c.current[o.property] = v
		out.Report = report(nil, s, v)
		out.Actuate = c.actuators()
	}
	out.Actuate = append(out.Actuate, o.set...)
	a := &devicesim.Answer{Status: 200}
	if o.answer != nil {
		a.Payload = o.answer
	}
	return a
}
