package pipenet

import "math"

// apply puts a changed input in force.
func (k *Plant) apply(in int) {
	ch, v := k.channels[in], k.u[in]
	switch ch.role {
	case ambient:
		k.heat.around = v
		for i := range k.net.Links {
			if _, ok := k.p.exchanger(k.net.Links[i].ID); !ok {
				k.heat.pipes[i].around = v
			}
		}
	case supplyTemperature:
		k.heat.supply[ch.at] = v
	case supplyHead:
		k.net.Nodes[ch.at].Elevation = v
	case demandFactor:
		k.period.factor[ch.at] = v
	case service:
		k.heat.pipes[ch.at].around = v
	case command:
		k.steer(ch.at, float64(v*ch.scale))
	case leak:
		k.hole(leakNode(k.net, ch.at))
	case blockage:
		l := &k.net.Links[ch.at]
		k.period.m[ch.at] = minorLoss(l.Minor+blocked(float64(v*k.p.BlockedShare)), l.Diameter)
	case insulationLoss, fouling:
		k.heat.pipes[ch.at].cooling = k.cooling(ch.at)
	case stuck:
		k.stick(ch.at, v)
	case wear:
		l, c := &k.net.Links[ch.at], k.healthy.Links[ch.at].Curve
		left := 1 - float64(v*k.p.WornShare)
		l.Curve.Shutoff, l.Curve.Power, l.Curve.Points = c.Shutoff*left, c.Power*left, nil
		for _, at := range c.Points {
			l.Curve.Points = append(l.Curve.Points, Point{at.Flow, at.Head * left})
		}
	}
}

// blocked is the loss coefficient of a cross-section of which a share is blocked,
// after Borda and Carnot.
func blocked(share float64) float64 {
	x := 1/(1-share) - 1
	return float64(x * x)
}

// orifice is the discharge coefficient of a hole.
const orifice = 0.6

// hole adds up the leaks at a junction: q = Cd·A·√2gh.
func (k *Plant) hole(v int) {
	c := k.healthy.Nodes[v].Emitter
	for in := range k.u {
		if ch := k.channels[in]; ch.role == leak && leakNode(k.net, ch.at) == v {
			d := k.p.LeakDiameter * k.net.Links[ch.at].Diameter
			c += float64(k.u[in] * orifice * math.Pi / 4 * d * d * math.Sqrt(2*gravity))
		}
	}
	k.period.SetEmitter(v, c)
}

// cooling is the rate at which liquid in a pipe comes to the temperature around
// it, 1/s: conductance over heat capacity.
func (k *Plant) cooling(i int) float64 {
	volume := k.heat.pipes[i].volume
	if volume == 0 {
		return 0
	}
	l := &k.net.Links[i]
	ua := float64(k.p.Conductance*math.Pi*l.Diameter*l.Length) * (1 + float64(k.fault(i, insulationLoss)*(k.p.UninsulatedFactor-1)))
	if e, ok := k.p.exchanger(l.ID); ok {
		ua = e.Conductance * (1 - float64(k.fault(i, fouling)*k.p.FoulingShare))
	}
	return ua / (k.net.Density * k.p.HeatCapacity * volume)
}

// tankCooling is a tank's conductance over the liquid's heat capacity, m³/s: by
// its roof, its floor and half its wall.
func (k *Plant) tankCooling(v int) float64 {
	n := &k.net.Nodes[v]
	if n.Kind != Tank {
		return 0
	}
	area := math.Pi * n.Diameter * (n.Diameter + n.MaxLevel) / 2
	return k.p.TankConductance * area / (k.net.Density * k.p.HeatCapacity)
}
