package pipenet

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
)

// Plant is a network as a twinmodel.Plant: it tells temperature, pressure and
// flow of every pipe, and is acted on through its pumps, valves, consumers and
// faults.
type Plant struct {
	p        Params
	spec     *twinmodel.Spec
	channels []channel
	index    map[string]int
	u        []float64 // inputs, in the signals' units

	net       *Network // own copy, which faults change
	healthy   *Network
	period    *Period
	heat      *heat
	viscosity walther
	most      float64         // pressure head that anything in the network can make, m
	drives    []drive         // by link; only pumps and valves move
	commands  []int           // input that commands a link; -1 none
	faults    [wear + 1][]int // the same of each fault

	start, now time.Time
	unsettled  bool // an input has changed since the flows were found
	initial    stock
	through    stock // m³ in and out over the boundary
}

// stock is an account of volume or heat.
type stock struct{ a, b float64 }

var _ twinmodel.Plant = (*Plant)(nil)

// New makes a plant of a network at start: flows are those of the network as it
// is described, all liquid has its initial temperature.
func New(start time.Time, n *Network, p Params) (*Plant, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make pipenet: %w", err)
	}
	if err := p.fits(n); err != nil {
		return nil, fmt.Errorf("make pipenet: %w", err)
	}
	start = start.Round(0)
	c := newCatalogue(n, &p)
	k := &Plant{p: p, spec: c.spec, channels: c.channels, index: map[string]int{}, net: n.clone(), healthy: n,
		viscosity: newWalther(&p), most: c.most * 1e5 / (n.Density * gravity), start: start, now: start, drives: make([]drive, len(n.Links)), commands: make([]int, len(n.Links))}
	k.net.Service = Service{Driven: true, Required: p.Required * 1e5 / (n.Density * gravity), Exponent: 0.5}
	if n.Service.Driven {
		k.net.Service = n.Service
	}
	for i, s := range c.spec.Signals {
		k.index[s.Name] = i
		if s.Direction != twinmodel.Output {
			k.u = append(k.u, s.Initial)
		}
	}
	if err := k.begin(); err != nil {
		return nil, fmt.Errorf("make pipenet at %s: %w", stamp(start), err)
	}
	return k, nil
}

func (k *Plant) begin() (err error) {
	if k.period, err = newPeriod(k.net); err != nil {
		return err
	}
	k.heat = newHeat(k.net, k.p.Temperature)
	k.bind()
	for i := range k.net.Links {
		k.heat.pipes[i].cooling = k.cooling(i)
	}
	for v := range k.net.Nodes {
		k.heat.cooling[v] = k.tankCooling(v)
	}
	for i := range k.u {
		if ch := k.channels[i]; ch.role == command {
			k.drives[ch.at] = drive{position: float64(k.u[i] * ch.scale), target: float64(k.u[i] * ch.scale)}
		} else {
			k.apply(i)
		}
	}
	if err := k.settle(); err != nil {
		return err
	}
	k.initial = stock{k.held(), k.heat.content(k.period)}
	return nil
}

// bind finds the inputs of each link.
func (k *Plant) bind() {
	for r := range k.faults {
		k.faults[r] = make([]int, len(k.net.Links))
		for i := range k.faults[r] {
			k.faults[r][i], k.commands[i] = -1, -1
		}
	}
	for i := range k.u {
		switch ch := k.channels[i]; {
		case ch.role == command:
			k.commands[ch.at] = i
		case ch.role >= leak && ch.role <= wear:
			k.faults[ch.role][ch.at] = i
		}
	}
}

// Spec implements twinmodel.Plant.
func (k *Plant) Spec() *twinmodel.Spec { return k.spec }

// Network is what the plant was made of.
func (k *Plant) Network() *Network { return k.healthy }

// Time implements twinmodel.Plant.
func (k *Plant) Time() time.Time { return k.now }

// Advance implements twinmodel.Plant.
func (k *Plant) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(k.now) {
		return fmt.Errorf("advance pipenet: %s lies before %s", stamp(t), stamp(k.now))
	}
	if err := k.fresh(); err != nil {
		return err
	}
	for end := t.Sub(k.start).Seconds(); k.period.T < end; {
		if err := k.step(end); err != nil {
			return k.explain("advance", err)
		}
	}
	k.now = t
	return nil
}

// fresh finds the flows that go with the inputs.
func (k *Plant) fresh() error {
	if !k.unsettled {
		return nil
	}
	if err := k.settle(); err != nil {
		return k.explain("advance", err)
	}
	k.unsettled = false
	return nil
}

func (k *Plant) explain(what string, err error) error {
	at := k.start.Add(time.Duration(k.period.T * float64(time.Second)))
	return fmt.Errorf("%s pipenet at %s: %w", what, stamp(at), err)
}

// quick is the step while a pump or a valve moves, s.
const quick = 1.0

// step goes to the next instant at which something changes, at most to end.
func (k *Plant) step(end float64) error {
	limit := k.p.Step
	if k.moving() {
		limit = math.Min(limit, quick)
	}
	p := k.period
	dt := p.next(math.Min(end, p.T+limit))
	if rest := end - p.T; rest-dt < 1e-9 {
		dt = rest
	}
	if err := k.heat.step(p.Solver, k.contents(), dt); err != nil {
		return err
	}
	k.count(dt)
	if err := p.pass(dt); err != nil {
		return err
	}
	if end-p.T < 1e-9 {
		p.T = end
	}
	k.move(dt)
	return k.settle()
}

// contents are what the tanks hold, m³.
func (k *Plant) contents() []float64 {
	p := k.period
	for v := range k.net.Nodes {
		if k.net.Nodes[v].Kind == Tank {
			p.volumes[v] = p.content(v, p.Head[v]-k.net.Nodes[v].Elevation)
		}
	}
	return p.volumes
}

// settle finds the flows of the present.
func (k *Plant) settle() error {
	for i := range k.net.Links {
		if s := &k.heat.pipes[i]; s.volume > 0 {
			k.period.visc[i] = k.viscosity.at(s.content() / s.volume)
		}
		k.drive(i)
	}
	if err := k.period.settle(); err != nil {
		return err
	}
	k.obeyed()
	return k.possible()
}

// possible refuses pressures that nothing in the network can make.
func (k *Plant) possible() error {
	for v := range k.net.Nodes {
		if n := &k.net.Nodes[v]; n.Kind == Junction && math.Abs(k.period.Head[v]-n.Elevation) > k.most {
			return fmt.Errorf("node %s: pressure head %.3g m: what is fed in cannot leave, or what regulates has nothing to regulate", n.ID, k.period.Head[v]-n.Elevation)
		}
	}
	return nil
}

// Set implements twinmodel.Plant.
func (k *Plant) Set(input string, value float64) error {
	i, ok := k.index[input]
	if !ok || i >= len(k.u) {
		return fmt.Errorf("set pipenet: it has no input %q", input)
	}
	if err := k.check(i, value); err != nil {
		return fmt.Errorf("set pipenet at %s: %w", stamp(k.now), err)
	}
	if k.u[i] != value {
		k.u[i] = value
		k.apply(i)
		k.unsettled = true
	}
	return nil
}

func (k *Plant) check(i int, v float64) error {
	if s := &k.spec.Signals[i]; !(v >= s.Min && v <= s.Max) {
		return fmt.Errorf("%s: %g %s is outside %g to %g", s.Name, v, s.Unit, s.Min, s.Max)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
