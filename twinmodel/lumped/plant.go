package lumped

import (
	"errors"
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
	"twinrig/twinmodel/ode"
)

// Model is the physics of a plant. Time is in seconds since the plant's start.
type Model interface {
	ode.Hybrid

	// Outputs writes the outputs, in the order of the specification.
	Outputs(t float64, x []float64, d *ode.Discrete, y []float64)

	// Ledgers are the conserved quantities at state x.
	Ledgers(x []float64) []twinmodel.Ledger
}

// Config is what a plant is made of.
type Config struct {
	Spec   *twinmodel.Spec // inputs first, then outputs
	Start  time.Time
	Model  Model
	Inputs []float64 // present inputs, which the model reads; set to their initial values
	States []string  // names of the states, for errors
	ODE    ode.Config

	// Check refuses values that lie in an input's range and are still
	// impossible. It may be nil.
	Check func(input int, value float64) error
}

// Plant is a lumped-parameter plant.
type Plant struct {
	c     Config
	index map[string]int
	sim   *ode.Simulator
	disc  *ode.Discrete // view of the simulator's, for the output equations
	start time.Time
	now   time.Time

	x, y  []float64
	fresh bool // x and y belong to now
}

var _ twinmodel.Plant = (*Plant)(nil)

// New makes a plant at its start.
func New(c Config) (*Plant, error) {
	kind := c.Spec.Kind
	sim, err := ode.NewSimulator(c.Model, c.ODE)
	if err != nil {
		return nil, fmt.Errorf("make %s: %w", kind, err)
	}
	p := &Plant{c: c, sim: sim, index: map[string]int{}, start: c.Start.Round(0), now: c.Start.Round(0)}
	for i, s := range c.Spec.Signals {
		if input := s.Direction != twinmodel.Output; input != (i < len(c.Inputs)) {
			return nil, fmt.Errorf("make %s: %s is not where inputs end and outputs begin", kind, s.Name)
		}
		if _, ok := p.index[s.Name]; ok {
			return nil, fmt.Errorf("make %s: two signals are called %s", kind, s.Name)
		}
		p.index[s.Name] = i
		if i < len(c.Inputs) {
			if c.Inputs[i], err = s.Initial, p.check(i, s.Initial); err != nil {
				return nil, fmt.Errorf("make %s: %w", kind, err)
			}
		}
	}
	p.x = make([]float64, len(c.ODE.State))
	p.y = make([]float64, len(c.Spec.Signals)-len(c.Inputs))
	p.disc = sim.Discrete()
	return p, nil
}

// Spec implements twinmodel.Plant.
func (p *Plant) Spec() *twinmodel.Spec { return p.c.Spec }

// Time implements twinmodel.Plant.
func (p *Plant) Time() time.Time { return p.now }

// Advance implements twinmodel.Plant.
func (p *Plant) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(p.now) {
		return fmt.Errorf("advance %s: %s lies before %s", p.c.Spec.Kind, stamp(t), stamp(p.now))
	}
	if err := p.sim.Advance(t.Sub(p.start).Seconds()); err != nil {
		return p.explain(err)
	}
	p.now, p.fresh = t, false
	return nil
}

// explain names plant, state and instant.
func (p *Plant) explain(err error) error {
	var e *ode.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("advance %s: %w", p.c.Spec.Kind, err)
	}
	at := stamp(p.start.Add(time.Duration(e.T * float64(time.Second))))
	if e.State < 0 {
		return fmt.Errorf("advance %s at %s: %w", p.c.Spec.Kind, at, err)
	}
	return fmt.Errorf("advance %s at %s: %s: %w", p.c.Spec.Kind, at, p.c.States[e.State], err)
}

// Set implements twinmodel.Plant. Reactions of the modes, a thermostat's for
// example, come with the next Advance, even one to the same instant.
func (p *Plant) Set(input string, value float64) error {
	i, ok := p.index[input]
	if !ok || i >= len(p.c.Inputs) {
		return fmt.Errorf("set %s: it has no input %q", p.c.Spec.Kind, input)
	}
	if err := p.check(i, value); err != nil {
		return fmt.Errorf("set %s at %s: %w", p.c.Spec.Kind, stamp(p.now), err)
	}
	if p.c.Inputs[i] != value {
		p.sim.Interrupt()
		p.c.Inputs[i] = value
		p.fresh = false
	}
	return nil
}

// check says whether input i can have a value.
func (p *Plant) check(i int, v float64) error {
	s := &p.c.Spec.Signals[i]
	switch {
	case !(v >= s.Min && v <= s.Max):
		return fmt.Errorf("%s: %g %s is outside %g to %g", s.Name, v, s.Unit, s.Min, s.Max)
	case s.Quantity == twinmodel.State && v != math.Trunc(v):
		return fmt.Errorf("%s: %g is not one of %q", s.Name, v, s.States)
	case p.c.Check != nil:
		if err := p.c.Check(i, v); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
	}
	return nil
}

// Value implements twinmodel.Plant.
func (p *Plant) Value(signal string) (float64, error) {
	i, ok := p.index[signal]
	if !ok {
		return 0, fmt.Errorf("read %s: it has no signal %q", p.c.Spec.Kind, signal)
	}
	if i < len(p.c.Inputs) {
		return p.c.Inputs[i], nil
	}
	p.refresh()
	return p.y[i-len(p.c.Inputs)], nil
}

// refresh computes state and outputs of the present.
func (p *Plant) refresh() {
	if p.fresh {
		return
	}
	p.sim.State(p.x)
	p.c.Model.Outputs(p.sim.T(), p.x, p.disc, p.y)
	p.fresh = true
}

// Ledgers implements twinmodel.Plant.
func (p *Plant) Ledgers() []twinmodel.Ledger {
	p.refresh()
	return p.c.Model.Ledgers(p.x)
}

// Work is the number of steps and evaluations of the derivatives so far, for
// those who measure.
func (p *Plant) Work() (steps, evaluations int) { return p.sim.Work() }

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
