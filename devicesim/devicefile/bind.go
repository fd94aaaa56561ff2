package devicefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

func names(list []string) string { return strings.Join(list, ", ") }

// signal finds a signal of the plant by label or name.
func (l *loader) signal(place []string, text string) (twinmodel.Signal, error) {
	var labels []string
	for _, s := range l.spec.Signals {
		if strings.EqualFold(s.Label, text) || s.Name == text {
			return s, nil
		}
		labels = append(labels, s.Label)
	}
	return twinmodel.Signal{}, l.wrong(place, "a %s has no signal %q; it has %s", l.spec.Title, text, names(labels))
}

// input is signal for one that can be set.
func (l *loader) input(place []string, text string) (twinmodel.Signal, error) {
	s, err := l.signal(place, text)
	if err == nil && s.Direction == twinmodel.Output {
		err = l.wrong(place, "%s cannot be set; it is what the plant makes of its inputs", s.Label)
	}
	return s, err
}

// settings reads values for inputs.
func (l *loader) settings(place []string, values map[string]string) ([]devicesim.Setting, error) {
	var out []devicesim.Setting
	for _, name := range slices.Sorted(maps.Keys(values)) {
		here := append(slices.Clone(place), name)
		s, err := l.input(here, name)
		if err != nil {
			return nil, err
		}
		v, err := s.Resolve(values[name])
		if err != nil {
			return nil, l.wrong(here, "%w", err)
		}
		if v < s.Min || v > s.Max {
			return nil, l.wrong(here, "%s is outside the range of %s: %g to %g %s", values[name], s.Label, s.Min, s.Max, s.Unit)
		}
		out = append(out, devicesim.Setting{Signal: s.Name, Value: v})
	}
	return out, nil
}

func (l *loader) inputs() error {
	set, err := l.settings(at("inputs"), l.file.Inputs)
	if err != nil {
		return err
	}
	bare := l.build
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) {
		p, err := bare(in)
		if err != nil {
			return nil, err
		}
		if err := apply(p, set); err != nil {
			return nil, errors.Join(err, twinmodel.Close(p))
		}
		return p, nil
	}
	if err := apply(l.trial, set); err != nil {
		return l.wrong(at("inputs"), "%w", err)
	}
	return nil
}

func apply(p twinmodel.Plant, settings []devicesim.Setting) error {
	for _, s := range settings {
		if err := p.Set(s.Signal, s.Value); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) telemetry() error {
	for _, path := range slices.Sorted(maps.Keys(l.file.Telemetry)) {
		src := l.file.Telemetry[path]
		here := at("telemetry", path)
		e, err := binding.Find(l.model, dtdl.Telemetry, path)
		if err != nil {
			return l.wrong(here, "%w", err)
		}
		v := value{element: e, ownPace: src.Every != "", every: l.law.every}
		if err := l.duration(at("telemetry", path, "every"), src.Every, time.Second, &v.every); err != nil {
			return err
		}
		switch {
		case !src.single():
			return l.wrong(here, "give one of signal, constant and random; a value the device does not send goes under absent")
		case src.Random != nil:
			v.chance, err = l.chance(here, e, src.Random, src)
		case src.Constant != nil:
			v.constant, err = l.constant(here, e, src.Constant)
		default:
			v.channel, err = l.channel(here, e, src)
		}
		if err != nil {
			return err
		}
		l.law.values = append(l.law.values, v)
	}
	return nil
}

// single reports whether a value comes from one place.
func (s *source) single() bool {
	n := 0
	for _, given := range []bool{s.Signal != "", s.Constant != nil, s.Random != nil} {
		if given {
			n++
		}
	}
	return n == 1
}

// constant holds a fixed value to the element's schema.
func (l *loader) constant(place []string, e binding.Element, v any) (json.RawMessage, error) {
	text, err := json.Marshal(v)
	if err == nil {
		err = e.Schema.Check(text)
	}
	if err != nil {
		return nil, l.wrong(place, "%s: %w", e, err)
	}
	return text, nil
}

func (l *loader) channel(place []string, e binding.Element, src source) (*binding.Channel, error) {
	sig, err := l.signal(place, src.Signal)
	if err != nil {
		return nil, err
	}
	decimals := binding.Digits
	if src.Decimals != nil {
		decimals = *src.Decimals
	}
	if decimals < binding.Digits || decimals > 15 {
		return nil, l.wrong(place, "%d decimals; write 0 to 15", decimals)
	}
	c, err := binding.Bind(e, sig, src.Unit, decimals)
	if err != nil {
		return nil, l.wrong(place, "%w", err)
	}
	return c, l.instrument(place, sig, src.Sensor)
}

// instrument puts a sensor on a signal: the one given, that of the shipped
// device, or an ideal one.
func (l *loader) instrument(place []string, sig twinmodel.Signal, s *sensor) error {
	known := slices.IndexFunc(l.kind.Sensors, func(k devicesim.SensorSpec) bool { return k.Signal == sig.Name })
	if s == nil {
		if known < 0 {
			l.kind.Sensors = append(l.kind.Sensors, devicesim.SensorSpec{Signal: sig.Name, Spec: l.usual(sig.Name)})
		}
		return nil
	}
	spec := twinmodel.InstrumentSpec{Gain: 1, Bias: s.Bias, Noise: s.Noise, Resolution: s.Resolution, Min: s.Min, Max: s.Max}
	if s.Gain != nil {
		spec.Gain = *s.Gain
	}
	if err := l.duration(place, s.Lag, 0, &spec.Lag); err != nil {
		return err
	}
	if err := spec.Validate(); err != nil {
		return l.wrong(place, "%w", err)
	}
	if known >= 0 && l.kind.Sensors[known].Spec != spec {
		return l.wrong(place, "%s has another sensor already; give the sensor once, at the first in the alphabet", sig.Label)
	}
	if known < 0 {
		l.kind.Sensors = append(l.kind.Sensors, devicesim.SensorSpec{Signal: sig.Name, Spec: spec})
	}
	return nil
}

func (l *loader) usual(signal string) twinmodel.InstrumentSpec {
	if l.base != nil {
		for _, s := range l.base.Sensors {
			if s.Signal == signal {
				return s.Spec
			}
		}
	}
	return twinmodel.IdealInstrument
}

// complete finds telemetry and commands of the model that nothing is bound to.
func (l *loader) complete() error {
	absent := map[string]bool{}
	for _, path := range l.file.Absent {
		if l.model.Components[path] == nil && !slices.Contains(l.elements(l.model, ""), path) {
			return l.wrong(at("absent"), "%s has no element %q", l.model.ID, path)
		}
		absent[path] = true
	}
	var unbound []string
	for _, path := range l.elements(l.model, "") {
		if !absent[path] && !l.bound(path) {
			unbound = append(unbound, path)
		}
	}
	if len(unbound) > 0 {
		return l.wrong(at("telemetry"), "%s has %s, which nothing is bound to; bind them to a signal, a constant or something random, or list them under absent", l.model.ID, names(unbound))
	}
	return nil
}

// elements are the paths of everything the device could send or be asked.
func (l *loader) elements(m *dtdl.Model, prefix string) (out []string) {
	for _, c := range m.Contents {
		switch c.Kind {
		case dtdl.Telemetry, dtdl.Property, dtdl.Command:
			out = append(out, prefix+c.Name)
		case dtdl.Component:
			if inner := m.Components[c.Name]; prefix == "" && inner != nil {
				out = append(out, l.elements(inner, c.Name+"/")...)
			}
		}
	}
	return out
}

func (l *loader) bound(path string) bool {
	_, property := l.file.Properties[path]
	_, command := l.file.Commands[path]
	for name := range l.file.Telemetry {
		if first, _, _ := strings.Cut(name, "."); first == path {
			return true
		}
	}
	component, _, ok := strings.Cut(path, "/")
	return property || command || len(l.law.alerts) > 0 && slices.Contains(alertFields, path) || ok && slices.Contains(l.file.Absent, component)
}

var alertFields = []string{"alert", "active", "text"}

// finish puts the kind together.
func (l *loader) finish() *devicesim.Kind {
	k := l.kind
	k.Name, k.Title, k.Example, k.ModelID = l.file.Device, l.file.Device, "device-1", l.model.ID
	k.Options = []devicesim.Option{{Name: "reports every", Quantity: twinmodel.Time, Unit: "s"}}
	build, law := l.build, l.law
	k.Build = func(in devicesim.Instance) (twinmodel.Plant, func() devicesim.Controller, error) {
		p, err := build(in)
		if err != nil {
			return nil, nil, fmt.Errorf("device %s: %w", k.Name, err)
		}
		own, err := law.forDevice(in.Stream).reporting(in)
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("device %s: %w", k.Name, err), twinmodel.Close(p))
		}
		return p, func() devicesim.Controller { return own.boot() }, nil
	}
	return &k
}
