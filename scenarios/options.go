package scenarios

import (
	"fmt"
	"strings"
	"time"

	"twinrig/devicesim"
	"twinrig/twinmodel"
)

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
	d, err := twinmodel.ParseDuration(text)
	if err != nil {
		return usage(fmt.Errorf("%s: %w", name, err), "write | %s | 5 minutes |", name)
	}
	*into = d
	return nil
}

// chosen takes the rows that name an option.
func (o *options) chosen(allowed []devicesim.Option) (map[string]float64, error) {
	out := map[string]float64{}
	for _, a := range allowed {
		text, ok := o.take(a.Name)
		if !ok {
			continue
		}
		v, err := optionValue(text, a)
		if err != nil {
			return nil, err
		}
		out[a.Name] = v
	}
	return out, nil
}

func optionValue(text string, a devicesim.Option) (float64, error) {
	if a.Quantity == twinmodel.Time {
		d, err := duration(text)
		return d.Seconds(), err
	}
	return convert(text, a.Signal())
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
	q, err := twinmodel.ParseMeasure(text)
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
