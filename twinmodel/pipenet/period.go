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
	if !(n.Times.Step >= 1 && n.Times.PatternStep >= 1) {
		return nil, fmt.Errorf("network: steps of time must be 1 s at least")
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
	return p.net.Patterns[pattern][p.interval()%len(p.net.Patterns[pattern])]
}

// interval is how many steps of patterns have gone by.
func (p *Period) interval() int {
	t := &p.net.Times
	return int(math.Floor((p.T + t.PatternStart) / t.PatternStep))
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
	for i := range p.net.Links {
		if s := p.net.Links[i].Speeds; len(s) > 0 {
			p.speed[i] = s[p.interval()%len(s)]
		}
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
	for _, i := range p.ends[v] {
		if p.net.Links[i].To == v {
			q += p.Flow[i]
		} else {
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
	now := p.Head[v] - p.net.Nodes[v].Elevation
	q := p.inflow(v)
	if way*q <= 1e-12 || way*(level-now) <= 1e-9 {
		return math.Inf(1)
	}
	return (p.content(v, level) - p.content(v, now)) / q
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
			p.Head[i] += p.rise(i, p.Head[i]-p.net.Nodes[i].Elevation, float64(p.inflow(i)*dt))
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

// content is what a tank holds at a level, m³.
func (p *Period) content(v int, level float64) float64 {
	c := p.net.Nodes[v].Volumes
	if len(c) == 0 {
		return p.areas[v] * level
	}
	k := 1
	for k < len(c)-1 && level > c[k].Level {
		k++
	}
	share := (level - c[k-1].Level) / (c[k].Level - c[k-1].Level)
	return c[k-1].Content + float64(share*(c[k].Content-c[k-1].Content))
}

// rise is how much a tank's level rises when it gains a volume.
func (p *Period) rise(v int, level, gain float64) float64 {
	c := p.net.Nodes[v].Volumes
	if len(c) == 0 {
		return gain / p.areas[v]
	}
	content, k := p.content(v, level)+gain, 1
	for k < len(c)-1 && content > c[k].Content {
		k++
	}
	share := (content - c[k-1].Content) / (c[k].Content - c[k-1].Content)
	return c[k-1].Level + float64(share*(c[k].Level-c[k-1].Level)) - level
}
