package presence

import (
	"math/bits"

	"twinrig/twinmodel/ode"
)

// transition are the probabilities that somebody absent arrives, and that
// somebody present stays, in one tick in which presence goes from p to next, at
// mobility mu (Page et al. 2008). Where the mobility asks for more than a
// probability can give, presence has its way.
func transition(p, next, mu float64) (arrive, stay float64) {
	arrive = unit(float64((mu-1)/(mu+1)*p) + next)
	if p <= 0 {
		return unit(next), 0
	}
	stay = unit(float64((p-1)/p*arrive) + next/p)
	if p < 1 {
		// The other way round, for a stay that had to be cut.
		arrive = unit((next - float64(p*stay)) / (1 - p))
	}
	return arrive, stay
}

func unit(v float64) float64 { return min(1, max(0, v)) }

// presence is the profile at t seconds after the start, on the present kind of day.
func (r *room) presence(t float64) float64 {
	hour := (t + r.midnight) / 3600
	for hour >= 24 {
		hour -= 24
	}
	return r.u[inAttendance] * r.p.Profile.At(hour)
}

// comeAndGo is one tick of the occupants' chain.
func (r *room) comeAndGo(t float64, d *ode.Discrete) {
	arrive, stay := transition(r.presence(t-r.p.Tick), r.presence(t), r.p.Mobility)
	r.peopleChance.load(d.Modes)
	present := uint64(d.Modes[modePresent])
	for i := range r.p.Occupants {
		chance := r.peopleChance.uniform()
		was := present>>i&1 == 1
		if was && chance >= stay || !was && chance < arrive {
			present ^= 1 << i
		}
	}
	r.peopleChance.save(d.Modes)
	d.Modes[modePresent] = int64(present)
	d.Timers[timerTick] = t + r.p.Tick
}

// people is how many are in the room.
func (r *room) people(d *ode.Discrete) float64 {
	return float64(bits.OnesCount64(uint64(d.Modes[modePresent]))) + r.u[inVisitors]
}
