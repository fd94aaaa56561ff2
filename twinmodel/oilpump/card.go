package oilpump

import "math"

// Card is a dynamometer card: position in m and load in N at equal intervals of
// the crank over one stroke, from the bottom on.
type Card struct{ Position, Load []float64 }

// cardPoints is the number of points on a card.
const cardPoints = 200

// point is the string's ends at one instant.
type point struct {
	position, load         float64 // of the polished rod
	pumpPosition, pumpLoad float64 // of the string's lower end
}

// stroke is one revolution of the crank as it is measured.
type stroke struct {
	steps     int64   // in which the crank turned
	peak, low float64 // load of the polished rod, N
	torque    float64 // peak, N·m
	work      float64 // of the polished rod, J
	liquid    float64 // through the standing valve, m³
	lifted    float64 // through the travelling valve less what leaked back, m³
	highest   float64 // of the plunger, m
	lowest    float64
	fillage   float64 // of the complete stroke
	card      [cardPoints]point
}

func newStroke() stroke {
	return stroke{peak: math.Inf(-1), low: math.Inf(1), torque: math.Inf(-1), highest: math.Inf(-1), lowest: math.Inf(1)}
}

// note takes the present wave step into account.
func (s *stroke) note(w *Well, travel float64) {
	if w.crank.turned > 0 {
		s.steps++
	}
	s.peak, s.low = max(s.peak, w.load), min(s.low, w.load)
	s.torque = max(s.torque, w.crank.torque)
	s.work += float64(w.load * travel)
	s.highest, s.lowest = max(s.highest, w.plunger), min(s.lowest, w.plunger)
}

// trace fills the card in between two phases. Loads belong to the start of a
// wave step, so the first step of a stroke may still complete the card of the one
// before; over says that the crank went through the bottom.
func (w *Well) trace(from, to float64, over bool) {
	now := point{w.past[0], w.load, w.past[w.c.string.last], w.pumpLoad}
	for ; w.due < cardPoints && float64(w.due) <= to*cardPoints; w.due++ {
		share := 1.0
		if to > from {
			share = (float64(w.due)/cardPoints - from) / (to - from)
		}
		if w.due < 0 {
			w.last.card[w.due+cardPoints] = w.before.towards(now, share)
		} else {
			w.stroke.card[w.due] = w.before.towards(now, share)
		}
	}
	w.before = now
	if over {
		w.due -= cardPoints
		w.stroke.close(w.m.cylinder.area)
		w.last, w.stroke = w.stroke, newStroke()
	}
}

func (p point) towards(q point, share float64) point {
	mix := func(a, b float64) float64 { return a + float64(share*(b-a)) }
	return point{
		mix(p.position, q.position), mix(p.load, q.load),
		mix(p.pumpPosition, q.pumpPosition), mix(p.pumpLoad, q.pumpLoad),
	}
}

// close completes the stroke.
func (s *stroke) close(area float64) {
	swept := area * (s.highest - s.lowest)
	s.fillage = 0
	if swept > 0 {
		s.fillage = max(0, min(1, s.liquid/swept))
	}
}

// Cards are surface and pump card of the last complete stroke; false before
// there is one.
func (w *Well) Cards() (surface, pump Card, ok bool) {
	surface = Card{make([]float64, cardPoints), make([]float64, cardPoints)}
	pump = Card{make([]float64, cardPoints), make([]float64, cardPoints)}
	for i, p := range w.last.card {
		surface.Position[i], surface.Load[i] = p.position, p.load
		pump.Position[i], pump.Load[i] = p.pumpPosition, p.pumpLoad
	}
	return surface, pump, w.last.steps > 0
}
