package scenarios

import (
	"fmt"
	"strings"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/link"
	"twinrig/twinmodel"
)

// kind is a kind of device a scenario can have.
type kind struct {
	title   string // "refrigeration truck", as steps call it
	example string // a device id for examples
	modelID string
	sensors []sensor
	// build makes plant and controller of one device. Options are what the
	// scenario asks for, by the row's name; build takes out those it knows.
	build func(start time.Time, o *options) (twinmodel.Plant, func() devicesim.Controller, error)
}

// sensor is an instrument the device is built with.
type sensor struct {
	signal string
	spec   twinmodel.InstrumentSpec
}

var kinds = []kind{refrigerationTruck, pumpingStation}

// add makes a device, registers it at the hub and switches it on.
func (w *World) add(k kind, id string, rows [][2]string) error {
	if _, ok := w.devices[id]; ok {
		return usage(fmt.Errorf("there is a device %q already", id), "give each device an id of its own")
	}
	o := &options{rows: rows}
	protocol, err := o.choice("protocol", "MQTT 5", "MQTT 3.1.1")
	if err != nil {
		return err
	}
	plant, controller, err := k.build(time.Now(), o)
	if err != nil {
		return err
	}
	if err := o.inputs(plant); err != nil {
		return err
	}
	sensors, err := instruments(k.sensors, w.seed, id)
	if err != nil {
		return &rigError{err}
	}
	key, err := w.register(id)
	if err != nil {
		return err
	}
	a := &asset{kind: k, spec: plant.Spec(), access: &access{}}
	a.access.dial = w.dialer(id)
	config := link.Config{HostName: w.rig.server.Hub().HostName(), DeviceID: id, Key: key, ModelID: k.modelID, TokenTTL: tokenTTL}
	a.Device, err = devicesim.New(devicesim.Config{
		ID: id, Seed: mix(w.seed, id), Plant: plant, Controller: controller,
		Sensors: sensors,
		Dial:    a.access.Dial,
		Link: func(dial devicesim.Dialer) link.Link {
			c := config
			c.Dial = dial
			if protocol == "MQTT 3.1.1" {
				return link.NewMQTT311(c)
			}
			return link.NewMQTT5(c)
		},
		Record: w.chronicle.add,
	})
	if err != nil {
		return &rigError{err}
	}
	w.devices[id], w.order = a, append(w.order, id)
	return a.PowerOn()
}

// tokenTTL is long enough that a day's scenario is not interrupted by renewals;
// scenarios about tokens set their own.
const tokenTTL = 48 * time.Hour

func instruments(sensors []sensor, seed uint64, device string) ([]devicesim.Sensor, error) {
	var out []devicesim.Sensor
	for _, s := range sensors {
		instrument, err := twinmodel.NewInstrument(s.spec, twinmodel.Stream(seed, device, s.signal))
		if err != nil {
			return nil, fmt.Errorf("sensor %s: %w", s.signal, err)
		}
		out = append(out, devicesim.Sensor{Signal: s.signal, Instrument: instrument})
	}
	return out, nil
}

// options are the rows of the table that introduces a device.
type options struct{ rows [][2]string }

// take removes a row by name.
func (o *options) take(name string) (string, bool) {
	for i, row := range o.rows {
		if strings.EqualFold(row[0], name) {
			o.rows = append(o.rows[:i:i], o.rows[i+1:]...)
			return row[1], true
		}
	}
	return "", false
}

// choice takes a row that allows certain words only; the first is the default.
func (o *options) choice(name string, allowed ...string) (string, error) {
	text, ok := o.take(name)
	if !ok {
		return allowed[0], nil
	}
	for _, a := range allowed {
		if strings.EqualFold(a, text) {
			return a, nil
		}
	}
	return "", usage(fmt.Errorf("%s %q is not known", name, text), "write %s", strings.Join(allowed, " or "))
}

// duration takes a row that holds a duration.
func (o *options) duration(name string, into *time.Duration) error {
	text, ok := o.take(name)
	if !ok {
		return nil
	}
	d, err := ParseDuration(text)
	if err != nil {
		return usage(fmt.Errorf("%s: %w", name, err), "write | %s | 5 minutes |", name)
	}
	*into = d
	return nil
}

// quantity takes a row that holds a quantity in the measure of sig.
func (o *options) quantity(name string, sig twinmodel.Signal, into *float64) error {
	text, ok := o.take(name)
	if !ok {
		return nil
	}
	sig.Label = name
	v, err := convert(text, sig)
	if err == nil {
		*into = v
	}
	return err
}

// inputs sets the plant's inputs by the rows that are left: each names one.
func (o *options) inputs(plant twinmodel.Plant) error {
	for _, row := range o.rows {
		sig, err := input(plant.Spec(), row[0])
		if err != nil {
			return err
		}
		v, err := convert(row[1], sig)
		if err != nil {
			return err
		}
		if err := set(plant, sig, v); err != nil {
			return err
		}
	}
	return nil
}

// convert reads a quantity in the unit of a signal, or the name of a state.
func convert(text string, sig twinmodel.Signal) (float64, error) {
	for i, state := range sig.States {
		if strings.EqualFold(state, strings.TrimSpace(text)) {
			return float64(i), nil
		}
	}
	if sig.States != nil {
		return 0, usage(fmt.Errorf("%s cannot be %q", sig.Label, text), "it is one of %s", strings.Join(sig.States, ", "))
	}
	q, err := ParseQuantity(text)
	if err != nil {
		return 0, usage(err, "%s is a %s in %s", sig.Label, sig.Quantity, sig.Unit)
	}
	v, err := q.In(sig)
	if err != nil {
		return 0, usage(err, "for example: %g %s", sig.Initial, sig.Unit)
	}
	return v, nil
}

// input finds an input of the plant by its label.
func input(spec *twinmodel.Spec, label string) (twinmodel.Signal, error) {
	var labels []string
	for _, s := range spec.Signals {
		if s.Direction != twinmodel.Environment {
			continue
		}
		if strings.EqualFold(s.Label, label) {
			return s, nil
		}
		labels = append(labels, s.Label)
	}
	return twinmodel.Signal{}, usage(fmt.Errorf("a %s has no %q to set", spec.Title, label), "it has: %s", strings.Join(labels, ", "))
}

// signal finds any signal of the plant by its label.
func signal(spec *twinmodel.Spec, label string) (twinmodel.Signal, error) {
	var labels []string
	for _, s := range spec.Signals {
		if strings.EqualFold(s.Label, label) {
			return s, nil
		}
		labels = append(labels, s.Label)
	}
	return twinmodel.Signal{}, usage(fmt.Errorf("a %s has no signal %q", spec.Title, label), "it has: %s", strings.Join(labels, ", "))
}
