package reactor

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// follows is the fastest rate times the step that a step of the Runge-Kutta
// method follows to a millionth.
const follows = 0.25

// Step moves every tank by one step.
func (f *Fleet) Step() {
	for i := range f.tank {
		if f.burst[i] {
			continue
		}
		c, t := f.concentration[i], f.temperature[i]
		b := &f.tank[i]
		rate := float64(b.factor * detmath.Exp(-f.activation/t))
		if f.h*f.fastest(b, c, t, rate) > follows {
			f.slowly(i)
			continue
		}
		c, t = f.advance(b, c, t, rate, f.h)
		f.concentration[i], f.temperature[i] = c, t
		if t > f.hottest {
			f.give(i)
		}
	}
	f.ticks++
}

// fastest is a bound of the rates at which concentration and temperature change;
// rate is the reaction's constant at t.
func (f *Fleet) fastest(b *coefficients, c, t, rate float64) float64 {
	return rate + b.dilution + b.cooling + float64(math.Abs(f.rise*rate*c)*f.activation/float64(t*t))
}

// slowly moves a tank by one step in several. Where the reaction ends is not
// known before, so each is as long as the state at its start allows.
func (f *Fleet) slowly(i int) {
	b := &f.tank[i]
	for left := f.h; left > 0 && !f.burst[i]; {
		c, t := f.concentration[i], f.temperature[i]
		rate := float64(b.factor * detmath.Exp(-f.activation/t))
		h := left
		if longest := follows / f.fastest(b, c, t, rate); longest < h {
			h = longest
		}
		f.concentration[i], f.temperature[i] = f.advance(b, c, t, rate, h)
		left -= h
		if f.temperature[i] > f.hottest {
			f.give(i)
		}
	}
}

// give bursts a vessel: chemistry ends there.
func (f *Fleet) give(i int) { f.burst[i], f.temperature[i] = true, f.hottest }

// advance is a step of the Runge-Kutta method from c and t, where the reaction's
// constant is rate.
func (f *Fleet) advance(b *coefficients, c, t, rate, h float64) (float64, float64) {
	half := float64(0.5 * h)
	c1, t1 := f.slope(b, c, t, rate)
	x, y := c+float64(half*c1), t+float64(half*t1)
	c2, t2 := f.slope(b, x, y, b.factor*detmath.Exp(-f.activation/y))
	x, y = c+float64(half*c2), t+float64(half*t2)
	c3, t3 := f.slope(b, x, y, b.factor*detmath.Exp(-f.activation/y))
	x, y = c+float64(h*c3), t+float64(h*t3)
	c4, t4 := f.slope(b, x, y, b.factor*detmath.Exp(-f.activation/y))
	sixth := h * (1.0 / 6)
	return c + float64(sixth*(c1+float64(2*(c2+c3))+c4)), t + float64(sixth*(t1+float64(2*(t2+t3))+t4))
}

// slope is the balance of reactant and of heat.
func (f *Fleet) slope(b *coefficients, c, t, rate float64) (dc, dt float64) {
	r := float64(rate * c)
	return float64(b.dilution*(b.inflow-c)) - r,
		float64(b.dilution*(f.feed-t)) + float64(f.rise*r) - float64(b.cooling*(t-b.around))
}

// rate of the reaction in a tank, mol/(m³·s).
func (f *Fleet) rate(i int) float64 {
	if f.burst[i] {
		return 0
	}
	return f.tank[i].factor * detmath.Exp(-f.activation/f.temperature[i]) * f.concentration[i]
}
