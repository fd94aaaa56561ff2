package ode

// System is x' = f(t, x).
type System interface {
	// Derivatives writes f(t, x) to dx. It must not keep or change x. A NaN in
	// dx rejects the step, so a trial point outside the model's domain is safe.
	Derivatives(t float64, x, dx []float64)
}

// Hybrid is a system that also has discrete modes, which change at events.
//
// Between events the continuous state x follows Derivatives. A guard is a
// function of the state; when it crosses zero in its direction, or a timer
// runs out, Fire changes modes, timers and x. Hysteresis belongs in the modes:
// one guard for on, another for off, each disabled where it has no meaning.
type Hybrid interface {
	// Derivatives is System.Derivatives in the given modes.
	Derivatives(t float64, x []float64, d *Discrete, dx []float64)

	// Guards writes the value of every guard to g; Disabled in modes where a
	// guard cannot fire.
	Guards(t float64, x []float64, d *Discrete, g []float64)

	// Fire applies an event. It may change x and d.
	Fire(e Event, t float64, x []float64, d *Discrete)
}

// Discrete is the state that changes only at events.
type Discrete struct {
	Modes  []int64
	Timers []float64 // instant at which each timer runs out; Never when not set

	history *history // nil without delays
}

// Event says what happened: exactly one of Guard and Timer is an index, the
// other is -1.
type Event struct{ Guard, Timer int }

// Direction is the way in which a guard must cross zero to fire.
type Direction int8

// The directions. A Rising guard that is positive when its mode enables it
// fires at once, and so does a Falling guard that is negative; an Either guard
// needs a change of sign.
const (
	Falling Direction = -1
	Either  Direction = 0
	Rising  Direction = 1
)
