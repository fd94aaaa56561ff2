package elevator

import (
	"fmt"
	"math"

	"twinrig/twinmodel"
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
		if v == 1 && e.state == carTripped {
			e.state = carIdle
		}
	case e.u[i] == v:
		return nil
	default:
		e.u[i] = v
		e.react(i)
	}
	e.dispatch()
	return nil
}

// react is what a change of input does at once.
func (e *Elevator) react(i int) {
	switch i {
	case inPassengers:
		e.awaitPassenger()
	case inService:
		if e.u[i] == 0 {
			e.queue = e.queue[:0]
			clear(e.called)
		}
	case inObstructed:
		if e.door == doorClosing && e.blocked() {
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
	case outAcceleration:
		return e.felt() / gravity
	case outFloor:
		return float64(e.floor() + 1)
	case outDoor:
		return float64(e.door)
	case outOpening:
		return math.Max(0, e.opening())
	case outDirection:
		return e.heading()
	case outLoad:
		return float64(e.aboard) * e.p.PassengerMass
	case outWaiting:
		return float64(len(e.queue))
	case outMotor:
		return e.motor
	case outTrips:
		return float64(e.trips)
	case outA95:
		return e.vertical / gravity * 1000
	case outLateral:
		return e.side / gravity * 1000
	case outPeak:
		return e.widest / gravity * 1000
	case outLevel:
		return 1000 * (e.position - float64(float64(e.floor())*e.p.FloorHeight))
	case outSlip:
		return 1000 * e.slipped
	case outFrequency:
		return e.ropeModes(e.position)[0].Frequency
	case outState:
		return float64(e.state)
	}
	return float64(e.reopened)
}

// heading is the direction as its signal counts it.
func (e *Elevator) heading() float64 {
	switch {
	case e.state != carMoving:
		return 0
	case e.dir > 0:
		return 1
	}
	return 2
}

// felt is the acceleration in the car with gravity, m/s². The vibration has died
// away soon after a ride.
func (e *Elevator) felt() float64 {
	const dies = 10.0
	since := e.t - e.rideBegan
	if len(e.pieces) == 0 || e.state != carMoving && e.t-e.began > dies {
		return gravity
	}
	a := 0.0
	if e.state == carMoving {
		_, _, a = e.pieces[e.piece].at(e.t - e.began)
	}
	return gravity + a + e.shake(since).last
}
