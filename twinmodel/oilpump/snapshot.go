package oilpump

import (
	"fmt"
	"math"
	"slices"
	"time"

	"twinrig/twinmodel"
)

// scalars are the state but for the inputs and the string.
func (w *Well) scalars() []*float64 {
	c, l, b := &w.crank, &w.column, &w.books
	list := []*float64{
		&c.rate, &c.turned, &c.phase, &c.torque,
		&w.motor.work, &w.motor.turned, &w.motor.winding, &w.motor.square, &w.motor.power,
		&w.barrel.liquid, &w.barrel.gas, &w.barrel.pressure, &w.barrel.root,
		&l.level, &l.tubing, &l.in, &l.out, &l.down, &l.back,
		&w.plunger, &w.pumpLoad, &w.load, &w.flows.inflow, &w.flows.line,
		&b.stored, &b.liquid, &b.energyIn, &b.energyOut, &b.massIn, &b.massOut,
		// Speed and level that the pressures were last computed for.
		&w.ends.intake, &w.ends.discharge, &w.share, &w.leaks.slip,
	}
	list = append(list, w.before.fields()...)
	return append(append(list, w.stroke.fields()...), w.last.fields()...)
}

func (p *point) fields() []*float64 {
	return []*float64{&p.position, &p.load, &p.pumpPosition, &p.pumpLoad}
}

func (s *stroke) fields() []*float64 {
	list := []*float64{&s.peak, &s.low, &s.torque, &s.work, &s.liquid, &s.lifted, &s.highest, &s.lowest, &s.fillage}
	for i := range s.card {
		list = append(list, s.card[i].fields()...)
	}
	return list
}

// Snapshot implements twinmodel.Plant.
func (w *Well) Snapshot() twinmodel.Snapshot {
	state := slices.Concat(w.u[:], w.rods, w.past)
	for _, f := range w.scalars() {
		state = append(state, *f)
	}
	tripped := int64(0)
	if w.motor.tripped {
		tripped = 1
	}
	return twinmodel.Snapshot{
		Plant: spec.Kind, Time: w.now, State: state,
		Modes: []int64{w.start.Unix(), int64(w.start.Nanosecond()), w.ticks, w.due, w.stroke.steps, w.last.steps, tripped},
	}
}

// Restore implements twinmodel.Plant. The snapshot must come from a well of the
// same start; that it has the same parameters is up to the caller.
func (w *Well) Restore(s twinmodel.Snapshot) error {
	if err := w.restorable(s); err != nil {
		return fmt.Errorf("restore oilpump: %w", err)
	}
	state := s.State
	state = state[copy(w.u[:], state):]
	w.motor.tripped = s.Modes[6] != 0
	w.obey()
	state = state[copy(w.rods, state):]
	state = state[copy(w.past, state):]
	for i, f := range w.scalars() {
		*f = state[i]
	}
	w.leaks.travelling, w.leaks.standing = w.c.leaks.travelling, w.c.leaks.standing
	w.ends = newEnds(w.ends.intake, w.ends.discharge)
	w.place = w.m.motion.at(w.crank.phase)
	w.now, w.ticks, w.due = s.Time.Round(0), s.Modes[2], s.Modes[3]
	w.stroke.steps, w.last.steps = s.Modes[4], s.Modes[5]
	return nil
}

func (w *Well) restorable(s twinmodel.Snapshot) error {
	n := len(w.rods)
	switch {
	case s.Plant != spec.Kind:
		return fmt.Errorf("the snapshot is of a %q", s.Plant)
	case len(s.State) != inputs+2*n+len(w.scalars()) || len(s.Modes) != 7:
		return fmt.Errorf("the snapshot does not have the size of a well of %d nodes", n)
	case !time.Unix(s.Modes[0], s.Modes[1]).Equal(w.start):
		return fmt.Errorf("the snapshot's plant started at %s, this one at %s", stamp(time.Unix(s.Modes[0], s.Modes[1])), stamp(w.start))
	case s.Modes[2] != int64(s.Time.Round(0).Sub(w.start)/w.m.tick):
		return fmt.Errorf("the snapshot's state belongs to another instant than %s", stamp(s.Time))
	}
	for i, v := range s.State[:inputs] {
		if err := check(i, v); err != nil {
			return err
		}
	}
	strokes := len(s.State) - 2*len(w.stroke.fields())
	for i, v := range s.State {
		// Extremes of a stroke that has not begun are infinite.
		if math.IsNaN(v) || i < strokes && math.IsInf(v, 0) {
			return fmt.Errorf("state %d of the snapshot is not a number", i)
		}
	}
	if due := s.Modes[3]; due < -cardPoints || due > cardPoints {
		return fmt.Errorf("the card's next point is %d", due)
	}
	// The third of the scalars.
	if phase := s.State[inputs+2*n+2]; !(phase >= 0 && phase < 1) {
		return fmt.Errorf("the crank's phase is %g of a revolution", phase)
	}
	return nil
}
