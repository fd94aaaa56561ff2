package pipenet

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Check finds what keeps a network from being solved.
func (n *Network) Check() error {
	if !(finite(n.Density, n.Viscosity, n.Exponent) && n.Density > 0 && n.Viscosity > 0 && n.Exponent > 0) {
		return errors.New("density, viscosity and emitter exponent must be positive")
	}
	if v := n.Service; v.Driven && !(finite(v.Minimum, v.Required) && v.Required > v.Minimum && v.Exponent > 0) {
		return errors.New("required pressure must be above minimum pressure")
	}
	fixed := false
	for i := range n.Nodes {
		if err := n.Nodes[i].check(); err != nil {
			return fmt.Errorf("node %s: %w", n.Nodes[i].ID, err)
		}
		fixed = fixed || n.Nodes[i].Kind != Junction
	}
	if !fixed {
		return errors.New("no reservoir or tank; something must fix the head")
	}
	for i := range n.Links {
		l := &n.Links[i]
		if err := l.check(len(n.Nodes)); err != nil {
			return fmt.Errorf("link %s: %w", l.ID, err)
		}
		for _, v := range []int{l.From, l.To} {
			if (l.Kind == PRV || l.Kind == PSV || l.Kind == FCV) && n.Nodes[v].Kind != Junction {
				return fmt.Errorf("link %s: a valve that regulates cannot stand at %s, whose head is fixed; put a pipe between them", l.ID, n.Nodes[v].ID)
			}
		}
	}
	return n.connected()
}

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func (n *Node) check() error {
	switch {
	case !finite(n.Elevation, n.Emitter, n.Level, n.MinLevel, n.MaxLevel, n.Diameter):
		return errors.New("a value is not a finite number")
	case n.Emitter < 0:
		return errors.New("negative emitter coefficient")
	case n.Kind == Tank && len(n.Volumes) > 0 && !n.risingVolumes():
		return errors.New("its volume curve must rise, from the least level to the highest")
	case n.Kind == Tank && !(n.Diameter > 0) && len(n.Volumes) == 0:
		return fmt.Errorf("diameter %g m is not positive", n.Diameter)
	case n.Kind == Tank && !(n.MinLevel >= 0 && n.MinLevel <= n.Level && n.Level <= n.MaxLevel):
		return fmt.Errorf("initial level %g m is not between %g and %g m", n.Level, n.MinLevel, n.MaxLevel)
	}
	return nil
}

func (n *Node) risingVolumes() bool {
	c := n.Volumes
	for i := range c {
		if !finite(c[i].Level, c[i].Content) || c[i].Content < 0 || i > 0 && !(c[i].Level > c[i-1].Level && c[i].Content > c[i-1].Content) {
			return false
		}
	}
	return len(c) >= 2 && c[0].Level <= n.MinLevel && n.MaxLevel <= c[len(c)-1].Level
}

func (l *Link) check(nodes int) error {
	switch {
	case l.From < 0 || l.From >= nodes || l.To < 0 || l.To >= nodes:
		return errors.New("ends at no node")
	case l.From == l.To:
		return errors.New("begins and ends at the same node")
	case !finite(l.Length, l.Diameter, l.Roughness, l.Minor, l.Setting, l.Speed) || l.Minor < 0 || l.Speed < 0:
		return errors.New("a value is negative or not a finite number")
	case l.Kind <= CheckPipe && !(l.Length > 0 && l.Roughness > 0):
		return errors.New("length and roughness must be positive")
	case l.Kind != Pump && !(l.Diameter > 0):
		return errors.New("diameter must be positive")
	case (l.Kind == FCV || l.Kind == PBV) && l.Setting < 0:
		return errors.New("setting must not be negative")
	case l.Kind == GPV && !risingCurve(l.Loss):
		return errors.New("a GPV needs a curve of two points or more in which flow and loss of head rise")
	case !finite(l.Speeds...) || len(l.Speeds) > 0 && slices.Min(l.Speeds) < 0:
		return errors.New("a speed in its pattern is negative or not a finite number")
	case l.Kind == Pump && l.Curve.Shutoff <= 0 && l.Curve.Power <= 0:
		return errors.New("pump has neither curve nor power")
	}
	return nil
}

func risingCurve(c []Point) bool {
	for i := range c {
		if !finite(c[i].Flow, c[i].Head) || c[i].Flow < 0 || c[i].Head < 0 || i > 0 && !(c[i].Flow > c[i-1].Flow && c[i].Head >= c[i-1].Head) {
			return false
		}
	}
	return len(c) >= 2
}

// connected finds junctions that no path joins to a fixed head.
func (n *Network) connected() error {
	reached, neighbours := make([]bool, len(n.Nodes)), make([][]int, len(n.Nodes))
	for i := range n.Links {
		a, b := n.Links[i].From, n.Links[i].To
		neighbours[a], neighbours[b] = append(neighbours[a], b), append(neighbours[b], a)
	}
	var queue []int
	for i := range n.Nodes {
		if reached[i] = n.Nodes[i].Kind != Junction; reached[i] {
			queue = append(queue, i)
		}
	}
	for head := 0; head < len(queue); head++ {
		for _, w := range neighbours[queue[head]] {
			if !reached[w] {
				reached[w] = true
				queue = append(queue, w)
			}
		}
	}
	for i, ok := range reached {
		if !ok {
			return fmt.Errorf("node %s: not connected to any reservoir or tank; add a link, or remove the node", n.Nodes[i].ID)
		}
	}
	return nil
}
