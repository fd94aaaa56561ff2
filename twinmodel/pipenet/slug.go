package pipenet

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// slug is liquid in a pipe that moves without mixing. Its temperature x m³ behind
// its front is base + swing·exp(−rate·x). Cooling towards one temperature keeps
// that form, and so does what enters at a constant flow and temperature and cools
// on its way: nothing is lost to a grid.
type slug struct{ volume, base, swing, rate float64 }

// decline is the mean of exp(−u) for u from 0 to x.
func decline(x float64) float64 {
	if math.Abs(x) < 1e-3 {
		return 1 - float64(x/2*(1-float64(x/3*(1-float64(x/4)))))
	}
	return (1 - detmath.Exp(-x)) / x
}

// at is the temperature x behind the front.
func (s *slug) at(x float64) float64 {
	if s.swing == 0 {
		return s.base
	}
	return s.base + float64(s.swing*detmath.Exp(-s.rate*x))
}

// content is the integral of the temperature over the volume.
func (s *slug) content() float64 {
	if s.swing == 0 {
		return s.base * s.volume
	}
	return s.volume * (s.base + float64(s.swing*decline(s.rate*s.volume)))
}

// cut takes volume x off the front.
func (s *slug) cut(x float64) (front slug) {
	front = slug{x, s.base, s.swing, s.rate}
	s.volume -= x
	if s.swing != 0 {
		s.swing *= detmath.Exp(-s.rate * x)
	}
	return front
}

// cool brings the slug nearer to a temperature: keep is the share of the
// difference that stays.
func (s *slug) cool(to, keep float64) {
	s.base = to + float64(keep*(s.base-to))
	s.swing *= keep
}

// turn exchanges front and back.
func (s *slug) turn() {
	if s.swing != 0 {
		s.swing *= detmath.Exp(-s.rate * s.volume)
		s.rate = -s.rate
	}
}

// leaving is the integral of the temperature with which a slug goes through the
// pipe's end, ahead m³ from its front, while it cools on its way by decay per m³.
func (s *slug) leaving(ahead, to, decay float64) float64 {
	keep := detmath.Exp(-decay * ahead)
	v := to + float64(keep*(s.base-to)*decline(decay*s.volume))
	if s.swing != 0 {
		v += float64(keep * s.swing * decline((s.rate+decay)*s.volume))
	}
	return s.volume * v
}

// steepest is the exponent over a slug beyond which slugs are not joined.
const steepest = 20.0

// join makes one slug of two, a ahead of b, with the same heat. It declines when
// a temperature at either end or where they meet would change by more than play.
func join(a, b slug, play float64) (slug, bool) {
	v := a.volume + b.volume
	share := a.volume / v
	j := slug{volume: v, base: b.base + float64(share*(a.base-b.base)), rate: b.rate + float64(share*(a.rate-b.rate))}
	if math.Abs(j.rate*v) > steepest {
		return slug{}, false
	}
	heat := a.content() + b.content()
	j.swing = (heat/v - j.base) / decline(j.rate*v)
	near := func(x, y float64) bool { return math.Abs(x-y) <= play }
	fits := near(j.at(0), a.at(0)) && near(j.at(v), b.at(b.volume)) && near(j.at(a.volume), a.at(a.volume)) && near(j.at(a.volume), b.at(0))
	return j, fits
}

// blend makes one slug of two at their mean temperature.
func blend(a, b slug) slug {
	v := a.volume + b.volume
	return slug{volume: v, base: (a.content() + b.content()) / v}
}
