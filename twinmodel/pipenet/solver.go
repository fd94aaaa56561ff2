package pipenet

import (
	"fmt"
	"math"

	"twinrig/twinmodel/detmath"
)

// Status of a link while solving.
type status int8

const (
	open status = iota
	closed
	active // a valve that regulates
	shut   // closed for now by a check, a full or an empty tank
)

// Solver finds flows and heads of a network. It starts from those it found
// last, and allocates nothing.
type Solver struct {
	net    *Network
	Head   []float64 // m, by node; reservoirs' and tanks' are given
	Flow   []float64 // m³/s, by link
	Demand []float64 // m³/s asked for, by node, without emitters
	Drawn  []float64 // m³/s of it that is served
	Leak   []float64 // m³/s through emitters, by node

	state    []status
	speed    []float64 // of pumps
	setting  []float64 // of valves
	r, m     []float64 // loss = r·q^n + m·q²
	leaks    outlets
	draws    outlets
	holes    int       // leaks there are
	visc     []float64 // by link
	row      []int     // of a node in the matrix; -1 has a given head
	node     []int     // of a row
	cell     []int     // of a link in the matrix; -1 has an end with a given head
	ends     [][]int   // links at a node whose head is given
	trialled []int     // links whose status is looked at in every trial
	balanced []int     // links whose status is looked at when flows balance
	matrix   sparse
	rhs      []float64
	slope, y []float64
	tankFull []bool
	tankDry  []bool
}

// NewSolver prepares a network, which it checks and does not copy.
func NewSolver(n *Network) (*Solver, error) {
	if err := n.Check(); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	nodes, links := len(n.Nodes), len(n.Links)
	s := &Solver{net: n}
	s.Head, s.Demand = make([]float64, nodes), make([]float64, nodes)
	s.leaks, s.draws = newOutlets(nodes, n.Exponent), newOutlets(nodes, n.Service.Exponent)
	s.Leak, s.Drawn = s.leaks.q, s.draws.q
	for _, p := range []*[]float64{&s.Flow, &s.speed, &s.setting, &s.r, &s.m, &s.visc, &s.slope, &s.y} {
		*p = make([]float64, links)
	}
	s.state, s.tankFull, s.tankDry = make([]status, links), make([]bool, nodes), make([]bool, nodes)
	if err := s.structure(); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	s.watched()
	for i := range n.Nodes {
		v := &n.Nodes[i]
		s.Head[i] = v.Elevation + v.Level
		s.SetEmitter(i, v.Emitter)
	}
	for i := range n.Links {
		s.initial(i)
	}
	return s, nil
}

// initial is a link's law, status and first guess of flow: 1 ft/s in pipes.
func (s *Solver) initial(i int) {
	l := &s.net.Links[i]
	s.speed[i], s.setting[i], s.visc[i] = l.Speed, l.Setting, s.net.Viscosity
	s.Flow[i] = math.Pi / 4 * l.Diameter * l.Diameter * foot
	if l.Kind == Pump {
		s.Flow[i] = 0.02
		if n := len(l.Curve.Points); n > 0 {
			s.Flow[i] = l.Curve.Points[n/2].Flow
		}
		if l.Curve.N > 0 {
			s.Flow[i] = detmath.Pow(l.Curve.Shutoff/(4*l.Curve.R), 1/l.Curve.N)
		}
	} else {
		s.m[i] = minorLoss(l.Minor, l.Diameter)
	}
	if l.Kind == TCV && !l.Fixed {
		s.m[i] = minorLoss(l.Setting, l.Diameter)
	}
	switch {
	case l.Kind > CheckPipe:
	case s.net.Formula == HazenWilliams:
		s.r[i] = hazenWilliams(l.Length, l.Diameter, l.Roughness)
	case s.net.Formula == ChezyManning:
		s.r[i] = manning(l.Length, l.Diameter, l.Roughness)
	}
	regulates := l.Kind == PRV || l.Kind == PSV || l.Kind == FCV
	switch {
	case l.Closed:
		s.state[i] = closed
	case regulates && !l.Fixed:
		s.state[i] = active
	}
}

// watched lists the links that can change their status, and those at fixed heads.
func (s *Solver) watched() {
	s.ends = make([][]int, len(s.net.Nodes))
	for i := range s.net.Links {
		l := &s.net.Links[i]
		for _, v := range []int{l.From, l.To} {
			if s.net.Nodes[v].Kind != Junction {
				s.ends[v] = append(s.ends[v], i)
			}
		}
		if l.Kind == CheckPipe || l.Kind == PRV || l.Kind == PSV {
			s.trialled = append(s.trialled, i)
		}
		if l.Kind == Pump || l.Kind == FCV || s.net.Nodes[l.From].Kind == Tank || s.net.Nodes[l.To].Kind == Tank {
			s.balanced = append(s.balanced, i)
		}
	}
}

// structure numbers the unknown heads and lays out the matrix.
func (s *Solver) structure() (err error) {
	s.row = make([]int, len(s.net.Nodes))
	var junctions []int
	for i := range s.net.Nodes {
		s.row[i] = -1
		if s.net.Nodes[i].Kind == Junction {
			s.row[i] = len(junctions)
			junctions = append(junctions, i)
		}
	}
	neighbours := make([][]int, len(junctions))
	for _, l := range s.net.Links {
		if a, b := s.row[l.From], s.row[l.To]; a >= 0 && b >= 0 {
			neighbours[a], neighbours[b] = append(neighbours[a], b), append(neighbours[b], a)
		}
	}
	var place []int
	if s.matrix, place, err = newSparse(neighbours); err != nil {
		return err
	}
	s.node, s.rhs = make([]int, len(junctions)), make([]float64, len(junctions))
	for i, v := range junctions {
		s.row[v], s.node[place[i]] = place[i], v
	}
	s.cell = make([]int, len(s.net.Links))
	for i, l := range s.net.Links {
		s.cell[i] = -1
		if a, b := s.row[l.From], s.row[l.To]; a >= 0 && b >= 0 {
			s.cell[i] = s.matrix.at(max(a, b), min(a, b))
		}
	}
	return nil
}

// Solve finds flows and heads. It returns how often it had to linearise.
func (s *Solver) Solve() (iterations int, err error) {
	s.serve()
	rounding := float64(flowRounding * float64(len(s.Flow)))
	for k := 1; k <= s.net.Trials; k++ {
		s.assemble()
		if bad := s.matrix.factor(); bad >= 0 {
			return k, fmt.Errorf("solve network: node %s: no unique head", s.net.Nodes[s.node[bad]].ID)
		}
		s.matrix.solve(s.rhs)
		for i, v := range s.node {
			s.Head[v] = s.rhs[i]
		}
		change, sum := s.update(k)
		if !finite(change, sum) {
			return k, fmt.Errorf("solve network: flows are not finite; check demands and settings")
		}
		changed := s.checks()
		if change <= float64(s.net.Accuracy*sum)+rounding && !changed && !s.regulate() {
			return k, nil
		}
	}
	return s.net.Trials, fmt.Errorf("solve network: no balance after %d trials", s.net.Trials)
}

// law is the loss of head and its slope at the present flow.
func (s *Solver) law(i int) (h, slope float64) {
	l, q := &s.net.Links[i], s.Flow[i]
	if s.state[i] == closed || s.state[i] == shut || l.Kind == Pump && s.speed[i] == 0 {
		return closedSlope * q, closedSlope
	}
	a := math.Abs(q)
	switch {
	case l.Kind == Pump:
		return l.Curve.loss(q, s.speed[i])
	case l.Kind == PBV && !l.Fixed && float64(s.m[i]*a*a) < s.setting[i]:
		return s.setting[i] + float64(openSlope*q), openSlope
	case l.Kind == GPV:
		return l.generalLoss(q)
	case l.Kind > CheckPipe:
		slope = math.Max(2*s.m[i]*a, openSlope)
		if slope == openSlope {
			return openSlope * q, slope
		}
		return s.m[i] * a * q, slope
	case s.net.Formula == DarcyWeisbach:
		h, slope = darcyWeisbach(l, s.visc[i], q)
	case s.net.Formula == ChezyManning:
		w := float64(s.r[i] * a)
		h, slope = float64(w*q), float64(2*w)
	case a > 0:
		w := s.r[i] * detmath.Exp(0.852*detmath.Log(a))
		h, slope = float64(w*q), float64(hwExponent*w)
	}
	if slope < leastSlope {
		h, slope = leastSlope*q, leastSlope
	}
	if s.m[i] > 0 {
		h += float64(s.m[i] * a * q)
		slope += float64(2 * s.m[i] * a)
	}
	return h, slope
}

// assemble linearises every law about the present flows.
func (s *Solver) assemble() {
	clear(s.matrix.diagonal)
	clear(s.matrix.below)
	for i, v := range s.node {
		s.rhs[i] = 0
		if s.leaks.used[v] {
			s.leaks.enter(s, i, v)
		}
		if s.draws.used[v] {
			s.draws.enter(s, i, v)
		} else {
			s.rhs[i] -= s.Drawn[v]
		}
	}
	for i := range s.net.Links {
		l := &s.net.Links[i]
		if s.state[i] == active {
			s.control(i, l)
			continue
		}
		h, slope := s.law(i)
		p, e := 1/slope, s.Flow[i]-h/slope
		s.slope[i], s.y[i] = p, e
		s.join(i, l, p, e)
	}
}

// join enters a linear law, flow = e + p·(head from − head to).
func (s *Solver) join(i int, l *Link, p, e float64) {
	a, b := s.row[l.From], s.row[l.To]
	if c := s.cell[i]; c >= 0 {
		s.matrix.below[c] -= p
	}
	if a >= 0 {
		s.matrix.diagonal[a] += p
		s.rhs[a] -= e
		if b < 0 {
			s.rhs[a] += float64(p * s.Head[l.To])
		}
	}
	if b >= 0 {
		s.matrix.diagonal[b] += p
		s.rhs[b] += e
		if a < 0 {
			s.rhs[b] += float64(p * s.Head[l.From])
		}
	}
}

// update takes the flows that go with the new heads.
func (s *Solver) update(trial int) (change, sum float64) {
	for i := range s.net.Links {
		l := &s.net.Links[i]
		if s.state[i] == active {
			d := s.regulated(i, l)
			change, sum = change+math.Abs(d), sum+math.Abs(s.Flow[i])
			continue
		}
		q := s.y[i] + float64(s.slope[i]*(s.Head[l.From]-s.Head[l.To]))
		change += math.Abs(q - s.Flow[i])
		sum += math.Abs(q)
		s.Flow[i] = q
	}
	more, out := s.outflow(trial)
	return change + more, sum + out
}
