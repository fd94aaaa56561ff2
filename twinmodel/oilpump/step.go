package oilpump

import "math"

// step is one wave step.
func (w *Well) step() {
	m := w.m
	here, turned, before := w.place, w.crank.turned, w.crank.rate
	w.crank.rate = m.turn(before, w.target)
	w.crank.turned = w.crank.rate * m.step
	phase := w.crank.phase
	next := phase + float64(w.crank.turned)
	over := next >= 1
	if over {
		next--
	}
	w.crank.phase, w.place = next, m.motion.at(next)

	w.swing(w.place.position)
	top, end := &w.top, &w.end
	w.load = w.c.weight + top.pull + rubbing(w.c.rub, top.travel)
	w.flow(end)
	w.books.cross(end.force * end.travel)
	w.books.energyOut += float64(w.c.rub*math.Abs(top.travel)) + top.heat
	w.gear(here, (turned+w.crank.turned)/2, before)
	w.stroke.note(w, top.travel)
	w.trace(phase-turned, phase, over)
}

// rubbing is the friction against a travel.
func rubbing(friction, travel float64) float64 {
	switch {
	case travel > 0:
		return friction
	case travel < 0:
		return -friction
	}
	return 0
}

// tip is what happened at one end of the string in a wave step.
type tip struct {
	pull   float64 // at the top, dynamic, N
	force  float64 // at the lower end, N
	open   valves
	travel float64 // in the middle of the step, m
	heat   float64 // of damping in the whole string, J
}

// swing moves the string a wave step on with the top at a position.
func (w *Well) swing(position float64) {
	top, end := &w.top, &w.end
	s, u, past := w.c.string, w.rods, w.past
	top.pull = s.pull(u, past, position)
	free := s.free(u, past)
	first, lowest := past[0], past[s.last]
	moved := s.sweepWarm(u, past)
	var y float64
	y, end.force, w.pumpLoad, end.open = w.m.meet(&w.c, &w.barrel, &w.ends, free, u[s.last])
	past[0], past[s.last] = position, y
	top.travel, end.travel = (position-first)/2, (y-lowest)/2
	moved += float64(4 * s.mass[0] * top.travel * top.travel)
	moved += float64(4 * s.end * end.travel * end.travel)
	top.heat = s.damping * moved / (4 * s.step)
	w.rods, w.past = past, u
}

// flow lets liquid and gas follow the plunger.
func (w *Well) flow(end *tip) {
	if w.c.parted {
		return
	}
	w.plunger = w.rods[w.c.string.last] - float64(w.pumpLoad*w.m.p.TubingGive)
	in, lifted := w.column.in, w.column.out-w.column.down
	w.m.flow(&w.barrel, &w.column, &w.ends, &w.leaks, w.plunger, w.share, end.open)
	w.stroke.liquid += w.column.in - in
	w.stroke.lifted += w.column.out - w.column.down - lifted
}

// gear is the torque at the crankshaft in the middle of the step, and what
// gearbox and belts cost.
func (w *Well) gear(here place, turned, before float64) {
	w.crank.torque = float64(here.factor*(w.load-w.m.p.Unbalance)) - float64(w.c.moment*here.arm)
	const turn = 2 * math.Pi
	work := float64(w.crank.torque * turn * turned)
	if w.crank.rate != before {
		work += float64(w.m.p.CrankInertia * turn * turn / 2 * (float64(w.crank.rate*w.crank.rate) - float64(before*before)))
	}
	loss := float64(math.Abs(work) * w.c.loss)
	w.books.energyOut += loss
	w.motor.work += work + loss
	w.motor.turned += turned
}
