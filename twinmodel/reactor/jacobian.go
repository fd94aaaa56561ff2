package reactor

import (
	"math"

	"twinrig/twinmodel/ode"
)

// slopes are gradients by the states.
type slopes struct {
	temperature, solids, transfer, toJacket, jacket []float64
	rate                                            [][]float64
}

func newSlopes(states, steps int) slopes {
	row := func() []float64 { return make([]float64, states) }
	s := slopes{row(), row(), row(), row(), row(), make([][]float64, steps)}
	for j := range s.rate {
		s.rate[j] = row()
	}
	return s
}

// axpy adds a·v to row.
func axpy(row []float64, a float64, v []float64) {
	for i, e := range v {
		row[i] += float64(a * e)
	}
}

// Jacobian implements ode.DifferentiableHybrid.
func (r *reactor) Jacobian(t float64, x []float64, d *ode.Discrete, j []float64) {
	clear(j)
	if d.Modes[modeRuptured] == 1 {
		return
	}
	r.look(t, x, d)
	r.slopesOfState(x)
	r.slopesOfRates()
	r.slopesOfJacket()

	row := func(i int) []float64 { return j[i*r.n:][:r.n] }
	own := func(y int) []float64 { return row(r.at(y)) }
	p, s := &r.present, &r.slopes
	overflow := p.feed * r.p.Feed.Flow / p.volume
	for i, sp := range r.p.Species {
		row(i)[i] -= overflow
		own(yOverflown)[i] += float64(overflow * sp.Units)
	}
	for k := range r.p.Steps {
		step := &r.p.Steps[k]
		for i, y := range step.Yields {
			axpy(row(i), y, s.rate[k])
		}
		axpy(own(yReleased), -step.Enthalpy, s.rate[k])
	}
	own(yInhibitor)[r.at(yInhibitor)] = -r.dosing()
	r.slopesOfPressure(x, d, own(yPressure))
	r.slopesOfHeat(own)
	r.slopesOfCircuit(x, own)
}

// slopesOfState are those of temperature and solids.
func (r *reactor) slopesOfState(x []float64) {
	p, s := &r.present, &r.slopes
	clear(s.temperature)
	clear(s.solids)
	s.temperature[r.at(yHeat)] = 1 / p.capacity
	for i, sp := range r.p.Species {
		s.temperature[i] = -(p.temperature - Freezing) * sp.HeatCapacity / p.capacity
		s.solids[i] = -p.solids * sp.MolarMass / p.mass
	}
	s.solids[1] += r.p.Species[1].MolarMass / p.mass
}

// slopesOfRates are those of the steps, in mol/s.
func (r *reactor) slopesOfRates() {
	p, s, v := &r.present, &r.slopes, &r.p.Viscosity
	for k := range r.p.Steps {
		step, g := &r.p.Steps[k], s.rate[k]
		clear(g)
		rate, order := p.rate[k], 0
		for i, o := range step.Orders {
			if o > 0 {
				g[i] += float64(float64(o) * p.left * p.constant[k] / p.volume * step.powers(p.concentration, i))
				order += o
			}
		}
		for i, sp := range r.p.Species {
			g[i] += float64(rate * float64(1-order) * sp.MolarVolume / p.volume)
		}
		relative := step.Activation / (p.temperature * p.temperature)
		if step.GelExponent > 0 {
			relative -= float64(step.GelExponent * v.bend(p.temperature))
			axpy(g, float64(rate*step.GelExponent*v.Solids), s.solids)
		}
		axpy(g, rate*relative, s.temperature)
		g[r.at(yInhibitor)] -= float64(r.p.InhibitorEffect * p.constant[k] * step.powers(p.concentration, -1))
	}
}

// bend is how fast the logarithm of the viscosity falls with temperature, 1/K.
func (v *Viscosity) bend(temperature float64) float64 {
	return math.Ln10 * v.Slope * v.Scale / (temperature * temperature)
}

// slopesOfJacket are those of the heat to the jacket.
func (r *reactor) slopesOfJacket() {
	p, s, w := &r.present, &r.slopes, &r.p.Wall
	clear(s.jacket)
	switch r.p.Jacket.Circuit {
	case Duty:
		s.jacket[r.at(yJacket)] = 1
	case Loop:
		s.jacket[r.at(yJacket)], s.jacket[r.at(yRise)] = 0.5, 0.5
	}
	// The film, by the viscosity at the wall.
	clear(s.transfer)
	if w.FilmExponent != 0 {
		behind := r.stirred()
		through := r.throughDeposits(p.film) / p.film
		slope := behind * through * through * p.film * w.FilmExponent * p.wall
		axpy(s.transfer, slope*r.p.Viscosity.Solids, s.solids)
		bend := -0.5 * slope * r.p.Viscosity.bend(p.wallAt)
		axpy(s.transfer, bend, s.temperature)
		axpy(s.transfer, bend, s.jacket)
	}
	clear(s.toJacket)
	conductance, over := p.transfer*p.wetted, p.temperature-p.jacket
	axpy(s.toJacket, conductance, s.temperature)
	axpy(s.toJacket, -conductance, s.jacket)
	axpy(s.toJacket, p.wetted*over, s.transfer)
	if full := w.Area + float64(w.AreaPerVolume*p.volume); p.wetted > 0 {
		share := p.wetted / full
		for i, sp := range r.p.Species {
			s.toJacket[i] += float64(p.transfer * over * share * w.AreaPerVolume * sp.MolarVolume)
		}
	}
}

// slopesOfPressure is the row of the pressure.
func (r *reactor) slopesOfPressure(x []float64, d *ode.Discrete, row []float64) {
	if d.Modes[modeVent] == 0 {
		return
	}
	p, s := &r.present, &r.slopes
	perMole := gasConstant * p.temperature / r.p.Headspace.Volume
	for k := range r.p.Steps {
		axpy(row, perMole*r.p.Steps[k].Gas, s.rate[k])
	}
	row[r.at(yPressure)] -= float64(perMole * r.conductance(d))
	axpy(row, r.pressureRise(x, d)/p.temperature, s.temperature)
}

// slopesOfHeat are the rows of enthalpy and of heat over the boundary.
func (r *reactor) slopesOfHeat(own func(int) []float64) {
	p, s := &r.present, &r.slopes
	heat := own(yHeat)
	book := func(flux, a float64, slope []float64) {
		axpy(heat, a, slope)
		r.bookSlope(own, flux, a, slope)
	}
	reaction := 0.0
	for k, h := range p.heat {
		reaction += float64(h * p.rate[k])
	}
	for k, h := range p.heat {
		book(reaction, h, s.rate[k])
		book(reaction, p.rate[k]*r.gained(&r.p.Steps[k]), s.temperature)
	}
	overflow := p.feed * r.overflowHeat()
	book(-overflow*(p.temperature-Freezing), -overflow, s.temperature)
	loss := r.p.Wall.Loss
	book(-loss*(p.temperature-Freezing-r.u[inAmbient]), -loss, s.temperature)
	axpy(heat, -1, s.toJacket)
}

// bookSlope books a·slope on the side on which across books the flux.
func (r *reactor) bookSlope(own func(int) []float64, flux, a float64, slope []float64) {
	if flux > 0 {
		axpy(own(yHeatIn), a, slope)
	} else {
		axpy(own(yHeatOut), -a, slope)
	}
}

// slopesOfCircuit are the rows of the jacket's own states.
func (r *reactor) slopesOfCircuit(x []float64, own func(int) []float64) {
	p, s, j := &r.present, &r.slopes, &r.p.Jacket
	jacket, rise := r.at(yJacket), r.at(yRise)
	switch j.Circuit {
	case Flow:
		r.bookSlope(own, -p.toJacket, -1, s.toJacket)
	case Duty:
		duty, slope := r.duty(x[r.at(yValve)], p.jacket)
		axpy(own(yJacket), 1/j.Capacity, s.toJacket)
		axpy(own(yJacket), slope/j.Capacity, s.jacket)
		r.bookSlope(own, duty, slope, s.jacket)
	case Loop:
		flow := float64(j.Flow * j.SpecificC)
		axpy(own(yJacket), 1/j.Capacity, s.toJacket)
		own(yJacket)[jacket] -= flow / j.Capacity
		own(yRise)[rise] = -(1 + r.gain(x[r.at(yValve)])) / j.Lag
		own(yPipes)[rise], own(yPipes)[jacket] = flow, flow
		if x[rise] > 0 {
			own(yHeatIn)[rise] += flow
		} else {
			own(yHeatOut)[rise] -= flow
		}
	}
}
