package elevator

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel"
)

// reals are the continuous part of the state, in a fixed order.
func (e *Elevator) reals() []*float64 {
	n := &e.energy
	out := []*float64{&e.t, &e.until, &e.arrives, &e.doorFrom, &e.doorTo, &e.doorBegan, &e.stretch,
		&e.position, &e.speed, &e.rim, &e.rideBegan, &e.began, &e.freight, &e.motor, &e.slipped,
		&n.driven, &n.regenerated, &n.boarded, &n.lost, &n.heat, &n.cooled, &n.copper}
	out = append(out, e.plan.values()...)
	out = append(out, e.cond.values()...)
	for i := range e.u {
		out = append(out, &e.u[i])
	}
	return out
}

func (e *Elevator) wholes() []*int {
	out := []*int{&e.state, &e.door, &e.reopened, &e.piece, &e.aboard, &e.trips, &e.target, &e.relevelled, &e.cause}
	for i := range e.riders {
		out = append(out, &e.riders[i])
	}
	return out
}

// Snapshot implements twinmodel.Plant.
func (e *Elevator) Snapshot() twinmodel.Snapshot {
	s := twinmodel.Snapshot{Plant: spec.Kind, Time: e.now}
	for _, v := range e.reals() {
		s.State = append(s.State, *v)
	}
	for k := range e.pieces {
		for _, v := range e.pieces[k].values() {
			s.State = append(s.State, *v)
		}
	}
	s.Modes = []int64{e.start.Unix(), int64(e.start.Nanosecond()), flag(e.upwards), int64(e.shaft)}
	for _, v := range e.wholes() {
		s.Modes = append(s.Modes, int64(*v))
	}
	for _, c := range e.called {
		s.Modes = append(s.Modes, flag(c))
	}
	stream, _ := e.chance.MarshalBinary() // a PCG never fails to
	for _, b := range stream {
		s.Modes = append(s.Modes, int64(b))
	}
	for _, q := range e.queue {
		s.Modes = append(s.Modes, int64(q.from), int64(q.to))
	}
	return s
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Restore implements twinmodel.Plant. The snapshot must come from an elevator of
// the same start; that it has the same parameters is up to the caller.
func (e *Elevator) Restore(s twinmodel.Snapshot) error {
	if s.Plant != spec.Kind {
		return fmt.Errorf("restore elevator: the snapshot is of a %q", s.Plant)
	}
	n := *e // restored aside: a bad snapshot changes nothing
	n.riders, n.called, n.queue, n.pieces, n.shaken = make([]int, e.p.Floors), make([]bool, e.p.Floors), nil, nil, nil
	if err := n.adopt(s); err != nil {
		return fmt.Errorf("restore elevator: %w", err)
	}
	*e = n
	return nil
}

func (e *Elevator) adopt(s twinmodel.Snapshot) error {
	const headSize, streamSize = 4, 20
	reals, wholes := e.reals(), e.wholes()
	head := headSize + len(wholes) + len(e.called) + streamSize
	rest := len(s.State) - len(reals)
	if rest < 0 || rest%pieceSize != 0 || len(s.Modes) < head || (len(s.Modes)-head)%2 != 0 || len(s.Modes)-head > 2*maxWaiting {
		return errors.New("the snapshot has the wrong size")
	}
	if !time.Unix(s.Modes[0], s.Modes[1]).Equal(e.start) {
		return fmt.Errorf("the snapshot's plant started at another instant than %s", stamp(e.start))
	}
	for i, v := range reals {
		*v = s.State[i]
	}
	for k := len(reals); k < len(s.State); k += pieceSize {
		var q piece
		for i, v := range q.values() {
			*v = s.State[k+i]
		}
		e.pieces = append(e.pieces, q)
	}
	e.upwards, e.shaft = s.Modes[2] == 1, uint64(s.Modes[3])
	modes := s.Modes[headSize:]
	for i, v := range wholes {
		*v = int(modes[i])
	}
	modes = modes[len(wholes):]
	for i := range e.called {
		e.called[i] = modes[i] == 1
	}
	modes = modes[len(e.called):]
	stream := make([]byte, streamSize)
	for i := range stream {
		stream[i] = byte(modes[i])
	}
	e.chance = new(rand.PCG)
	if err := e.chance.UnmarshalBinary(stream); err != nil {
		return err
	}
	for m := modes[streamSize:]; len(m) > 0; m = m[2:] {
		e.queue = append(e.queue, passenger{int(m[0]), int(m[1])})
	}
	e.now = s.Time.Round(0)
	return e.consistent()
}

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
	for k := range e.pieces {
		for _, v := range e.pieces[k].values() {
			if math.IsNaN(*v) || math.IsInf(*v, 0) {
				return errors.New("a piece of motion is not finite")
			}
		}
		if d := e.pieces[k].duration; d <= 0 || d > 3600 {
			return errors.New("a piece of motion has no possible duration")
		}
	}
	switch {
	case e.state < carIdle || e.state > carTripped || e.door < doorClosed || e.door > doorClosing:
		return errors.New("there is no such car or door state")
	case e.state == carMoving && (e.piece < 0 || e.piece >= len(e.pieces)):
		return errors.New("the ride has no such piece")
	case e.t != e.now.Sub(e.start).Seconds() || e.stretch < 1 || e.stretch > 3:
		return errors.New("the state belongs to another instant")
	case e.state == carServing && e.until < e.t || e.arrives < e.t || e.state == carMoving && e.t-e.began > e.pieces[e.piece].duration+1e-6:
		return errors.New("an event lies in the past")
	case e.cond.car <= 0 || e.cond.weight <= 0 || math.Abs(e.position) > 1000 || e.t-e.rideBegan < 0:
		return errors.New("the car is impossible")
	case e.target < 0 || e.target >= e.p.Floors || e.cause < causeNone || e.cause > causeBrake:
		return errors.New("the ride is impossible")
	case e.aboard < 0 || e.aboard > 1000 || e.freight < 0 || e.freight > 1e4:
		return errors.New("the load is impossible")
	}
	for _, n := range e.riders {
		if n < 0 || n > e.aboard {
			return errors.New("the passengers are impossible")
		}
	}
	for _, q := range e.queue {
		if q.from < 0 || q.from >= e.p.Floors || q.to < 0 || q.to >= e.p.Floors {
			return errors.New("a passenger waits at no floor")
		}
	}
	return nil
}
