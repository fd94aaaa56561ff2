package ode

import (
	"errors"
	"fmt"
	"math"
)

// What can go wrong while integrating.
var (
	// ErrNotFinite: the derivative or the state is NaN or infinite however
	// small the step.
	ErrNotFinite = errors.New("not a finite number")
	// ErrStepTooSmall: the tolerance cannot be held with a step the clock can
	// resolve.
	ErrStepTooSmall = errors.New("step too small for the tolerance")
	// ErrStiff: stability, not accuracy, keeps the step short.
	ErrStiff = errors.New("too stiff for an explicit method")
	// ErrNoJacobian: ExpAffine was given a system that does not know its matrix.
	ErrNoJacobian = errors.New("the exact step needs the system's Jacobian")
	// ErrChatter: events at one instant keep causing each other.
	ErrChatter = errors.New("chattering: events at one instant do not settle")
)

// Error is a failed integration: when, and in which state where that is known.
type Error struct {
	T     float64
	State int // index of the offending state, -1 when none stands out
	Cause error
}

func (e *Error) Error() string {
	if e.State < 0 {
		return fmt.Sprintf("integrate at t=%g: %v", e.T, e.Cause)
	}
	return fmt.Sprintf("integrate state %d at t=%g: %v", e.State, e.T, e.Cause)
}

func (e *Error) Unwrap() error { return e.Cause }

// Never is the instant of a timer that is not set.
var Never = math.Inf(1)

// Disabled is the value of a guard that cannot fire in the present mode.
var Disabled = math.NaN()
