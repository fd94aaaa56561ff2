package pipenet

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// drive is what moves a pump's speed or a valve's setting, in SI: a share of the
// rated speed or of the stroke, m of head, or m³/s.
type drive struct {
	position, target float64
	frozen           float64 // loss coefficient of a regulating valve that sticks; 0 regulates
}

// leastOpening is what a throttle valve needs to pass anything.
const leastOpening = 0.005

// span is how far a drive can go.
func (k *Plant) span(i int) float64 {
	in := k.commands[i]
	return float64(k.spec.Signals[in].Max * k.channels[in].scale)
}

// rate is how fast a drive moves, per s.
func (k *Plant) rate(i int) float64 {
	if k.net.Links[i].Kind == Pump {
		return 1 / k.p.PumpRamp
	}
	return k.span(i) / k.p.ValveStroke * (1 - k.fault(i, stuck))
}

// fault is how bad a fault of a link is.
func (k *Plant) fault(i int, r role) float64 {
	if in := k.faults[r][i]; in >= 0 {
		return k.u[in]
	}
	return 0
}

// moving reports whether anything is on its way.
func (k *Plant) moving() bool {
	for i, in := range k.commands {
		if d := &k.drives[i]; in >= 0 && d.position != d.target && k.rate(i) > 0 {
			return true
		}
	}
	return false
}

// move brings drives nearer to their targets.
func (k *Plant) move(dt float64) {
	for i, in := range k.commands {
		d := &k.drives[i]
		if in < 0 || d.position == d.target {
			continue
		}
		if way := k.rate(i) * dt; math.Abs(d.target-d.position) <= way {
			d.position = d.target
		} else {
			d.position += math.Copysign(way, d.target-d.position)
		}
	}
}

// drive puts a position in force.
func (k *Plant) drive(i int) {
	if k.commands[i] < 0 {
		return
	}
	p, l, d := k.period, &k.net.Links[i], &k.drives[i]
	switch l.Kind {
	case Pump:
		p.speed[i] = d.position * (1 - k.fault(i, trip))
	case TCV:
		if l.Fixed {
			return
		}
		if d.position < leastOpening {
			p.state[i] = closed
			return
		}
		if p.state[i] == closed && !l.Closed {
			p.open(i)
		}
		trim := 2 * (1 - d.position) * detmath.Log(k.p.Rangeability)
		p.m[i] = minorLoss(math.Max(l.Setting, 1e-3)*detmath.Exp(trim), l.Diameter)
	default:
		if d.frozen > 0 {
			p.m[i] = minorLoss(d.frozen, l.Diameter)
		} else {
			p.setting[i], p.m[i] = d.position, minorLoss(l.Minor, l.Diameter)
		}
	}
}

// obeyed takes over what the network's own controls have set.
func (k *Plant) obeyed() {
	for i, in := range k.commands {
		if in < 0 {
			continue
		}
		p, d := k.period, &k.drives[i]
		switch kind := k.net.Links[i].Kind; {
		case kind == Pump && p.speed[i] != d.position*(1-k.fault(i, trip)):
			d.position, d.target = p.speed[i], p.speed[i]
		case kind > Pump && kind != TCV && d.frozen == 0 && p.setting[i] != d.position:
			d.position, d.target = p.setting[i], p.setting[i]
		default:
			continue
		}
		k.u[in] = math.Min(k.spec.Signals[in].Max, d.target/k.channels[in].scale)
	}
}

// steer takes over a command. It opens what was closed.
func (k *Plant) steer(i int, target float64) {
	k.drives[i].target = target
	if l := &k.net.Links[i]; l.Closed && target > 0 {
		l.Closed = false
		if k.period.state[i] == closed {
			k.period.open(i)
		}
	}
}

// stick holds a regulating valve where it stands: from then on it is a fixed
// opening.
func (k *Plant) stick(i int, how float64) {
	l, d, p := &k.net.Links[i], &k.drives[i], k.period
	regulates := l.Kind == PRV || l.Kind == PSV || l.Kind == FCV
	switch {
	case !regulates || l.Closed || k.healthy.Links[i].Fixed:
	case how == 1 && d.frozen == 0 && p.state[i] == active:
		q, loss := p.Flow[i], math.Abs(p.Head[l.From]-p.Head[l.To])
		d.frozen = 1e12
		if a := float64(q * q); a > 1e-12 {
			d.frozen = math.Min(1e12, math.Max(1e-3, loss/(a*minorLoss(1, l.Diameter))))
		}
		l.Fixed, p.state[i] = true, open
	case how < 1 && d.frozen > 0:
		d.frozen, l.Fixed, p.state[i] = 0, false, active
	}
}
