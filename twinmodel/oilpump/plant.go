package oilpump

import (
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
)

// Well is one pumping well.
type Well struct {
	m     *machine
	start time.Time
	now   time.Time
	ticks int64 // wave steps done
	u     [inputs]float64

	// What follows from inputs and state.
	c      condition
	target float64 // speed asked of the crank, 1/s
	place  place
	top    tip // of the last wave step
	end    tip

	rods, past []float64 // position of each node, now and a wave step ago, m
	motor      motor
	crank      crank
	barrel     barrel
	column     column
	ends       ends
	share      float64 // of gas in what enters the pump
	leaks      leaks
	plunger    float64 // in the barrel, m
	pumpLoad   float64 // N
	load       float64 // of the polished rod a wave step ago, N
	flows      fluxes  // of the last beat
	books      books
	stroke     stroke // under way
	last       stroke // complete
	before     point  // of the card, a wave step ago
	due        int64  // the card's next point
}

// crank is drive, gearbox and crank.
type crank struct {
	rate   float64 // 1/s
	turned float64 // in the last wave step, revolutions
	phase  float64 // 0 at the bottom of the stroke, to 1
	torque float64 // a wave step ago, N·m
}

var _ twinmodel.Plant = (*Well)(nil)

// New makes a well at start: it stands at the bottom of the stroke, the barrel
// full of liquid and the column on the standing valve.
func New(start time.Time, p Params) (*Well, error) {
	m, err := newMachine(p)
	if err != nil {
		return nil, err
	}
	n := len(m.mass)
	w := &Well{m: m, start: start.Round(0), now: start.Round(0), rods: make([]float64, n), past: make([]float64, n)}
	for i := range w.u {
		w.u[i] = spec.Signals[i].Initial
	}
	w.obey()
	w.place = m.motion.at(0)
	w.column, w.barrel, w.ends = m.fresh(&w.c, p.FluidLevel)
	w.settle()
	w.motor.winding = w.c.ambient
	w.load = w.c.weight
	w.stroke = newStroke()
	w.last = stroke{peak: w.c.weight, low: w.c.weight, fillage: 1}
	w.books.stored = w.stored()
	w.books.liquid = w.liquid()
	return w, nil
}

// fresh is a column with a level and a barrel full of liquid below it.
func (m *machine) fresh(c *condition, level float64) (column, barrel, ends) {
	w := column{level: level, tubing: m.p.TubingStorage * (c.linePressure - atmosphere)}
	e := m.ends(&w)
	b := barrel{liquid: m.cylinder.volume(0) / (1 - e.discharge/bulkModulus), pressure: e.discharge, root: rootOf(e.discharge)}
	return w, b, e
}

// Spec implements twinmodel.Plant.
func (w *Well) Spec() *twinmodel.Spec { return &spec }

// Time implements twinmodel.Plant.
func (w *Well) Time() time.Time { return w.now }

// Advance implements twinmodel.Plant. Signals are those of the last whole wave
// step, some milliseconds old.
func (w *Well) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(w.now) {
		return fmt.Errorf("advance oilpump: %s lies before %s", stamp(t), stamp(w.now))
	}
	for end := int64(t.Sub(w.start) / w.m.tick); w.ticks < end; {
		w.step()
		w.ticks++
		if w.ticks%beat != 0 {
			continue
		}
		if err := w.beat(); err != nil {
			return err
		}
	}
	w.now = t
	return nil
}

// beat lets the slow part of the well follow.
func (w *Well) beat() error {
	w.flows = w.m.follow(&w.c, &w.column, &w.ends)
	w.books.across(twinmodel.Mass, w.m.p.Well.LiquidDensity*w.flows.inflow)
	w.books.across(twinmodel.Mass, -w.m.p.Well.LiquidDensity*w.flows.line)
	grid, heat := w.motor.carry(w.m, &w.c)
	w.books.across(twinmodel.Energy, grid)
	w.books.cross(heat)
	w.aim()
	w.settle()
	for _, v := range []struct {
		signal string
		value  float64
	}{{"polishedRodLoad", w.load}, {"fluidLevel", w.column.level}, {"tubingPressure", w.column.tubing}, {"windingTemperature", w.motor.winding}} {
		if math.IsNaN(v.value) || math.IsInf(v.value, 0) {
			return fmt.Errorf("advance oilpump at %s: %s: not a finite number", stamp(w.reached()), v.signal)
		}
	}
	return nil
}

// settle brings what follows from the column and the speed up to date.
func (w *Well) settle() {
	w.ends = w.m.ends(&w.column)
	w.share = w.m.gas(&w.c, w.column.level, w.ends.intake)
	w.leaks = w.c.leaks
	w.leaks.slip = slip(w.c.leaks.slip, w.crank.rate)
}

// reached is the instant of the last wave step.
func (w *Well) reached() time.Time { return w.start.Add(time.Duration(w.ticks) * w.m.tick) }

// Set implements twinmodel.Plant.
func (w *Well) Set(input string, value float64) error {
	i, err := w.input(input)
	if err != nil {
		return err
	}
	if err := check(i, value); err != nil {
		return fmt.Errorf("set oilpump at %s: %w", stamp(w.now), err)
	}
	if w.u[i] == value {
		return nil
	}
	before := w.stored()
	w.u[i] = value
	last := w.c.string.last
	w.obey()
	w.join(last)
	w.settle()
	// What a broken rod or a lost weight takes with it leaves the well.
	w.books.across(twinmodel.Energy, w.stored()-before)
	return nil
}

// obey puts the inputs in force.
func (w *Well) obey() {
	w.c = w.m.condition(w.u[:])
	w.aim()
}

// aim sets the speed the crank goes to.
func (w *Well) aim() {
	w.target = w.u[inRunning] * w.u[inTargetSpeed] / 60 * w.c.grip
	if w.motor.tripped {
		w.target = 0
	}
}

// join hangs rods that had parted below last from those above.
func (w *Well) join(last int) {
	for j := last + 1; j <= w.c.string.last; j++ {
		w.rods[j], w.past[j] = w.rods[j-1], w.past[j-1]
	}
}

func (w *Well) input(name string) (int, error) {
	for i := range w.u {
		if spec.Signals[i].Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("set oilpump: it has no input %q", name)
}

// check says whether input i can have a value.
func check(i int, v float64) error {
	s := &spec.Signals[i]
	switch {
	case !(v >= s.Min && v <= s.Max):
		return fmt.Errorf("%s: %g %s is outside %g to %g", s.Name, v, s.Unit, s.Min, s.Max)
	case s.Quantity == twinmodel.State && v != math.Trunc(v):
		return fmt.Errorf("%s: %g is not one of %q", s.Name, v, s.States)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
