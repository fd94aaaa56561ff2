package devicefile

import (
	"maps"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	"twinrig/twinmodel/fmi"
)

// imported makes the plant of an FMU.
func (l *loader) imported() error {
	here, f := at("plant", "fmu"), &l.file.Plant
	if len(l.file.Options) > 0 {
		return l.wrong(at("options"), "an FMU has no options; write its start values under plant: start:")
	}
	if l.options.FMUHost == nil {
		return l.wrong(here, "FMUs cannot run here: there is no process to run them in")
	}
	path := l.beside(f.FMU)
	if _, err := os.Stat(path); err != nil {
		return l.wrong(here, "%s is not there; its path counts from the device file", f.FMU)
	}
	description, err := fmi.Describe(path)
	if err != nil {
		return l.wrong(here, "%w", err)
	}
	o := fmi.Options{Host: l.options.FMUHost}
	if err := l.duration(at("plant", "step"), f.Step, time.Millisecond, &o.Step); err != nil {
		return err
	}
	if o.Values, err = l.startValues(description); err != nil {
		return err
	}
	if o.Bindings, err = l.variables(description); err != nil {
		return err
	}
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) {
		own := o
		own.Start = in.Start
		return fmi.Open(path, own)
	}
	return nil
}

// startValues reads the values variables begin with, in their units.
func (l *loader) startValues(d *fmi.Description) (map[string]float64, error) {
	values := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(l.file.Plant.Start)) {
		here := at("plant", "start", name)
		v, err := d.Variable(name)
		if err == nil {
			values[name], err = v.Resolve(l.file.Plant.Start[name])
		}
		if err != nil {
			return nil, l.wrong(here, "%w", err)
		}
	}
	return values, nil
}

// variables binds the signals of the file to variables; nil when it has none,
// which makes every variable a signal under its own name.
func (l *loader) variables(d *fmi.Description) (out []fmi.Binding, err error) {
	for _, label := range slices.Sorted(maps.Keys(l.file.Plant.Signals)) {
		f, here := l.file.Plant.Signals[label], at("plant", "signals", label)
		s := twinmodel.Signal{Name: camel(label), Label: label, Unit: f.Unit, States: f.States, Fault: f.Fault, Direction: twinmodel.Environment}
		switch {
		case s.Name == "":
			return nil, l.wrong(here, "a signal is called by letters and digits")
		case f.Variable == "":
			return nil, l.wrong(here, "no variable; say which variable of the FMU it is: variable: x")
		case f.Actuator && f.Fault:
			return nil, l.wrong(here, "the device does not set its own faults; leave out actuator or fault")
		case (f.Min == nil) != (f.Max == nil):
			return nil, l.wrong(here, "a range has min and max")
		}
		if f.Actuator {
			s.Direction = twinmodel.Actuator
		}
		if f.Min != nil {
			s.Min, s.Max = *f.Min, *f.Max
		}
		b := fmi.Binding{Variable: f.Variable, Signal: s}
		if err := d.Check(b); err != nil {
			return nil, l.wrong(here, "%w", err)
		}
		out = append(out, b)
	}
	return out, nil
}

// camel is a label as a name: "box temperature" is boxTemperature.
func camel(label string) string {
	words := strings.FieldsFunc(label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		if i > 0 {
			words[i] = string(unicode.ToUpper(r)) + w[size:]
		} else {
			words[i] = string(unicode.ToLower(r)) + w[size:]
		}
	}
	return strings.Join(words, "")
}
