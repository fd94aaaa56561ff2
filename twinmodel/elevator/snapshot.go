package elevator

import (
	"errors"
	"fmt"
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

// adopt takes a snapshot's numbers.
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
	e.adoptPieces(s.State[len(reals):])
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
	for m := modes[streamSize:]; len(m) > 0; m = m[2:] {
		e.queue = append(e.queue, passenger{int(m[0]), int(m[1])})
	}
	e.now = s.Time.Round(0)
	if err := e.adoptChance(modes[:streamSize]); err != nil {
		return err
	}
	return e.consistent()
}

func (e *Elevator) adoptPieces(state []float64) {
	for ; len(state) > 0; state = state[pieceSize:] {
		var q piece
		for i, v := range q.values() {
			*v = state[i]
		}
		e.pieces = append(e.pieces, q)
	}
}

func (e *Elevator) adoptChance(modes []int64) error {
	stream := make([]byte, len(modes))
	for i := range stream {
		stream[i] = byte(modes[i])
	}
	e.chance = new(rand.PCG)
	return e.chance.UnmarshalBinary(stream)
}
