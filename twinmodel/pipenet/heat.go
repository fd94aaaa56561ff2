package pipenet

import (
	"fmt"
	"math"

	"twinrig/twinmodel/detmath"
)

// heat carries temperature through a network whose flows are known: plug flow
// and cooling in pipes, mixing at nodes, stirred tanks. Amounts of heat are in
// K·m³: the liquid's heat capacity multiplies all of them.
type heat struct {
	net     *Network
	pipes   []stream  // by link; other links have no volume
	node    []float64 // °C, by node: what leaves it
	supply  []float64 // °C, by node: of what enters the network there
	cooling []float64 // of tanks, m³/s: conductance over the liquid's heat capacity
	around  float64   // °C

	in, out float64 // K·m³ over the network's boundary since the start

	sum, volume []float64 // what arrived at a node in this step
	waiting     []int     // links into a node whose liquid comes through from the node before
	queue       []int
	outgoing    [][]int // links at a node
	done        []bool
}

func newHeat(n *Network, temperature float64) *heat {
	nodes := len(n.Nodes)
	h := &heat{net: n, pipes: make([]stream, len(n.Links)), around: temperature, waiting: make([]int, nodes),
		queue: make([]int, 0, nodes), outgoing: make([][]int, nodes), done: make([]bool, nodes)}
	for _, p := range []*[]float64{&h.node, &h.supply, &h.cooling, &h.sum, &h.volume} {
		*p = make([]float64, nodes)
	}
	for i := range n.Nodes {
		h.node[i], h.supply[i] = temperature, temperature
	}
	for i := range n.Links {
		l := &n.Links[i]
		if l.Kind <= CheckPipe {
			h.pipes[i] = newStream(math.Pi/4*l.Diameter*l.Diameter*l.Length, temperature)
			h.pipes[i].around = temperature
		}
		h.outgoing[l.From] = append(h.outgoing[l.From], i)
		h.outgoing[l.To] = append(h.outgoing[l.To], i)
	}
	return h
}

// step moves liquid for dt with the solver's flows. Content of a tank is what it
// holds at the beginning, in m³.
func (h *heat) step(s *Solver, content []float64, dt float64) error {
	clear(h.sum)
	clear(h.volume)
	clear(h.waiting)
	clear(h.done)
	for i := range h.net.Links {
		q := s.Flow[i]
		_, to := ends(&h.net.Links[i], q)
		h.volume[to] += math.Abs(float64(q * dt))
		if p := &h.pipes[i]; p.volume > 0 {
			h.sum[to] += p.leave(q, dt)
			if p.through > 0 {
				h.waiting[to]++
			}
		} else if q != 0 {
			h.waiting[to]++
		}
	}
	if err := h.mix(s, dt); err != nil {
		return err
	}
	for i := range h.net.Links {
		if p := &h.pipes[i]; p.volume > 0 {
			from, _ := ends(&h.net.Links[i], s.Flow[i])
			p.enter(h.node[from])
			h.give(p.lost)
		}
	}
	h.boundary(s, content, dt)
	return nil
}

// ends are the nodes a flow leaves and comes to.
func ends(l *Link, q float64) (from, to int) {
	if q < 0 {
		return l.To, l.From
	}
	return l.From, l.To
}

// give counts heat that goes out, or in when negative.
func (h *heat) give(heat float64) {
	if heat > 0 {
		h.out += heat
	} else {
		h.in -= heat
	}
}

// mix finds the temperatures of the nodes, each after those before it.
func (h *heat) mix(s *Solver, dt float64) error {
	h.queue = h.queue[:0]
	for v := range h.net.Nodes {
		if h.net.Nodes[v].Kind != Junction || h.waiting[v] == 0 {
			h.done[v] = true
			h.queue = append(h.queue, v)
		}
	}
	for head := 0; head < len(h.queue); head++ {
		v := h.queue[head]
		h.settle(v, s.Demand[v], dt)
		for _, i := range h.outgoing[v] {
			from, to := ends(&h.net.Links[i], s.Flow[i])
			if from != v || s.Flow[i] == 0 {
				continue
			}
			if p := &h.pipes[i]; p.volume == 0 || p.through > 0 {
				h.sum[to] += h.carried(i, s.Flow[i], dt, h.node[v])
				if h.waiting[to]--; h.waiting[to] == 0 && !h.done[to] {
					h.done[to] = true
					h.queue = append(h.queue, to)
				}
			}
		}
	}
	if len(h.queue) < len(h.net.Nodes) {
		return h.round(s, dt)
	}
	return nil
}

// carried is what comes through a link from the node before it.
func (h *heat) carried(i int, q, dt, temperature float64) float64 {
	if h.pipes[i].volume == 0 {
		return float64(math.Abs(float64(q*dt)) * temperature)
	}
	return h.pipes[i].pass(temperature)
}

// settle is the temperature of one node. A tank gives what it held; a junction
// into which nothing flows keeps its temperature.
func (h *heat) settle(v int, demand, dt float64) {
	switch {
	case h.net.Nodes[v].Kind == Reservoir:
		h.node[v] = h.supply[v]
	case h.net.Nodes[v].Kind == Tank:
	case h.volume[v] > 0 || demand < 0:
		fed := math.Max(0, float64(-demand*dt))
		h.node[v] = (h.sum[v] + float64(fed*h.supply[v])) / (h.volume[v] + fed)
	}
}

// round solves for nodes on a circle through links that hold less than flows in
// a step: sweeps until nothing changes.
func (h *heat) round(s *Solver, dt float64) error {
	sum := append([]float64(nil), h.sum...)
	for range 2000 {
		change := 0.0
		for v, ok := range h.done {
			if ok {
				continue
			}
			h.sum[v] = sum[v]
			for _, i := range h.outgoing[v] {
				from, to := ends(&h.net.Links[i], s.Flow[i])
				if p := &h.pipes[i]; to == v && s.Flow[i] != 0 && !h.done[from] && (p.volume == 0 || p.through > 0) {
					h.sum[v] += h.carried(i, s.Flow[i], dt, h.node[from])
				}
			}
			old := h.node[v]
			h.settle(v, s.Demand[v], dt)
			change = math.Max(change, math.Abs(h.node[v]-old))
		}
		if change <= 1e-12 {
			return nil
		}
	}
	for v, ok := range h.done {
		if !ok {
			return fmt.Errorf("node %s: liquid goes round in a circle that is fed by nothing", h.net.Nodes[v].ID)
		}
	}
	return nil
}

// boundary takes what reservoirs and consumers exchange with the network, and
// stirs the tanks.
func (h *heat) boundary(s *Solver, content []float64, dt float64) {
	for v := range h.net.Nodes {
		switch h.net.Nodes[v].Kind {
		case Junction:
			drawn := s.Leak[v] + s.Drawn[v]
			if d := s.Drawn[v]; d < 0 {
				h.in += float64(-d * dt * h.supply[v])
				drawn -= d
			}
			h.out += float64(drawn * dt * h.node[v])
		case Reservoir:
			h.out += h.sum[v]
			h.in += float64(h.drawn(s, v) * dt * h.node[v])
		case Tank:
			h.stir(s, v, content[v], dt)
		}
	}
}

// drawn is what flows out of a node into links.
func (h *heat) drawn(s *Solver, v int) (q float64) {
	for _, i := range h.outgoing[v] {
		if from, _ := ends(&h.net.Links[i], s.Flow[i]); from == v {
			q += math.Abs(s.Flow[i])
		}
	}
	return q
}

func (h *heat) stir(s *Solver, v int, content, dt float64) {
	out := float64(h.drawn(s, v) * dt)
	left := content + h.volume[v] - out
	if left <= 1e-9 {
		return
	}
	t := (float64((content-out)*h.node[v]) + h.sum[v]) / left
	keep := detmath.Exp(-h.cooling[v] * dt / left)
	h.give(float64(left * (1 - keep) * (t - h.around)))
	h.node[v] = h.around + float64(keep*(t-h.around))
}

// content is the integral of the temperature over all liquid, in K·m³.
func (h *heat) content(p *Period) (sum float64) {
	for i := range h.pipes {
		sum += h.pipes[i].content()
	}
	for v := range h.net.Nodes {
		if n := &h.net.Nodes[v]; n.Kind == Tank {
			sum += float64(p.content(v, p.Head[v]-n.Elevation) * h.node[v])
		}
	}
	return sum
}
