package ode

import "math"

// cascade fires everything due at the present, timers before guards and each in
// order of declaration, until nothing is, and restarts the solver there.
func (s *Simulator) cascade() error {
	for range maxCascade {
		e, due := s.due()
		if !due {
			copy(s.gEnd, s.g)
			s.remember(s.gEnd)
			s.solver.Start(s.t, s.x)
			s.end, s.event, s.settle = s.t, false, false
			return nil
		}
		s.model.Fire(e, s.t, s.x, &s.disc)
	}
	return &Error{T: s.t, State: -1, Cause: ErrChatter}
}

// due finds the first event at the present and disarms it.
func (s *Simulator) due() (Event, bool) {
	for i, at := range s.disc.Timers {
		if at <= s.t {
			s.disc.Timers[i] = Never
			return Event{Guard: -1, Timer: i}, true
		}
	}
	s.model.Guards(s.t, s.x, &s.disc, s.g)
	for i, g := range s.g {
		if math.IsNaN(g) {
			s.side[i] = 0
		} else if s.crossed(i, g) {
			s.side[i] = sideOf(s.guards[i], g)
			return Event{Guard: i, Timer: -1}, true
		}
	}
	return Event{}, false
}

// crossed says whether guard i fires when its value becomes g.
func (s *Simulator) crossed(i int, g float64) bool {
	if math.IsNaN(g) {
		return false
	}
	was, is := s.side[i], sideOf(s.guards[i], g)
	switch s.guards[i] {
	case Rising:
		return was <= 0 && is > 0
	case Falling:
		return was >= 0 && is < 0
	}
	return was != 0 && is != was
}

// sideOf is the side of zero g lies on; zero itself lies on the far side.
func sideOf(d Direction, g float64) int8 {
	if g > 0 || g == 0 && d != Falling {
		return 1
	}
	return -1
}

// remember notes the side of every guard.
func (s *Simulator) remember(g []float64) {
	for i, v := range g {
		if math.IsNaN(v) {
			s.side[i] = 0
		} else {
			s.side[i] = sideOf(s.guards[i], v)
		}
	}
}

// look notes the sides of the guards at the present, but for those which are
// about to fire.
func (s *Simulator) look(x []float64) {
	s.model.Guards(s.t, x, &s.disc, s.g)
	for i, v := range s.g {
		if !math.IsNaN(v) && !s.crossed(i, v) {
			s.side[i] = sideOf(s.guards[i], v)
		}
	}
}

// locate cuts the solution at the first guard that fires within the step.
func (s *Simulator) locate() {
	start, last := s.solver.T0(), s.end
	for i := range s.guards {
		g := s.gEnd[i]
		if s.end < last {
			g = s.guardAt(i, s.end)
		}
		if !s.crossed(i, g) {
			continue
		}
		s.end = s.root(i, start, s.end, g)
		s.event = true
	}
}

// root is the instant in (lo, hi] at which guard i crosses zero, by the Illinois
// variant of regula falsi; gHi is its value at hi, where it has crossed. The
// guard has crossed at the instant returned.
func (s *Simulator) root(i int, lo, hi, gHi float64) float64 {
	gLo := s.guardAt(i, lo)
	tol := math.Max(4*ulp(hi), 1e-12*(hi-lo))
	half := float64(0.5 * tol)
	last := 0
	for n := 0; n < 60 && hi-lo > tol; n++ {
		m := hi - gHi*(hi-lo)/(gHi-gLo)
		if !(m > lo && m < hi) || n > 30 {
			m = lo + float64(0.5*(hi-lo))
		}
		// Stay off the ends: the root may be known better than the bracket.
		m = math.Max(lo+half, math.Min(hi-half, m))
		g := s.guardAt(i, m)
		if s.crossed(i, g) {
			hi, gHi = m, g
			if last > 0 {
				gLo *= 0.5
			}
			last = 1
		} else {
			lo, gLo = m, g
			if last < 0 {
				gHi *= 0.5
			}
			last = -1
		}
	}
	return hi
}

// guardAt is guard i on the solution at t.
func (s *Simulator) guardAt(i int, t float64) float64 {
	s.solver.At(t, s.x)
	s.model.Guards(t, s.x, &s.disc, s.g)
	return s.g[i]
}
