package reactor

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/ode"
)

// cooling and heating are how far the valve is open for either, 0 to 1.
func cooling(valve float64) float64 { return math.Max(0, (50-valve)/50) }

func heating(valve float64) float64 { return math.Max(0, (valve-50)/50) }

// cool evaluates jacket and wall.
func (r *reactor) cool(t float64, x []float64, d *ode.Discrete) {
	p, w := &r.present, &r.p.Wall
	valve := x[r.at(yValve)]
	share := 1.0
	p.coolant = cooling(valve) * (1 - r.u[inCoolingLoss])
	switch r.p.Jacket.Circuit {
	case Flow:
		p.jacket = r.p.Jacket.Cold
		share = p.coolant
		if valve > 50 {
			p.jacket, share = r.p.Jacket.Hot, heating(valve)
		}
		p.inlet = p.jacket
	case Duty:
		p.jacket = x[r.at(yJacket)]
		p.inlet = p.jacket
	case Loop:
		p.inlet = x[r.at(yRise)] + d.Past(delayOutlet, t)
		p.jacket = float64(0.5*p.inlet) + float64(0.5*x[r.at(yJacket)])
		p.coolant = 0
		if valve < 50 {
			p.coolant = r.gain(valve)
		}
	}
	p.wallAt = float64(0.5*p.temperature) + float64(0.5*p.jacket)
	p.wall = r.p.Viscosity.at(p.solids, p.wallAt)
	p.film = w.Film
	if w.FilmExponent != 0 {
		p.film *= detmath.Exp(float64(w.FilmExponent * p.wall))
	}
	p.transfer = r.stirred() * r.throughDeposits(p.film)
	p.wetted = share * (w.Area + float64(w.AreaPerVolume*p.volume))
	p.toJacket = p.transfer * p.wetted * (p.temperature - p.jacket)
}

// stirred is the share of the heat transfer that the agitator's speed leaves.
func (r *reactor) stirred() float64 {
	return r.p.Wall.Unstirred + float64((1-r.p.Wall.Unstirred)*r.stirring())
}

// throughDeposits is a heat transfer coefficient behind what has settled.
func (r *reactor) throughDeposits(film float64) float64 {
	resistance := r.p.Wall.Fouling + float64(r.p.Wall.WorstFouling*r.u[inFouling])
	return film / (1 + float64(film*resistance))
}

// gain is the share of a loop's water that its valve replaces: an
// equal-percentage characteristic on either side, nothing when it is shut.
func (r *reactor) gain(valve float64) float64 {
	j := &r.p.Jacket
	switch {
	case valve < 50:
		return j.ColdGain * detmath.Pow(j.TurnDown, -valve/50) * (1 - r.u[inCoolingLoss])
	case valve > 50:
		return j.HotGain * detmath.Pow(j.TurnDown, valve/50-2)
	}
	return 0
}

// pinch is how near a duty's utility brings the jacket to its own temperature
// before it takes or brings less heat, K.
const pinch = 10.0

// duty is the heat a jacket of that kind takes up, W, and its change with the
// jacket's temperature.
func (r *reactor) duty(valve, jacket float64) (heat, slope float64) {
	j := &r.p.Jacket
	full, over := -j.Cooling*cooling(valve)*(1-r.u[inCoolingLoss]), jacket-j.Cold
	if valve > 50 {
		full, over = j.Heating*heating(valve), j.Hot-jacket
	}
	switch {
	case over >= pinch:
		return full, 0
	case over <= 0:
		return 0, 0
	case valve > 50:
		return full * over / pinch, -full / pinch
	}
	return full * over / pinch, full / pinch
}

// utility is the temperature of what the valve lets into a loop.
func (r *reactor) utility(valve float64) float64 {
	if valve > 50 {
		return r.p.Jacket.Hot
	}
	return r.p.Jacket.Cold
}

// jacketBalance writes the derivatives of the jacket's states and books what
// crosses the boundary.
func (r *reactor) jacketBalance(t float64, x []float64, d *ode.Discrete, dx []float64) {
	p, j := &r.present, &r.p.Jacket
	in, out := &dx[r.at(yHeatIn)], &dx[r.at(yHeatOut)]
	dx[r.at(yJacket)], dx[r.at(yRise)], dx[r.at(yPipes)] = 0, 0, 0
	valve := x[r.at(yValve)]
	switch j.Circuit {
	case Flow:
		across(-p.toJacket, in, out)
	case Duty:
		duty, _ := r.duty(valve, p.jacket)
		across(duty, in, out)
		dx[r.at(yJacket)] = (p.toJacket + duty) / j.Capacity
	case Loop:
		flow := float64(j.Flow * j.SpecificC)
		arriving := d.Past(delayRise, t) + d.Past(delayBothPipes, t)
		outlet := x[r.at(yJacket)]
		dx[r.at(yJacket)] = (float64(flow*(arriving-outlet)) + p.toJacket) / j.Capacity
		dx[r.at(yRise)] = (float64(r.gain(valve)*(r.utility(valve)-p.inlet)) - x[r.at(yRise)]) / j.Lag
		dx[r.at(yPipes)] = float64(flow*(p.inlet-arriving)) + float64(flow*(outlet-d.Past(delayOutlet, t)))
		across(flow*x[r.at(yRise)], in, out)
	}
}
