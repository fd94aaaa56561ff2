package ode

import "errors"

// method is what a Simulator needs of a solver: it holds one accepted step.
type method interface {
	Start(t float64, x []float64)
	T0() float64
	T() float64
	Step(f System, limit float64) error
	At(t float64, x []float64)

	counts() (steps, evaluations int)
	// size is the number of floats and ints that decide the solver's future,
	// save appends them and load takes them back.
	size() (floats, ints int)
	save(floats []float64, ints []int64) ([]float64, []int64)
	load(floats []float64, ints []int64)
}

func newMethod(n int, m Hybrid, c *Config) (method, error) {
	if _, ok := m.(DifferentiableHybrid); c.Affine && !ok {
		return nil, ErrNoJacobian
	}
	switch {
	case c.Stiff && (c.Affine || c.Step != 0):
		return nil, errors.New("solver: a fixed step and Rodas4 exclude each other")
	case c.Affine:
		return NewExpAffine(n, c.Step)
	case c.Step != 0:
		return NewRK4(n, c.Step)
	case c.Stiff:
		return NewRodas4(n, c.Tolerance)
	}
	return NewDoPri5(n, c.Tolerance)
}

// Differentiable is a System that may know its Jacobian.
type Differentiable interface {
	System

	// Jacobian writes ∂f_i/∂x_j to j[i·n+j]; false says that it is not known
	// and has to be had from differences.
	Jacobian(t float64, x, j []float64) bool
}

// DifferentiableHybrid is a Hybrid that knows the Jacobian of its modes.
type DifferentiableHybrid interface {
	Hybrid

	// Jacobian writes ∂f_i/∂x_j to j[i·n+j], all n² of them.
	Jacobian(t float64, x []float64, d *Discrete, j []float64)
}

// Jacobian implements Differentiable.
func (s *Simulator) Jacobian(t float64, x, j []float64) bool {
	m, ok := s.model.(DifferentiableHybrid)
	if ok {
		m.Jacobian(t, x, &s.disc, j)
	}
	return ok
}
