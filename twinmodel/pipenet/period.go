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
	T     float64 // s since the start
	areas []float64
}

// NewPeriod is a network at its start, solved.
func NewPeriod(n *Network) (*Period, error) {
	s, err := NewSolver(n)
	if err != nil {
		return nil, err
	}
	if !(n.Times.Step > 0 && n.Times.PatternStep > 0) {
		return nil, fmt.Errorf("network: steps of time must be positive")
	}
	p := &Period{Solver: s, areas: make([]float64, len(n.Nodes))}
	for i, v := range n.Nodes {
		p.areas[i] = math.Pi / 4 * v.Diameter * v.Diameter
	}
	return p, p.settle()
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
				p.Demand[i] += float64(d.Base * p.multiplier(d.Pattern))
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
	}
	switch regulates := l.Kind == PRV || l.Kind == PSV || l.Kind == FCV; {
	case c.Closed:
		p.state[c.Link] = closed
	case p.state[c.Link] == closed && c.Set && regulates:
		p.state[c.Link] = active
	case p.state[c.Link] == closed:
		p.state[c.Link] = open
		p.Flow[c.Link] = math.Max(p.Flow[c.Link], 1e-3)
	}
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

// Step goes to the next instant at which something changes, or to limit.
func (p *Period) Step(limit float64) error {
	dt := p.next(limit)
	for i := range p.net.Nodes {
		if p.net.Nodes[i].Kind == Tank {
			p.Head[i] += p.inflow(i) * dt / p.areas[i]
		}
	}
	p.T += dt
	return p.settle()
}
