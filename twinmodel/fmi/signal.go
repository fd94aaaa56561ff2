package fmi

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"twinrig/twinmodel"
)

// Binding makes a signal of a variable. What Signal leaves out the variable
// says: unit, range (when Min and Max are both 0), initial value, doc.
// Direction is Actuator or Environment for inputs and is not looked at for
// outputs. A unit other than the variable's is converted.
type Binding struct {
	Variable string
	Signal   twinmodel.Signal
}

// declare makes signals of the variables: inputs first.
func (p *Plant) declare(o Options) error {
	p.spec = twinmodel.Spec{Kind: "fmu:" + p.description.Identifier, Title: p.description.Name, Sources: []string{"FMU " + p.description.Name}}
	bindings := o.Bindings
	if bindings == nil {
		bindings = p.description.everything(o.Locals)
	}
	var outputs []Binding
	for _, b := range bindings {
		v, err := p.description.Variable(b.Variable)
		if err == nil && v.settable() {
			err = p.add(v, b)
		} else if err == nil {
			outputs = append(outputs, b)
		}
		if err != nil {
			return fmt.Errorf("signal %s: %w", b.Signal.Name, err)
		}
	}
	p.inputs = make([]float64, len(p.variables))
	for i, s := range p.spec.Signals {
		p.inputs[i] = s.Initial
	}
	for _, b := range outputs {
		v, _ := p.description.Variable(b.Variable)
		b.Signal.Direction = twinmodel.Output
		if err := p.add(v, b); err != nil {
			return fmt.Errorf("signal %s: %w", b.Signal.Name, err)
		}
	}
	p.outputs = make([]float64, len(p.variables)-len(p.inputs))
	return nil
}

// everything binds all variables under their own names.
func (d *Description) everything(locals bool) (out []Binding) {
	for _, v := range d.Variables {
		twice := slices.ContainsFunc(out, func(b Binding) bool { return b.Variable == v.Name })
		if !twice && (v.settable() || v.Causality == "output" || locals && v.Causality == "local") {
			out = append(out, Binding{v.Name, twinmodel.Signal{Name: v.Name, Label: v.Name, Direction: twinmodel.Environment}})
		}
	}
	return out
}

func (v *Variable) settable() bool {
	return v.Causality == "input" || v.Causality == "parameter" && v.Variability == "tunable"
}

// Check says why a binding is impossible.
func (d *Description) Check(b Binding) error {
	v, err := d.Variable(b.Variable)
	if err == nil {
		_, err = v.signal(b.Signal)
	}
	return err
}

// Variable finds a variable by its name.
func (d *Description) Variable(name string) (Variable, error) {
	var names []string
	for _, v := range d.Variables {
		if v.Name == name {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return Variable{}, fmt.Errorf("the FMU has no variable %q; it has %s", name, strings.Join(names, ", "))
}

func (p *Plant) add(v Variable, b Binding) error {
	s, err := v.signal(b.Signal)
	if err != nil {
		return err
	}
	if _, twice := p.index[s.Name]; twice {
		return errors.New("there are two of that name")
	}
	p.index[s.Name] = len(p.variables)
	p.variables = append(p.variables, v)
	p.spec.Signals = append(p.spec.Signals, s)
	return nil
}

// signal completes what a binding says of a signal.
func (v *Variable) signal(s twinmodel.Signal) (twinmodel.Signal, error) {
	if !v.settable() && v.Causality != "output" && v.Causality != "local" {
		return s, fmt.Errorf("variable %s is a %s and does not change; give it a start value", v.Name, v.Causality)
	}
	own := v.unit()
	if s.Doc == "" {
		s.Doc = v.Description
	}
	if s.States == nil && v.Kind == Boolean {
		s.States = []string{"false", "true"}
	}
	if s.States != nil {
		s.Quantity, s.Unit, s.Min, s.Max, s.Initial = twinmodel.State, "1", 0, float64(len(s.States)-1), v.Start
		if v.Kind != Boolean && v.Kind != Integer {
			return s, fmt.Errorf("variable %s is a real number and has no states", v.Name)
		}
		return s, within(s.Min, s.Max, v.Min, v.Max, s.Unit)
	}
	if s.Unit == "" {
		s.Unit = cmp.Or(own, "1")
	}
	s.Quantity = twinmodel.UnitQuantity(s.Unit)
	if s.Quantity == "" {
		return s, fmt.Errorf("unknown unit %q; known are %s", s.Unit, strings.Join(twinmodel.Units(""), ", "))
	}
	if own != "" && twinmodel.UnitQuantity(own) != s.Quantity {
		return s, fmt.Errorf("variable %s is a %s in %s and cannot be a signal in %s", v.Name, twinmodel.UnitQuantity(own), own, s.Unit)
	}
	least, most := v.convert(v.Min, s.Unit), v.convert(v.Max, s.Unit)
	if s.Min == 0 && s.Max == 0 {
		s.Min, s.Max = least, most
	}
	s.Initial = v.convert(v.Start, s.Unit)
	return s, within(s.Min, s.Max, least, most, s.Unit)
}

// Resolve reads what a person writes for a value of the variable: true, a number,
// or a measure, which is converted to the variable's unit.
func (v *Variable) Resolve(text string) (float64, error) {
	if value, err := number(text); err == nil {
		return value, nil
	}
	m, err := twinmodel.ParseMeasure(text)
	if err != nil {
		return 0, err
	}
	own := v.unit()
	if own == "" {
		return 0, fmt.Errorf("the FMU gives %s no unit; write the number alone", v.Name)
	}
	return m.In(twinmodel.Signal{Label: v.Name, Quantity: twinmodel.UnitQuantity(own), Unit: own})
}

// within holds the range of a signal to that of its variable.
func within(low, high, least, most float64, unit string) error {
	// A range that was written in another unit may be off by rounding.
	slack := float64(1e-9 * max(1, math.Abs(low), math.Abs(high)))
	if !(low < high) || low < least-slack || high > most+slack {
		return fmt.Errorf("the range %.9g to %.9g %s does not lie in the FMU's own, %.9g to %.9g", low, high, unit, least, most)
	}
	return nil
}

// unit is the variable's in twinrig's words; empty when it has none that twinrig
// knows.
func (v *Variable) unit() string {
	name, ok := unitNames[v.Unit]
	if !ok {
		name = v.Unit
	}
	if twinmodel.UnitQuantity(name) == "" {
		return ""
	}
	return name
}

// unitNames are the names Modelica writes differently.
var unitNames = map[string]string{"degC": "°C", "degF": "°F", "deg": "°", "m3/s": "m³/s", "m3/h": "m³/h", "W/m2": "W/m²", "m/s2": "m/s²", "rev/min": "1/min"}

// convert turns a value of the variable to a unit. A variable without a unit is
// taken to be in that unit.
func (v *Variable) convert(value float64, unit string) float64 {
	if own := v.unit(); own != "" {
		value, _ = twinmodel.Convert(value, own, unit) // the same quantity: signal has seen to it
	}
	return value
}

func (p *Plant) fromVariable(i int, value float64) float64 {
	return p.variables[i].convert(value, p.spec.Signals[i].Unit)
}

func (p *Plant) toVariable(i int, value float64) float64 {
	if own := p.variables[i].unit(); own != "" {
		value, _ = twinmodel.Convert(value, p.spec.Signals[i].Unit, own)
	}
	return value
}
