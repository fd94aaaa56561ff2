package elevator

import (
	"fmt"
	"math"

	"twinrig/twinmodel"
)

// index finds signals by name.
var index = func() map[string]int {
	m := map[string]int{}
	for i, s := range spec.Signals {
		m[s.Name] = i
	}
	return m
}()

// check says whether input i can have a value.
func (e *Elevator) check(i int, v float64) error {
	s := &spec.Signals[i]
	switch {
	case !(v >= s.Min && v <= s.Max):
		return fmt.Errorf("%s: %g %s is outside %g to %g", s.Name, v, s.Unit, s.Min, s.Max)
	case (s.Quantity == twinmodel.State || i == inCall) && v != math.Trunc(v):
		return fmt.Errorf("%s: %g is not a whole number", s.Name, v)
	case i == inCall && v > float64(e.p.Floors):
		return fmt.Errorf("%s: there are %d floors", s.Name, e.p.Floors)
	}
	return nil
}

// Set implements twinmodel.Plant. Faults of motion act from the next ride on.
func (e *Elevator) Set(input string, v float64) error {
	i, ok := index[input]
	if !ok || i >= inputs {
		return fmt.Errorf("set elevator: it has no input %q", input)
	}
	if err := e.check(i, v); err != nil {
		return fmt.Errorf("set elevator at %s: %w", stamp(e.now), err)
	}
	switch {
	case i == inCall:
		if v > 0 && e.u[inService] == 1 {
			e.called[int(v)-1] = true
		}
	case i == inReset:
		if v == 1 {
			e.restart()
		}
	case e.u[i] == v:
		return nil
	default:
		e.u[i] = v
		e.react(i)
	}
	e.attend()
	e.settle()
	return nil
}

// react is what a change of input does at once. Faults of car, ropes and rails
// act from the next ride on.
func (e *Elevator) react(i int) {
	switch i {
	case inRate:
		e.awaitPassenger()
	case inService:
		if e.u[i] == 0 {
			e.queue = e.queue[:0]
			clear(e.called)
		}
	case inFreight:
		if e.state == carServing && e.door == doorOpen {
			e.loadFreight()
		}
	case inPowerLoss:
		if e.dead() && e.underway() {
			e.halt(causePower)
		} else if e.cause == causePower {
			e.restart()
		}
	case inInterlock:
		if e.u[i] >= dropOut && e.underway() {
			e.halt(causeInterlock)
		}
	case inObstructed:
		if e.door == doorClosing && e.state == carServing && e.blocked() {
			e.reopened++
			e.moveDoor(e.p.DoorWidth, doorOpening)
		}
	}
}

// Value implements twinmodel.Plant.
func (e *Elevator) Value(signal string) (float64, error) {
	i, ok := index[signal]
	if !ok {
		return 0, fmt.Errorf("read elevator: it has no signal %q", signal)
	}
	if i < inputs {
		return e.u[i], nil
	}
	return outputs[i](e), nil
}
