package elevator

import (
	"errors"
	"fmt"
	"math"
)

// consistent refuses states no elevator can be in, which would not end or panic.
func (e *Elevator) consistent() error {
	for i, v := range e.reals() {
		if math.IsNaN(*v) || math.IsInf(*v, 0) && v != &e.arrives {
			return fmt.Errorf("state %d is not finite", i)
		}
	}
	for i, v := range e.u {
		if err := e.check(i, v); err != nil {
			return err
		}
	}
	return errors.Join(e.possibleRide(), e.possibleCar(), e.possiblePassengers())
}

func (e *Elevator) possibleRide() error {
	for k := range e.pieces {
		q := &e.pieces[k]
		for _, v := range q.values() {
			if math.IsNaN(*v) || math.IsInf(*v, 0) {
				return errors.New("a piece of motion is not finite")
			}
		}
		if q.duration <= 0 || q.duration > 1e6 || math.Abs(q.dir) != 1 {
			return errors.New("a piece of motion has no possible duration or direction")
		}
	}
	switch {
	case e.state == carMoving && (e.piece < 0 || e.piece >= len(e.pieces)):
		return errors.New("the ride has no such piece")
	case e.state == carMoving && e.t-e.began > e.pieces[e.piece].duration+1e-6:
		return errors.New("the piece of motion lies in the past")
	case e.t < e.rideBegan || e.target < 0 || e.target >= e.p.Floors || e.cause < causeNone || e.cause > causeInterlock:
		return errors.New("the ride is impossible")
	}
	return nil
}

func (e *Elevator) possibleCar() error {
	switch {
	case e.t != e.now.Sub(e.start).Seconds() || e.stretch < 1 || e.stretch > 3:
		return errors.New("the state belongs to another instant")
	case e.state < carIdle || e.state > carTripped || e.door < doorClosed || e.door > doorClosing:
		return errors.New("there is no such car or door state")
	case e.state == carServing && e.door == doorClosed || min(e.doorFrom, e.doorTo) < 0 || max(e.doorFrom, e.doorTo) > e.p.DoorWidth:
		return errors.New("the door is impossible")
	case e.state == carServing && e.until < e.t || e.arrives < e.t:
		return errors.New("an event lies in the past")
	case e.cond.car <= 0 || e.cond.weight <= 0 || math.Abs(e.position) > 1000:
		return errors.New("the car is impossible")
	}
	return nil
}

func (e *Elevator) possiblePassengers() error {
	if e.aboard < 0 || e.aboard > 1000 || e.freight < 0 || e.freight > 1e4 {
		return errors.New("the load is impossible")
	}
	riders := 0
	for _, n := range e.riders {
		if riders += n; n < 0 || n > e.aboard {
			return errors.New("the passengers are impossible")
		}
	}
	if riders != e.aboard {
		return errors.New("passengers want out nowhere")
	}
	for _, q := range e.queue {
		if q.from < 0 || q.from >= e.p.Floors || q.to < 0 || q.to >= e.p.Floors {
			return errors.New("a passenger waits at no floor")
		}
	}
	return nil
}
