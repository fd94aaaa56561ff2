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
		return nil, fmt.Errorf("make fleet of oilpumps: %d wells", n)
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

// step is a beat of well i.
func (f *Fleet) step(i int) {
	m, c := f.m, &f.m.sound
	u, past := f.rods[i*f.nodes:][:f.nodes], f.past[i*f.nodes:][:f.nodes]
	b := barrel{f.liquid[i], f.gas[i], f.pressure[i], f.root[i]}
	w := column{level: f.Level[i], tubing: f.tubing[i]}
	e := m.ends(&w)
	share := m.gas(c, w.level, e.intake)
	l := leaks{slip: slip(c.leaks.slip, f.rate[i])}
	rate, phase, target := f.rate[i], f.phase[i], 0.0
	if v := f.Speed[i]; v >= 0 && v <= spec.Signals[inTargetSpeed].Max {
		target = v / 60
	}
	s, last := c.string, c.string.last
	for k := range beat {
		rate = m.turn(rate, target)
		phase += float64(rate * m.step)
		if phase >= 1 {
			phase--
		}
		top := m.motion.at(phase).position
		if k == beat-1 {
			f.Load[i] = c.weight + s.pull(u, past, top) + rubbing(c.rub, top-past[0])
		}
		free := s.free(u, past)
		s.sweep(u, past)
		y, _, pump, open := m.meet(c, &b, &e, free, u[last])
		past[0], past[last] = top, y
		u, past = past, u
		m.flow(&b, &w, &e, &l, y-float64(pump*m.p.TubingGive), share, open)
	}
	f.Flow[i] = m.follow(c, &w, &e).line / m.beatTime
	f.rate[i], f.phase[i], f.Position[i] = rate, phase, u[0]
	f.liquid[i], f.gas[i], f.pressure[i], f.root[i] = b.liquid, b.gas, b.pressure, b.root
	f.Level[i], f.tubing[i] = w.level, w.tubing
}
