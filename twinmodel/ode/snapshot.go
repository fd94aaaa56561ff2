package ode

import (
	"errors"
	"math"
)

// Snapshot appends everything that decides the simulator's future to the two
// slices and returns them.
func (s *Simulator) Snapshot(floats []float64, ints []int64) ([]float64, []int64) {
	d := s.solver
	floats = append(floats, s.t, s.end, s.stop, d.t0, d.t1, d.h, d.errOld)
	floats = append(floats, d.x0...)
	floats = append(floats, d.x1...)
	for _, k := range d.k {
		floats = append(floats, k...)
	}
	floats = append(floats, s.gEnd...)
	floats = append(floats, s.disc.Timers...)
	ints = append(ints, flag(s.event), flag(s.settle), flag(d.started), int64(d.stiff), int64(d.notStiff))
	for _, v := range s.side {
		ints = append(ints, int64(v))
	}
	return floats, append(ints, s.disc.Modes...)
}

// Restore takes back what Snapshot appended.
func (s *Simulator) Restore(floats []float64, ints []int64) error {
	d := s.solver
	if len(floats) != 7+(2+stages)*d.n+len(s.gEnd)+len(s.disc.Timers) ||
		len(ints) != 5+len(s.side)+len(s.disc.Modes) {
		return errors.New("restore simulator: the snapshot is of another size")
	}
	if math.IsNaN(floats[0]) {
		return errors.New("restore simulator: time is not a number")
	}
	take := func(dst []float64) {
		copy(dst, floats)
		floats = floats[len(dst):]
	}
	var head [7]float64
	take(head[:])
	s.t, s.end, s.stop = head[0], head[1], head[2]
	d.t0, d.t1, d.h, d.errOld = head[3], head[4], head[5], head[6]
	take(d.x0)
	take(d.x1)
	for _, k := range d.k {
		take(k)
	}
	take(s.gEnd)
	take(s.disc.Timers)
	d.hasDense = false
	s.event, s.settle, d.started = ints[0] != 0, ints[1] != 0, ints[2] != 0
	d.stiff, d.notStiff = int(ints[3]), int(ints[4])
	ints = ints[5:]
	for i := range s.side {
		s.side[i] = int8(ints[i])
	}
	copy(s.disc.Modes, ints[len(s.side):])
	s.State(s.x)
	return nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
