package ode

import (
	"errors"
	"math"

	"twinrig/twinmodel/detmath"
)

// Snapshot appends everything that decides the simulator's future to the two
// slices and returns them.
func (s *Simulator) Snapshot(floats []float64, ints []int64) ([]float64, []int64) {
	floats = append(floats, s.t, s.end, s.stop)
	ints = append(ints, flag(s.event), flag(s.settle))
	floats, ints = s.solver.save(floats, ints)
	floats = append(floats, s.gEnd...)
	floats = append(floats, s.disc.Timers...)
	for _, v := range s.side {
		ints = append(ints, int64(v))
	}
	ints = append(ints, s.disc.Modes...)
	if h := s.disc.history; h != nil {
		floats, ints = append(floats, h.data...), append(ints, int64(h.parts()))
	}
	return floats, ints
}

// Restore takes back what Snapshot appended.
func (s *Simulator) Restore(floats []float64, ints []int64) error {
	if !s.fits(floats, ints) {
		return errors.New("restore simulator: the snapshot is of another size")
	}
	if math.IsNaN(floats[0]) {
		return errors.New("restore simulator: time is not a number")
	}
	s.t, s.end, s.stop = floats[0], floats[1], floats[2]
	s.event, s.settle = ints[0] != 0, ints[1] != 0
	floats, ints = floats[3:], ints[2:]
	nf, ni := s.solver.size()
	s.solver.load(floats[:nf], ints[:ni])
	floats, ints = floats[nf:], ints[ni:]
	floats = floats[copy(s.gEnd, floats):]
	floats = floats[copy(s.disc.Timers, floats):]
	if h := s.disc.history; h != nil {
		h.data = append(h.data[:0], floats...)
	}
	for i := range s.side {
		s.side[i] = int8(ints[i])
	}
	copy(s.disc.Modes, ints[len(s.side):])
	s.State(s.x)
	return nil
}

// fits says whether a snapshot has the simulator's size.
func (s *Simulator) fits(floats []float64, ints []int64) bool {
	nf, ni := s.solver.size()
	nf, ni = 3+nf+len(s.gEnd)+len(s.disc.Timers), 2+ni+len(s.side)+len(s.disc.Modes)
	h := s.disc.history
	if h == nil {
		return len(floats) == nf && len(ints) == ni
	}
	if len(ints) != ni+1 || ints[ni] < 0 || ints[ni] > int64(h.most()) {
		return false
	}
	return len(floats) == nf+int(ints[ni])*h.width()
}

func (d *DoPri5) counts() (steps, evaluations int) { return d.Steps, d.Evaluations }

func (d *DoPri5) size() (floats, ints int) { return 4 + (2+stages)*d.n, 3 }

func (d *DoPri5) save(floats []float64, ints []int64) ([]float64, []int64) {
	floats = append(floats, d.t0, d.t1, d.h, d.errOld)
	floats = append(floats, d.x0...)
	floats = append(floats, d.x1...)
	for _, k := range d.k {
		floats = append(floats, k...)
	}
	return floats, append(ints, flag(d.started), int64(d.stiff), int64(d.notStiff))
}

func (d *DoPri5) load(floats []float64, ints []int64) {
	d.t0, d.t1, d.h, d.errOld = floats[0], floats[1], floats[2], floats[3]
	d.logOld = detmath.Log(d.errOld)
	floats = floats[4:]
	floats = floats[copy(d.x0, floats):]
	floats = floats[copy(d.x1, floats):]
	for _, k := range d.k {
		floats = floats[copy(k, floats):]
	}
	d.hasDense = false
	d.started, d.stiff, d.notStiff = ints[0] != 0, int(ints[1]), int(ints[2])
}

func (r *Rodas4) counts() (steps, evaluations int) { return r.Steps, r.Evaluations }

func (r *Rodas4) size() (floats, ints int) { return 3 + 4*r.n, 0 }

func (r *Rodas4) save(floats []float64, ints []int64) ([]float64, []int64) {
	floats = append(floats, r.t0, r.t1, r.h)
	for _, v := range [...][]float64{r.x0, r.x1, r.dense[0], r.dense[1]} {
		floats = append(floats, v...)
	}
	return floats, ints
}

func (r *Rodas4) load(floats []float64, _ []int64) {
	r.t0, r.t1, r.h = floats[0], floats[1], floats[2]
	floats = floats[3:]
	for _, v := range [...][]float64{r.x0, r.x1, r.dense[0], r.dense[1]} {
		floats = floats[copy(v, floats):]
	}
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
