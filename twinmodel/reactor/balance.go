package reactor

import "twinrig/twinmodel/ode"

// Derivatives implements ode.Hybrid. The ledgers' integrals stand beside the
// balances they must agree with.
func (r *reactor) Derivatives(t float64, x []float64, d *ode.Discrete, dx []float64) {
	clear(dx)
	if d.Modes[modeRuptured] == 1 {
		return
	}
	r.look(t, x, d)
	p := &r.present
	overflow := p.feed * r.p.Feed.Flow / p.volume
	for i, s := range r.p.Species {
		out := float64(overflow * x[i])
		dx[i] = float64(p.feed*r.feedStrength()*r.p.Feed.Species[i]) - out
		dx[r.at(yOverflown)] += float64(s.Units * out)
	}
	for j := range r.p.Steps {
		for i, y := range r.p.Steps[j].Yields {
			dx[i] += float64(y * p.rate[j])
		}
	}
	dx[r.at(yFed)] = p.feed * r.feedStrength()
	dx[r.at(yReleased)] = p.released
	dx[r.at(yInhibitor)] = r.dosing() * (1 - x[r.at(yInhibitor)])
	dx[r.at(yPressure)] = r.pressureRise(x, d)
	r.heatBalance(t, x, d, dx)
}

// dosing is the speed at which inhibitor spreads, 1/s.
func (r *reactor) dosing() float64 {
	return r.u[inInhibitor] * (1 - r.u[inInhibitorMissing]) / r.p.InhibitorTime
}

// heatBalance writes the derivatives of enthalpy and jacket.
func (r *reactor) heatBalance(t float64, x []float64, d *ode.Discrete, dx []float64) {
	p := &r.present
	in, out := &dx[r.at(yHeatIn)], &dx[r.at(yHeatOut)]
	reaction := 0.0
	for j, h := range p.heat {
		reaction += float64(h * p.rate[j])
	}
	feed := float64(p.feed * r.feedHeat() * (r.p.Feed.Temperature - Freezing))
	overflow := float64(p.feed * r.overflowHeat() * (p.temperature - Freezing))
	loss := float64(r.p.Wall.Loss * (p.temperature - Freezing - r.u[inAmbient]))
	dx[r.at(yHeat)] = feed - overflow + reaction - p.toJacket - loss
	across(feed, in, out)
	across(-overflow, in, out)
	across(reaction, in, out)
	across(-loss, in, out)
	r.jacketBalance(t, x, d, dx)
}

// feedHeat is the heat capacity of the feed at full stroke, W/K.
func (r *reactor) feedHeat() float64 {
	c := r.overflowHeat()
	for i, s := range r.p.Species {
		c += float64(r.feedStrength() * r.p.Feed.Species[i] * s.HeatCapacity)
	}
	return c
}

// overflowHeat is that of the carrier, which is all that can overflow.
func (r *reactor) overflowHeat() float64 {
	return r.p.Feed.Flow * r.p.CarrierCapacity / r.p.CarrierVolume
}

// across books a flux over the boundary on the side its sign asks for.
func across(flux float64, in, out *float64) {
	if flux > 0 {
		*in += float64(flux)
	} else {
		*out -= float64(flux)
	}
}
