package devicefile

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

func (l *loader) properties() error {
	for _, path := range slices.Sorted(maps.Keys(l.file.Properties)) {
		p, here := l.file.Properties[path], at("properties", path)
		e, err := binding.Find(l.model, dtdl.Property, path)
		if err == nil && e.Field != "" {
			err = fmt.Errorf("bind the whole property %s", e.Name)
		}
		if err != nil {
			return l.wrong(here, "%w", err)
		}
		s := setting{element: e, interval: p.Interval, min: math.Inf(-1), max: math.Inf(1)}
		if p.Min != nil {
			s.min = *p.Min
		}
		if p.Max != nil {
			s.max = *p.Max
		}
		if err := l.behind(here, p, &s); err != nil {
			return err
		}
		if p.Value == nil {
			return l.wrong(here, "no value; give what holds until the service asks for something else")
		}
		if s.initial, err = plain(p.Value); err == nil {
			err = s.legal(s.initial)
		}
		if err != nil {
			return l.wrong(here, "value: %w", err)
		}
		if p.Interval && l.file.Every != "" {
			return l.wrong(here, "the interval comes from every already; leave one of them out")
		}
		l.law.settings = append(l.law.settings, s)
	}
	return nil
}

// behind finds what a property acts on.
func (l *loader) behind(place []string, p property, s *setting) (err error) {
	sig := twinmodel.Signal{Name: "interval", Label: "telemetry interval", Quantity: twinmodel.Time, Unit: "s", Min: 1, Max: 366 * 86400}
	switch {
	case p.Interval && p.Signal != "":
		return l.wrong(place, "a property is the interval or acts on a signal, not both")
	case p.Signal != "":
		if sig, err = l.input(place, p.Signal); err != nil {
			return err
		}
		if sig.Direction != twinmodel.Actuator {
			return l.wrong(place, "%s is set by the surroundings, not by the device", sig.Label)
		}
	case !p.Interval:
		return nil
	}
	if s.channel, err = binding.Bind(s.element, sig, p.Unit, binding.Digits); err != nil {
		return l.wrong(place, "%w", err)
	}
	return nil
}

// plain is a YAML value as encoding/json would decode it.
func plain(v any) (out any, err error) {
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

func (l *loader) alerts() error {
	for _, name := range slices.Sorted(maps.Keys(l.file.Alerts)) {
		a, here := l.file.Alerts[name], at("alerts", name)
		for _, field := range alertFields {
			if _, ok := l.model.Content(dtdl.Telemetry, field); !ok {
				return l.wrong(here, "alerts are sent as telemetry alert (string), active (boolean) and text (string), but %s has no %s; extend the model or take the alerts out", l.model.ID, field)
			}
		}
		sig, err := l.signal(here, a.Signal)
		if err != nil {
			return err
		}
		r := rule{name: name, signal: sig, hysteresis: a.Hysteresis}
		text := a.Above + a.Below + a.Is
		switch {
		case a.Above != "" && a.Below == "" && a.Is == "":
			r.side = 1
		case a.Below != "" && a.Above == "" && a.Is == "":
			r.side = -1
		case a.Is == "" || a.Above != "" || a.Below != "":
			return l.wrong(here, "give one of above, below and is")
		}
		if r.limit, err = sig.Resolve(text); err != nil {
			return l.wrong(here, "%w", err)
		}
		if a.Hysteresis < 0 || math.IsNaN(a.Hysteresis) {
			return l.wrong(here, "hysteresis %g is negative", a.Hysteresis)
		}
		if err := l.duration(here, a.For, 0, &r.delay); err != nil {
			return err
		}
		if err := l.instrument(here, sig, nil); err != nil {
			return err
		}
		l.law.alerts = append(l.law.alerts, r)
	}
	return nil
}

func (l *loader) commands() error {
	for _, path := range slices.Sorted(maps.Keys(l.file.Commands)) {
		c, here := l.file.Commands[path], at("commands", path)
		content, component, err := l.command(path)
		if err != nil {
			return l.wrong(here, "%w", err)
		}
		o := order{method: content.Name, request: content.Request}
		if component != "" {
			o.method = component + "*" + content.Name
		}
		if o.set, err = l.settings(at("commands", path, "set"), c.Set); err != nil {
			return err
		}
		if c.Property != "" {
			if o.property = l.law.setting(c.Property); o.property < 0 || content.Request == nil {
				return l.wrong(here, "property %q: it must stand under properties, and the command must have a request", c.Property)
			}
		} else {
			o.property = -1
		}
		if c.Answer != nil && content.Response == nil {
			return l.wrong(here, "the model gives %s no response; take the answer out", content.Name)
		}
		if content.Response != nil {
			text, err := json.Marshal(c.Answer)
			if err == nil {
				err = content.Response.Schema.Check(text)
			}
			if err != nil {
				return l.wrong(here, "answer: %w", err)
			}
			o.answer = text
		}
		l.law.orders = append(l.law.orders, o)
	}
	return nil
}

func (l *loader) command(path string) (*dtdl.Content, string, error) {
	e, err := binding.Find(l.model, dtdl.Command, path)
	if err != nil {
		return nil, "", err
	}
	m := l.model
	if e.Component != "" {
		m = m.Components[e.Component]
	}
	c, _ := m.Content(dtdl.Command, e.Name)
	return c, e.Component, nil
}
