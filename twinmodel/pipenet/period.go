package pipenet

import (
	"fmt"
	"math"
)

// Period runs a network through time: tanks fill and drain between instants at
// which the hydraulics are solved. Those instants are the steps, changes of
// patterns, and the moments at which a tank reaches a control's level or its
// limit, which are located exactly.
type Period struct {
	*Solver
	T       float64 // s since the start
	areas   []float64
	volumes []float64 // of tanks, m³
	factor  []float64 // of demands, by node

	second float64 // the whole second T lies in
	within int     // steps taken in it
}

// NewPeriod is a network at its start, solved.
func NewPeriod(n *Network) (*Period, error) {
	p, err := newPeriod(n)
	if err != nil {
		return nil, err
	}
	return p, p.settle()
}

// newPeriod is a network whose flows are yet to be found.
func newPeriod(n *Network) (*Period, error) {
	s, err := NewSolver(n)
	if err != nil {
		return nil, err
	}
	if !(n.Times.Step > 0 && n.Times.PatternStep > 0) {
		return nil, fmt.Errorf("network: steps of time must be positive")
	}
	p := &Period{Solver: s, areas: make([]float64, len(n.Nodes)), volumes: make([]float64, len(n.Nodes)), factor: make([]float64, len(n.Nodes))}
	for i, v := range n.Nodes {
		p.factor[i] = 1
		p.areas[i] = math.Pi / 4 * v.Diameter * v.Diameter
	}
	return p, nil
}

func (p *Period) multiplier(pattern int) float64 {
	if pattern < 0 || len(p.net.Patterns[pattern]) == 0 {
		return 1
	}
	t := &p.net.Times
	k := int(math.Floor((p.T + t.PatternStart) / t.PatternStep))
	return p.net.Patterns[pattern][k%len(p.net.Patterns[pattern])]
}

// settle takes demands and controls of the present and solves.
func (p *Period) settle() error {
	for i := range p.net.Nodes {
		v := &p.net.Nodes[i]
		switch v.Kind {
		case Junction:
			p.Demand[i] = 0
			for _, d := range v.Demands {
				p.Demand[i] += float64(d.Base * p.multiplier(d.Pattern) * p.factor[i])
			}
		case Reservoir:
			p.Head[i] = v.Elevation * p.multiplier(v.Pattern)
		case Tank:
			level := p.Head[i] - v.Elevation
			p.tankFull[i], p.tankDry[i] = level >= v.MaxLevel-1e-9, level <= v.MinLevel+1e-9
		}
	}
	for i := range p.net.Controls {
		p.obey(&p.net.Controls[i])
	}
	if _, err := p.Solve(); err != nil {
		return fmt.Errorf("at %g s: %w", p.T, err)
	}
	return nil
}

// obey carries out a control whose condition holds.
func (p *Period) obey(c *Control) {
	var holds bool
	switch c.Kind {
	case Above, Below:
		v := &p.net.Nodes[c.Node]
		d := p.Head[c.Node] - v.Elevation - c.Level
		holds = c.Kind == Above && d >= -1e-9 || c.Kind == Below && d <= 1e-9
	case AtTime:
		holds = math.Abs(p.T-c.At) < 1e-6
	case AtClock:
		holds = math.Abs(math.Mod(p.T+p.net.Times.StartClock, 86400)-c.At) < 1e-6
	}
	if !holds {
		return
	}
	l := &p.net.Links[c.Link]
	if c.Speed > 0 {
		p.speed[c.Link] = c.Speed
	}
	if c.Set {
		p.setting[c.Link] = c.Setting
		if l.Kind == TCV {
			p.m[c.Link] = minorLoss(math.Max(0, c.Setting), l.Diameter)
		}
	}
	switch regulates := l.Kind == PRV || l.Kind == PSV || l.Kind == FCV; {
	case c.Closed:
		p.state[c.Link] = closed
	case p.state[c.Link] == closed && c.Set && regulates:
		p.state[c.Link] = active
	case p.state[c.Link] == closed:
		p.open(c.Link)
	}
}

// open lets a closed link pass again; one that regulates sees for itself.
func (p *Period) open(i int) {
	p.state[i] = open
	p.Flow[i] = math.Max(p.Flow[i], 1e-3)
}

// inflow is what a tank gains, m³/s.
func (p *Period) inflow(v int) (q float64) {
	for i := range p.net.Links {
		if p.net.Links[i].To == v {
			q += p.Flow[i]
		} else if p.net.Links[i].From == v {
			q -= p.Flow[i]
		}
	}
	return q
}

// next is the time to the next instant at which something changes.
func (p *Period) next(limit float64) float64 {
	t := &p.net.Times
	dt := limit - p.T
	dt = math.Min(dt, upTo(p.T, t.Step))
	dt = math.Min(dt, upTo(p.T+t.PatternStart, t.PatternStep))
	for i := range p.net.Nodes {
		if v := &p.net.Nodes[i]; v.Kind == Tank {
			dt = math.Min(dt, p.reach(i, v.MaxLevel, 1))
			dt = math.Min(dt, p.reach(i, v.MinLevel, -1))
		}
	}
	for i := range p.net.Controls {
		switch c := &p.net.Controls[i]; c.Kind {
		case Above:
			dt = math.Min(dt, p.reach(c.Node, c.Level, 1))
		case Below:
			dt = math.Min(dt, p.reach(c.Node, c.Level, -1))
		case AtTime:
			if c.At > p.T+1e-9 {
				dt = math.Min(dt, c.At-p.T)
			}
		case AtClock:
			dt = math.Min(dt, upTo(p.T+t.StartClock-c.At, 86400))
		}
	}
	return dt
}

// upTo is the time from t to the next multiple of step.
func upTo(t, step float64) float64 {
	k := math.Floor(t/step+1e-12) + 1
	return float64(k*step) - t
}

// reach is when a tank comes to a level, rising (1) or falling (-1).
func (p *Period) reach(v int, level, way float64) float64 {
	if p.net.Nodes[v].Kind != Tank {
		return math.Inf(1)
	}
	gap := p.net.Nodes[v].Elevation + level - p.Head[v]
	q := p.inflow(v)
	if way*q <= 1e-12 || way*gap <= 1e-9 {
		return math.Inf(1)
	}
	return gap * p.areas[v] / q
}

// restless is how many steps within a second are taken for controls that switch
// one another for ever.
const restless = 200

// Step goes to the next instant at which something changes, or to limit.
func (p *Period) Step(limit float64) error {
	if err := p.pass(p.next(limit)); err != nil {
		return err
	}
	return p.settle()
}

// pass lets time go by with the flows there are.
func (p *Period) pass(dt float64) error {
	for i := range p.net.Nodes {
		if p.net.Nodes[i].Kind == Tank {
			p.Head[i] += float64(p.inflow(i)*dt) / p.areas[i]
		}
	}
	p.T += dt
	if s := math.Floor(p.T); s != p.second {
		p.second, p.within = s, 0
	}
	if p.within++; p.within > restless {
		return fmt.Errorf("at %g s: controls or tanks switch for ever; look at controls whose levels are the same", p.T)
	}
	return nil
}
