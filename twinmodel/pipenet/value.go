package pipenet

import (
	"fmt"
	"math"

	"twinrig/twinmodel"
)

// Value implements twinmodel.Plant.
func (k *Plant) Value(signal string) (float64, error) {
	i, ok := k.index[signal]
	if !ok {
		return 0, fmt.Errorf("read pipenet: it has no signal %q", signal)
	}
	if err := k.fresh(); err != nil {
		return 0, err
	}
	if i < len(k.u) {
		return k.u[i], nil
	}
	ch := k.channels[i]
	return k.output(ch) / ch.scale, nil
}

// output is a signal in SI, temperatures in °C.
func (k *Plant) output(ch channel) float64 {
	p, i := k.period, ch.at
	switch ch.role {
	case pipeTemperature:
		s := &k.heat.pipes[i]
		leaving, entering := s.ends()
		if s.back {
			return entering
		}
		return leaving
	case pipePressure:
		v := k.net.Links[i].To
		if k.net.Nodes[v].Kind == Reservoir {
			v = k.net.Links[i].From
		}
		return p.Head[v] - k.net.Nodes[v].Elevation
	case pipeFlow, pumpFlow, valveFlow:
		return p.Flow[i]
	case pumpSpeed:
		return p.speed[i]
	case pumpPower:
		return k.shaftPower(i)
	case valvePosition:
		return k.drives[i].position
	case tankLevel:
		return p.Head[i] - k.net.Nodes[i].Elevation
	case tankTemperature:
		return k.heat.node[i]
	case served:
		return p.Drawn[i]
	}
	sum := 0.0
	for _, q := range p.Leak {
		sum += q
	}
	return math.Max(0, sum)
}

// leastFall keeps the power finite far beyond a pump's best flow.
const leastFall = 0.2

// shaftPower is what a pump's motor takes, W. Efficiency is a parabola of the flow
// that is highest at the best flow, η = ηb·x·(2 − x), which leaves two thirds of the
// rated power with the valve shut.
func (k *Plant) shaftPower(i int) float64 {
	l, p := &k.net.Links[i], k.period
	lift, flow := math.Max(0, p.Head[l.To]-p.Head[l.From]), math.Max(0, p.Flow[i])
	head := lift * k.net.Density * gravity / k.p.Efficiency
	best := l.Curve.BestFlow() * p.speed[i]
	if best <= 0 { // of constant power
		return head * flow
	}
	return head * best / math.Max(leastFall, 2-flow/best)
}

// Ledgers implements twinmodel.Plant: mass, and heat with the liquid at 0 °C as
// zero.
func (k *Plant) Ledgers() []twinmodel.Ledger {
	rho := k.net.Density
	c := rho * k.p.HeatCapacity
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: rho * (k.held() - k.initial.a), In: rho * k.through.a, Out: rho * k.through.b},
		{Quantity: twinmodel.Energy, Unit: "J", Stored: c * (k.heat.content(k.period) - k.initial.b), In: c * k.heat.in, Out: c * k.heat.out},
	}
}

// held is the volume in the tanks; pipes are always full.
func (k *Plant) held() (sum float64) {
	for _, v := range k.contents() {
		sum += v
	}
	return sum
}

// count takes what goes over the boundary in dt.
func (k *Plant) count(dt float64) {
	p := k.period
	for v := range k.net.Nodes {
		q := 0.0
		switch k.net.Nodes[v].Kind {
		case Junction:
			q = p.Drawn[v] + p.Leak[v]
		case Reservoir:
			q = p.inflow(v)
		}
		if q < 0 {
			k.through.a -= float64(q * dt)
		} else {
			k.through.b += float64(q * dt)
		}
	}
}
