package fmi

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"twinrig/twinmodel"
)

// Options of an import.
type Options struct {
	Start  time.Time
	Locals bool               // local variables are outputs, too
	Step   time.Duration      // longest communication step; 0 = what the FMU suggests, or 1 s
	Values map[string]float64 // start values of parameters and inputs
	Host   func() *exec.Cmd   // a process that calls host.Serve, not started
}

// Plant is an imported FMU. Close ends its process.
type Plant struct {
	spec        twinmodel.Spec
	description *Description
	variables   []Variable // of the signals, in their order
	index       map[string]int
	host        *process
	dir         string

	start, now time.Time
	step       time.Duration
	inputs     []float64
	outputs    []float64
	fresh      bool
}

var _ twinmodel.Plant = (*Plant)(nil)

// Open imports an FMU.
func Open(path string, o Options) (plant *Plant, err error) {
	dir, err := os.MkdirTemp("", "twinrig-fmu-")
	if err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	p := &Plant{dir: dir, index: map[string]int{}, start: o.Start.Round(0), now: o.Start.Round(0)}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	d, library, err := unpack(path, dir)
	if err != nil {
		return nil, err
	}
	p.description = d
	p.step = chooseStep(d, o.Step)
	p.declare(o.Locals)
	if p.host, err = start(o.Host()); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	if err := p.begin(library, o.Values); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	return p, nil
}

func chooseStep(d *Description, wanted time.Duration) time.Duration {
	for _, seconds := range []float64{d.FixedStep, wanted.Seconds(), d.StepSize} {
		if seconds > 0 {
			return time.Duration(seconds * float64(time.Second))
		}
	}
	return time.Second
}

// declare makes signals of the variables: inputs first.
func (p *Plant) declare(locals bool) {
	p.spec = twinmodel.Spec{Kind: "fmu:" + p.description.Identifier, Title: p.description.Name, Sources: []string{"FMU " + p.description.Name}}
	add := func(v Variable, direction twinmodel.Direction) {
		if _, twice := p.index[v.Name]; twice {
			return
		}
		p.index[v.Name] = len(p.variables)
		p.variables = append(p.variables, v)
		p.spec.Signals = append(p.spec.Signals, v.signal(direction))
	}
	for _, v := range p.description.Variables {
		if v.Causality == "input" || v.Causality == "parameter" && v.Variability == "tunable" {
			add(v, twinmodel.Environment)
		}
	}
	p.inputs = make([]float64, len(p.variables))
	for i, v := range p.variables {
		p.inputs[i] = v.Start
	}
	for _, v := range p.description.Variables {
		if v.Causality == "output" || locals && v.Causality == "local" {
			add(v, twinmodel.Output)
		}
	}
	p.outputs = make([]float64, len(p.variables)-len(p.inputs))
}

// signal describes a variable. A unit twinrig does not know makes it a number
// without one.
func (v *Variable) signal(d twinmodel.Direction) twinmodel.Signal {
	s := twinmodel.Signal{
		Name: v.Name, Label: v.Name, Unit: unitNames[v.Unit], Min: v.Min, Max: v.Max, Initial: v.Start, Direction: d, Doc: v.Description,
	}
	if s.Unit == "" {
		s.Unit = v.Unit
	}
	if s.Quantity = twinmodel.UnitQuantity(s.Unit); s.Unit == "" || s.Quantity == "" {
		s.Quantity, s.Unit = twinmodel.Ratio, "1"
	}
	if v.Kind == Boolean {
		s.Quantity, s.Unit, s.States = twinmodel.State, "1", []string{"false", "true"}
	}
	return s
}

// unitNames are the names Modelica writes differently.
var unitNames = map[string]string{"degC": "°C", "degF": "°F", "deg": "°", "m3/s": "m³/s", "m3/h": "m³/h", "W/m2": "W/m²", "m/s2": "m/s²", "rev/min": "1/min"}

// begin instantiates the FMU, gives it start values and initializes it.
func (p *Plant) begin(library string, values map[string]float64) error {
	d := p.description
	if _, err := p.host.call(Request{
		Op: Load, Library: library, Resources: filepath.Join(p.dir, "resources"), Version: d.Version, Token: d.Token, Name: d.Identifier,
	}); err != nil {
		return err
	}
	for name, value := range values {
		i := slices.IndexFunc(d.Variables, func(v Variable) bool { return v.Name == name })
		if i < 0 {
			return fmt.Errorf("it has no variable %q to start with", name)
		}
		if _, err := p.host.call(set(d.Variables[i], value)); err != nil {
			return fmt.Errorf("start value of %s: %w", name, err)
		}
		if j, ok := p.index[name]; ok && j < len(p.inputs) {
			p.inputs[j] = value
		}
	}
	_, err := p.host.call(Request{Op: Initialize})
	return err
}

func set(v Variable, value float64) Request {
	return Request{Op: Set, References: []uint32{v.Reference}, Kinds: []Kind{v.Kind}, Values: []float64{value}}
}

// Close ends the FMU's process and removes its files.
func (p *Plant) Close() error {
	var err error
	if p.host != nil {
		err = p.host.close()
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}
