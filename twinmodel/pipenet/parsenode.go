package pipenet

import (
	"errors"
	"fmt"
)

func (p *parser) addNode(n Node, r row) error {
	if _, ok := p.nodes[n.ID]; ok {
		return fmt.Errorf("node %s is there twice", n.ID)
	}
	n.Line = r.line
	p.nodes[n.ID] = len(p.net.Nodes)
	p.net.Nodes = append(p.net.Nodes, n)
	return nil
}

// patternAt is the pattern named in a field, or what holds without one.
func (p *parser) patternAt(r row, i, otherwise int) (int, error) {
	if i >= len(r.f) {
		return otherwise, nil
	}
	k, ok := p.patterns[r.f[i]]
	if !ok {
		return 0, fmt.Errorf("no pattern %s", r.f[i])
	}
	return k, nil
}

func (p *parser) readJunction(r row) error {
	var z, base float64
	k, err := p.patternAt(r, 3, p.pattern)
	if err := errors.Join(err, r.numbers(1, &z, &base)); err != nil {
		return err
	}
	return p.addNode(Node{ID: r.f[0], Elevation: z * p.units.length, Pattern: -1,
		Demands: []Demand{{base * p.demand * p.units.flow, k}}}, r)
}

func (p *parser) readReservoir(r row) error {
	var head float64
	k, err := p.patternAt(r, 2, -1)
	if err := errors.Join(err, r.need(2), r.numbers(1, &head)); err != nil {
		return err
	}
	return p.addNode(Node{ID: r.f[0], Kind: Reservoir, Elevation: head * p.units.length, Pattern: k}, r)
}

func (p *parser) readTank(r row) error {
	var z, level, low, high, d, volume float64
	if err := errors.Join(r.need(6), r.numbers(1, &z, &level, &low, &high, &d, &volume)); err != nil {
		return err
	}
	u := p.units.length
	var volumes []Volume
	if len(r.f) > 7 && r.f[7] != "*" {
		if len(p.curves[r.f[7]]) == 0 {
			return fmt.Errorf("no curve %s", r.f[7])
		}
		for _, c := range p.curves[r.f[7]] {
			volumes = append(volumes, Volume{c[0] * u, c[1] * u * u * u})
		}
	}
	return p.addNode(Node{Volumes: volumes, ID: r.f[0], Kind: Tank, Elevation: z * u, Level: level * u, MinLevel: low * u, MaxLevel: high * u, Diameter: d * u, Pattern: -1}, r)
}

func (p *parser) nodeAt(r row, i int) (int, error) {
	if i >= len(r.f) {
		return 0, errors.New("a node is missing")
	}
	v, ok := p.nodes[r.f[i]]
	if !ok {
		return 0, fmt.Errorf("no node %s", r.f[i])
	}
	return v, nil
}

// readDemand: demands listed here replace the one of [JUNCTIONS].
func (p *parser) readDemand(r row) error {
	var base float64
	v, err := p.nodeAt(r, 0)
	k, err2 := p.patternAt(r, 2, p.pattern)
	if err := errors.Join(err, err2, r.need(2), r.numbers(1, &base)); err != nil {
		return err
	}
	n := &p.net.Nodes[v]
	if !p.listed[v] {
		p.listed[v] = true
		n.Demands = nil
	}
	n.Demands = append(n.Demands, Demand{base * p.demand * p.units.flow, k})
	return nil
}

// readEmitter: the coefficient is flow at one unit of pressure.
func (p *parser) readEmitter(r row) error {
	var c float64
	v, err := p.nodeAt(r, 0)
	if err := errors.Join(err, r.need(2), r.numbers(1, &c)); err != nil {
		return err
	}
	p.net.Nodes[v].Emitter = c * p.units.flow / emitterScale(p.units.pressure, p.net.Exponent)
	return nil
}
