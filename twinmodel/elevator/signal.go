package elevator

import (
	"fmt"
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
)

func index(name string) (int, bool) {
	for i := range spec.Signals {
		if spec.Signals[i].Name == name {
			return i, true
		}
	}
	return 0, false
}

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
	i, ok := index(input)
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
	case inObstructed:
		if e.door == doorClosing && e.state == carServing && e.blocked() {
			e.reopened++
			e.moveDoor(e.p.DoorWidth, doorOpening)
		}
	}
}

// Value implements twinmodel.Plant.
func (e *Elevator) Value(signal string) (float64, error) {
	i, ok := index(signal)
	if !ok {
		return 0, fmt.Errorf("read elevator: it has no signal %q", signal)
	}
	if i < inputs {
		return e.u[i], nil
	}
	return e.output(i), nil
}

func (e *Elevator) output(i int) float64 {
	switch i {
	case outPosition:
		return e.position
	case outSpeed:
		return e.speed
	case outAccelX, outAccelY:
		_, across := e.shaking()
		return across[i-outAccelX] / gravity
	case outAccelZ:
		return e.felt() / gravity
	case outPressure:
		return airPressure(e.position)
	case outFloor:
		return float64(e.floor() + 1)
	case outDoor:
		return float64(e.door)
	case outOpening:
		return math.Max(0, e.opening())
	case outDirection:
		return e.heading()
	case outLoad:
		return e.load()
	case outOverload:
		return float64(flag(e.overloaded()))
	case outWaiting:
		return float64(len(e.queue))
	case outMotor:
		return e.motor
	case outPower:
		return e.power()
	case outEnergy:
		return e.consumed() / 3.6e6
	case outTrips:
		return float64(e.trips)
	case outA95:
		a95, _ := e.quality(0)
		return a95 / gravity * 1000
	case outLateral:
		front, _ := e.quality(1)
		side, _ := e.quality(2)
		return math.Max(front, side) / gravity * 1000
	case outPeak:
		_, largest := e.quality(0)
		return largest / gravity * 1000
	case outLevel:
		return 1000 * e.sill()
	case outSlip:
		return 1000 * e.slipped
	case outFrequency:
		c := e.conditions()
		return e.ropeModes(&c, e.position)[0].Frequency
	case outState:
		return float64(e.state)
	case outCause:
		if e.state != carTripped {
			return causeNone
		}
		return float64(e.cause)
	}
	return float64(e.reopened)
}

// heading is the direction as its signal counts it.
func (e *Elevator) heading() float64 {
	switch {
	case e.state != carMoving:
		return 0
	case e.pieces[e.piece].dir > 0:
		return 1
	}
	return 2
}

// airPressure falls with height, hPa.
func airPressure(height float64) float64 {
	const scale = 287.05 * 288.15 / gravity // m
	return 1013.25 * detmath.Exp(-height/scale)
}
