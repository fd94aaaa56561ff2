package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// Check holds a kind of device to its interface: the text is sound, telemetry
// that bears a signal's name has its dimension, unit and states, sensors are on
// signals, and a trial run of the controller sends and takes exactly what the
// interface has.
func Check(k *devicesim.Kind) (*dtdl.Model, error) {
	m, err := check(k)
	if err != nil {
		return nil, fmt.Errorf("kind %s: %w", k.Name, err)
	}
	return m, nil
}

func check(k *devicesim.Kind) (*dtdl.Model, error) {
	if k.DTDL == "" {
		return nil, errors.New("no DTDL interface; set Kind.DTDL")
	}
	m, err := (&dtdl.Repository{Known: map[string]string{k.ModelID: k.DTDL}}).Load(k.ModelID)
	if err != nil {
		return nil, err
	}
	start := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	plant, controller, err := k.Build(devicesim.Instance{ID: k.Example, Start: start, Seed: 1})
	if err != nil {
		return nil, err
	}
	for _, s := range k.Sensors {
		if _, ok := plant.Spec().Signal(s.Signal); !ok {
			return nil, fmt.Errorf("sensor on %q, which is no signal of the plant", s.Signal)
		}
	}
	for _, c := range m.Of(dtdl.Telemetry) {
		if err := telemetry(plant.Spec(), c); err != nil {
			return nil, err
		}
	}
	t := &trial{model: m, plant: plant, controller: controller(), at: start}
	if t.sensors, err = k.Instruments(1, k.Example); err != nil {
		return nil, err
	}
	return m, t.run()
}

// telemetry checks an element against the signal whose name it bears.
func telemetry(spec *twinmodel.Spec, c *dtdl.Content) error {
	sig, ok := spec.Signal(c.Name)
	if !ok {
		return nil
	}
	b, err := Bind(Element{Name: c.Name, Unit: c.Unit, Schema: c.Schema}, sig, "", Digits)
	if err != nil {
		return err
	}
	if b.unit != sig.Unit && sig.States == nil {
		return fmt.Errorf("telemetry %s is in %s, but the controller reads the signal in %s", c.Name, c.Unit, sig.Unit)
	}
	if c.Unit == "" && sig.States == nil && dtdl.HasUnit(sig.Unit) && twinmodel.UnitQuantity(sig.Unit) != twinmodel.Ratio {
		return fmt.Errorf("telemetry %s has no unit; the signal is in %s", c.Name, sig.Unit)
	}
	return nil
}

// trial is a device on the bench: it runs for a while and everything it sends is
// held to the model.
type trial struct {
	model      *dtdl.Model
	plant      twinmodel.Plant
	controller devicesim.Controller
	sensors    []devicesim.Sensor
	at         time.Time
	sent       []string // telemetry and properties by name
}

// trialLength is long enough for the slowest telemetry interval in use.
const trialLength = 2 * time.Hour

func (t *trial) run() error {
	wake, err := t.cycle(devicesim.Cycle{Boot: true})
	if err != nil {
		return err
	}
	if _, err := t.cycle(devicesim.Cycle{Online: true, Desired: map[string]any{"$version": 1.0}}); err != nil {
		return err
	}
	for end := t.at.Add(trialLength); !wake.IsZero() && wake.Before(end); {
		t.at = wake
		if wake, err = t.cycle(devicesim.Cycle{Online: true, Tick: true}); err != nil {
			return err
		}
		if !wake.After(t.at) {
			return fmt.Errorf("the controller wants to wake at %s for ever", t.at.Format(time.RFC3339))
		}
	}
	for _, c := range t.model.Of(dtdl.Command) {
		if _, err := t.cycle(devicesim.Cycle{Online: true, Call: &devicesim.Call{Name: c.Name}}); err != nil {
			return err
		}
	}
	return t.complete()
}

// cycle runs the controller once.
func (t *trial) cycle(c devicesim.Cycle) (time.Time, error) {
	if err := t.plant.Advance(t.at); err != nil {
		return time.Time{}, err
	}
	c.Time, c.Readings = t.at, devicesim.Readings{}
	for _, s := range t.sensors {
		truth, err := t.plant.Value(s.Signal)
		if err != nil {
			return time.Time{}, err
		}
		c.Readings[s.Signal] = s.Instrument.Read(t.at, truth)
	}
	out := t.controller.Decide(c)
	for _, s := range out.Actuate {
		if err := t.plant.Set(s.Signal, s.Value); err != nil {
			return time.Time{}, err
		}
	}
	return out.Wake, t.judge(c, out)
}

// judge holds what the controller did to the model.
func (t *trial) judge(c devicesim.Cycle, out devicesim.Actions) error {
	for _, m := range out.Telemetry {
		if err := t.model.CheckTelemetry(m.Component, m.Body); err != nil {
			return err
		}
		t.note(m.Body)
	}
	if len(out.Report) > 0 {
		patch, err := json.Marshal(out.Report)
		if err != nil {
			return fmt.Errorf("reported properties: %w", err)
		}
		if err := t.model.CheckReported(patch); err != nil {
			return err
		}
		t.note(patch)
	}
	if c.Call == nil {
		return nil
	}
	return t.answer(c.Call.Name, out.Answer)
}

// answer holds a command's answer to the model. What a command needs a payload
// for may be refused without one.
func (t *trial) answer(name string, a *devicesim.Answer) error {
	switch {
	case a == nil || a.Status == 404:
		return fmt.Errorf("the controller does not have the command %s of its interface", name)
	case a.Status >= 300:
		return nil
	}
	command, _ := t.model.Content(dtdl.Command, name)
	if command.Response == nil || a.Payload == nil {
		return nil
	}
	text, err := json.Marshal(a.Payload)
	if err == nil {
		err = command.Response.Schema.Check(text)
	}
	if err != nil {
		return fmt.Errorf("answer of %s: %w", name, err)
	}
	return nil
}

func (t *trial) note(body []byte) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) == nil {
		for name := range fields {
			t.sent = append(t.sent, name)
		}
	}
}

// alertFields are what devicesim.AlertMessage sends; a trial raises no alert.
var alertFields = []string{"alert", "active", "text"}

// complete finds elements of the interface that nothing is bound to.
func (t *trial) complete() error {
	for _, c := range t.model.Contents {
		if (c.Kind == dtdl.Telemetry || c.Kind == dtdl.Property) && !slices.Contains(t.sent, c.Name) && !slices.Contains(alertFields, c.Name) {
			return fmt.Errorf("%s %s is in the interface, but the controller never sends it", c.Kind, c.Name)
		}
	}
	return nil
}
