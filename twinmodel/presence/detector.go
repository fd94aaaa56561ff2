package presence

import (
	"math"

	"twinrig/twinmodel/detmath"
	"twinrig/twinmodel/ode"
)

// rates are how often something happens that the motion detector could react to,
// at most: movements, draughts, sunbeams, and triggers without a cause.
type rates struct{ people, draught, sun, chance float64 }

func (r rates) sum() float64 { return r.people + r.draught + r.sun + r.chance }

func (r *room) rates(d *ode.Discrete) rates {
	each := r.p.StillRate + float64(r.u[inActivity]*(r.p.ActiveRate-r.p.StillRate))
	return rates{
		people:  float64(r.people(d) * each),
		draught: float64(r.p.TriggerRate * r.u[inDraught]),
		sun:     float64(r.p.TriggerRate * r.u[inSunOnDetector]),
		chance:  r.p.FalseTrigger,
	}
}

// await draws when the next thing happens. Waiting has no memory, so it may be
// drawn anew whenever the rates change.
func (r *room) await(t float64, d *ode.Discrete) {
	rate := r.rates(d).sum()
	d.Modes[modeRate] = int64(math.Float64bits(rate))
	d.Timers[timerMovement] = ode.Never
	if rate > 0 {
		r.motionChance.load(d.Modes)
		d.Timers[timerMovement] = t - float64(detmath.Log(r.motionChance.uniform())/rate)
		r.motionChance.save(d.Modes)
	}
}

// happen is one thing the detector could react to.
func (r *room) happen(t float64, x []float64, d *ode.Discrete) {
	now := r.rates(d)
	r.motionChance.load(d.Modes)
	which := r.motionChance.uniform() * now.sum()
	seen, cause := false, modeFalse
	switch {
	case which < now.people:
		d.Modes[modeMovements]++
		seen, cause = r.sees(x[xAir]), modeDetections
	case which < now.people+now.draught:
		seen = r.motionChance.uniform() < r.heating(x[xAir])/math.Max(1, r.p.HeatingPower)
	case which < now.people+now.draught+now.sun:
		seen = r.motionChance.uniform() < r.irradiance(t)/500
	default:
		seen = true
	}
	r.motionChance.save(d.Modes)
	if seen {
		d.Modes[cause]++
		d.Modes[modeMotion], d.Timers[timerHold] = 1, t+r.p.Hold
	}
	r.await(t, d)
}

// sees decides on one movement, somewhere in the room.
func (r *room) sees(air float64) bool {
	x, y := r.p.Length*r.motionChance.uniform(), r.p.Width*r.motionChance.uniform()
	contrast := unit((r.p.SkinSurface - air) / r.p.SkinContrast)
	visible := r.p.Detection * contrast * (1 - r.u[inCovered])
	return r.motionChance.uniform() < visible && r.inField(x, y)
}

// inField reports whether a place, in m from the detector's corner, is seen.
func (r *room) inField(x, y float64) bool {
	distance := math.Sqrt(float64(x*x) + float64(y*y))
	along := float64(x*r.look[0]) + float64(y*r.look[1])
	return distance <= r.p.Range && along >= distance*r.fieldCosine
}
