package oilpump

import (
	"fmt"
	"time"
)

// Fleet is many wells with the same parameters in a structure of arrays: element
// i of every array is well i's, and the nodes of its string are at i·nodes. A
// step takes one well after the other through a beat of wave steps, so that a
// string stays in the processor's cache; it allocates nothing.
//
// The physics is a Well's in good order, bit for bit, from the crank to reservoir
// and flow line. Motor, torque, cards and ledgers are left out.
type Fleet struct {
	Speed []float64 // strokes per minute the drives are told to make; a well whose drive cannot make them stands

	// After the last step.
	Position []float64 // of the polished rod, m
	Load     []float64 // of the polished rod, N
	Level    []float64 // above the intake, m
	Flow     []float64 // into the flow line, m³/s

	m              *machine
	nodes          int
	rods, past     []float64
	rate, phase    []float64
	liquid, gas    []float64
	pressure, root []float64
	tubing         []float64
}

// NewFleet makes n wells that stand, as New does.
func NewFleet(p Params, n int) (*Fleet, error) {
	m, err := newMachine(p)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > 1<<24 {
		return nil, fmt.Errorf("make oilpump fleet: %d wells; want one at least", n)
	}
	f := &Fleet{m: m, nodes: len(m.mass)}
	f.rods, f.past = make([]float64, n*f.nodes), make([]float64, n*f.nodes)
	for _, a := range []*[]float64{
		&f.Speed, &f.Position, &f.Load, &f.Level, &f.Flow,
		&f.rate, &f.phase, &f.liquid, &f.gas, &f.pressure, &f.root, &f.tubing,
	} {
		*a = make([]float64, n)
	}
	w, b, _ := m.fresh(&m.sound, p.FluidLevel)
	for i := range n {
		f.Level[i], f.tubing[i] = w.level, w.tubing
		f.liquid[i], f.pressure[i], f.root[i] = b.liquid, b.pressure, b.root
		f.Load[i] = m.sound.weight
	}
	return f, nil
}

// Tick is how far Step goes.
func (f *Fleet) Tick() time.Duration { return f.m.tick * beat }

// Step advances all wells by a Tick.
func (f *Fleet) Step() {
	for i := range f.Speed {
		f.step(i)
	}
}

// lone is a well taken out of the arrays.
type lone struct {
	rate, phase float64
	barrel      barrel
	column      column
}

func (f *Fleet) take(i int) lone {
	return lone{
		f.rate[i], f.phase[i],
		barrel{f.liquid[i], f.gas[i], f.pressure[i], f.root[i]},
		column{level: f.Level[i], tubing: f.tubing[i]},
	}
}

func (f *Fleet) put(i int, w *lone) {
	f.rate[i], f.phase[i] = w.rate, w.phase
	f.liquid[i], f.gas[i], f.pressure[i], f.root[i] = w.barrel.liquid, w.barrel.gas, w.barrel.pressure, w.barrel.root
	f.Level[i], f.tubing[i] = w.column.level, w.column.tubing
}

// target of well i's crank, 1/s.
func (f *Fleet) target(i int) float64 {
	if v := f.Speed[i]; v >= 0 && v <= spec.Signals[inTargetSpeed].Max {
		return v / 60
	}
	return 0
}

// step is a beat of well i.
func (f *Fleet) step(i int) {
	m, c := f.m, &f.m.sound
	u, past := f.rods[i*f.nodes:][:f.nodes], f.past[i*f.nodes:][:f.nodes]
	w, target := f.take(i), f.target(i)
	e := m.ends(&w.column)
	share := m.gas(c, w.column.level, e.intake)
	l := leaks{slip: slip(c.leaks.slip, w.rate)}
	s, last := c.string, c.string.last
	for k := range beat {
		w.rate = m.turn(w.rate, target)
		w.phase += float64(w.rate * m.step)
		if w.phase >= 1 {
			w.phase--
		}
		top := m.motion.at(w.phase).position
		if k == beat-1 {
			f.Load[i] = c.weight + s.pull(u, past, top) + rubbing(c.rub, top-past[0])
		}
		free := s.free(u, past)
		s.sweep(u, past)
		y, _, pump, open := m.meet(c, &w.barrel, &e, free, u[last])
		past[0], past[last] = top, y
		u, past = past, u
		m.flow(&w.barrel, &w.column, &e, &l, y-float64(pump*m.p.TubingGive), share, open)
	}
	f.Position[i] = u[0]
	f.Flow[i] = m.follow(c, &w.column, &e).line / m.beatTime
	f.put(i, &w)
}
