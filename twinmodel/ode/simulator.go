package ode

import (
	"errors"
	"fmt"
	"math"
)

// maxCascade is the number of events one instant may hold.
const maxCascade = 64

// Config is what a Simulator needs to know besides the model.
type Config struct {
	Tolerance Tolerance
	Start     float64     // initial time
	State     []float64   // initial continuous state
	Modes     []int64     // initial modes
	Timers    []float64   // initial timers; Never when not set
	Guards    []Direction // one per guard
	Delays    []Delay     // states that the model also reads as they were
	Stiff     bool        // integrate with Rodas4 instead of DoPri5

	// Step fixes the step, which then costs the same every time: RK4, or
	// ExpAffine for a model that is Affine. Tolerance does not matter then.
	Step float64

	// Affine promises that the model is a DifferentiableHybrid whose derivatives
	// are A·x + b, with A and b that change at events only.
	Affine bool
}

// Simulator integrates a Hybrid system.
//
// The solver runs up to one step ahead of the present, so that asking for the
// state often costs interpolations and not steps. Nothing in that step has
// happened yet: an event in it fires when the present reaches it, and Interrupt
// throws the rest of the step away.
type Simulator struct {
	model  Hybrid
	solver method
	guards []Direction

	t      float64 // the present
	end    float64 // how far the solution is known, at most solver.T
	event  bool    // something is due at end
	settle bool    // inputs or state jumped: look at the guards before stepping
	stop   float64 // never evaluate beyond
	disc   Discrete
	side   []int8 // side of zero on which each guard was last seen, 0 for unarmed

	x, g, gEnd []float64
}

// NewSimulator makes a simulator at its start. It keeps the model and copies
// everything else.
func NewSimulator(m Hybrid, c Config) (*Simulator, error) {
	past, err := newHistory(&c)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	solver, err := newMethod(len(c.State), m, &c)
	if err != nil {
		return nil, err
	}
	for i, x := range c.State {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, &Error{T: c.Start, State: i, Cause: ErrNotFinite}
		}
	}
	if math.IsNaN(c.Start) || math.IsInf(c.Start, 0) {
		return nil, errors.New("simulator: start is not finite")
	}
	s := &Simulator{
		model: m, solver: solver,
		guards: append([]Direction(nil), c.Guards...),
		t:      c.Start, end: c.Start, settle: true, stop: Never,
		disc: Discrete{append([]int64(nil), c.Modes...), append([]float64(nil), c.Timers...), past},
		side: make([]int8, len(c.Guards)),
		x:    append([]float64(nil), c.State...),
		g:    make([]float64, len(c.Guards)),
		gEnd: make([]float64, len(c.Guards)),
	}
	solver.Start(s.t, s.x)
	return s, nil
}

// Derivatives makes the simulator the System of its present modes.
func (s *Simulator) Derivatives(t float64, x, dx []float64) {
	s.model.Derivatives(t, x, &s.disc, dx)
}

// T is the present.
func (s *Simulator) T() float64 { return s.t }

// State writes the present continuous state to x.
func (s *Simulator) State(x []float64) { s.solver.At(s.t, x) }

// Discrete is the present discrete state, to be read only.
func (s *Simulator) Discrete() *Discrete { return &s.disc }

// Steps and evaluations of the derivatives so far.
func (s *Simulator) Work() (steps, evaluations int) {
	return s.solver.counts()
}

// StopAt forbids evaluating the model beyond t: something known in advance, but
// not to the model, happens there. Never lifts it.
func (s *Simulator) StopAt(t float64) {
	s.stop = t
	if s.end > t {
		s.Interrupt()
	}
}

// Interrupt must be called before anything that the model reads, an input say,
// jumps at the present. Events that the jump causes fire in the next Advance.
func (s *Simulator) Interrupt() {
	if s.settle {
		return
	}
	s.keep()
	s.State(s.x)
	s.look(s.x)
	s.solver.Start(s.t, s.x)
	s.end, s.event, s.settle = s.t, false, true
}

// Advance moves the present to t, firing all events up to and at t.
func (s *Simulator) Advance(t float64) error {
	if !(t >= s.t) || math.IsInf(t, 1) || t > s.stop {
		return fmt.Errorf("advance from t=%g to %g: not a later instant within reach", s.t, t)
	}
	if s.settle {
		if err := s.cascade(); err != nil {
			return err
		}
	}
	for {
		if s.end > t || s.end == t && !s.event {
			s.t = t
			return nil
		}
		if err := s.arrive(); err != nil {
			return err
		}
		if s.end == t {
			return nil
		}
		if err := s.lookAhead(); err != nil {
			return err
		}
	}
}

// arrive moves the present to the end of what is known.
func (s *Simulator) arrive() error {
	s.t = s.end
	s.keep()
	if !s.event {
		s.remember(s.gEnd)
		return nil
	}
	s.State(s.x)
	return s.cascade()
}

// keep files the solution up to the present for those who read it late.
func (s *Simulator) keep() {
	if s.disc.history != nil {
		s.disc.history.keep(s.solver, s.t)
	}
}

// lookAhead takes a step and finds the first event in it.
func (s *Simulator) lookAhead() error {
	limit := s.stop
	for _, at := range s.disc.Timers {
		limit = math.Min(limit, at)
	}
	if err := s.solver.Step(s, limit); err != nil {
		return err
	}
	s.end = s.solver.T()
	s.event = false
	s.solver.At(s.end, s.x)
	s.model.Guards(s.end, s.x, &s.disc, s.gEnd)
	s.locate()
	for _, at := range s.disc.Timers {
		s.event = s.event || at <= s.end
	}
	return nil
}
