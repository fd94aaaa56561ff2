package ode

import (
	"errors"
	"fmt"
	"math"
)

// Tolerance says how exact a solution must be: a step's error estimate is
// weighed against Abs + Rel·|x|, state by state.
type Tolerance struct {
	Rel float64
	Abs []float64 // one per state; +Inf leaves a pure quadrature out of the estimate

	// MaxStep bounds the step; 0 means no bound. A guard that crosses zero and
	// comes back within one step is not seen.
	MaxStep float64

	// Affordable is a step length that the caller can live with: steps at least
	// this long are never called stiff. 0 raises the alarm wherever stability
	// limits the step, as Hairer's code does.
	Affordable float64
}

func (o Tolerance) check(n int) error {
	if !(o.Rel > 0 && o.Rel < 1) {
		return fmt.Errorf("tolerance: relative %g, want between 0 and 1", o.Rel)
	}
	if len(o.Abs) != n {
		return fmt.Errorf("tolerance: %d absolute values for %d states", len(o.Abs), n)
	}
	controlled := 0
	for i, a := range o.Abs {
		if !(a > 0) {
			return fmt.Errorf("tolerance: absolute %g of state %d, want positive", a, i)
		}
		if !math.IsInf(a, 1) {
			controlled++
		}
	}
	if controlled == 0 {
		return errors.New("tolerance: no state has a finite absolute tolerance")
	}
	if !(o.MaxStep >= 0) || !(o.Affordable >= 0) {
		return errors.New("tolerance: negative step")
	}
	return nil
}
