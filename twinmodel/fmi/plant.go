package fmi

import (
	"errors"
	"fmt"
	"math"
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
	Locals bool               // local variables are outputs, too, when there are no Bindings
	Step   time.Duration      // longest communication step; 0 = what the FMU suggests, or 1 s
	Values map[string]float64 // start values of parameters and inputs
	Host   func() *exec.Cmd   // a process that calls host.Serve, not started

	// Bindings are the signals the plant has. Without them every input, output and
	// tunable parameter is one under its own name.
	Bindings []Binding
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
	inputs     []float64 // in the units of their signals
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
	if p.step, err = chooseStep(d, o.Step); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	if err = p.declare(o); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	if o.Host == nil {
		return nil, fmt.Errorf("open FMU %s: there is no host process to run it in", path)
	}
	if p.host, err = start(o.Host(), dir); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	if err := p.begin(library, o.Values); err != nil {
		return nil, fmt.Errorf("open FMU %s: %w", path, err)
	}
	return p, nil
}

// chooseStep finds the longest communication step: the FMU's if it can do no
// other, the one that is wanted, or the one the FMU suggests.
func chooseStep(d *Description, wanted time.Duration) (time.Duration, error) {
	for _, seconds := range []float64{d.FixedStep, wanted.Seconds(), d.StepSize} {
		switch {
		case !(seconds > 0):
			continue
		case seconds < 1e-6 || seconds > 86400:
			return 0, fmt.Errorf("a communication step of %g s; give one from 1 µs to a day", seconds)
		}
		return time.Duration(math.Round(seconds * float64(time.Second))), nil
	}
	return time.Second, nil
}

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
		for j := range p.inputs {
			if p.variables[j].Name == name {
				p.inputs[j] = p.fromVariable(j, value)
			}
		}
	}
	for i, v := range p.inputs {
		if s := p.spec.Signals[i]; !(v >= s.Min && v <= s.Max) {
			return fmt.Errorf("%s starts at %.9g %s, outside %.9g to %.9g; give it another start value or range", s.Name, v, s.Unit, s.Min, s.Max)
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
