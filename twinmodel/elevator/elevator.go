package elevator

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel"
)

// nudging is how often the door reopens before it closes in spite of the light
// curtain.
const nudging = 3

// cascade is how many events may follow from each other at one instant.
const cascade = 64

// Elevator is an elevator. All times in it are seconds since the start.
type Elevator struct {
	p     Params
	start time.Time
	now   time.Time
	u     [inputs]float64

	t       float64
	state   int
	until   float64 // end of dwell or door movement
	arrives float64 // next passenger
	chance  *rand.PCG
	shaft   uint64 // what makes this hoistway's rails its own

	// The door moves between two openings.
	door               int
	doorFrom, doorTo   float64
	doorBegan, stretch float64
	reopened           int

	position, speed, rim float64
	pieces               []piece // of the present or last ride
	piece                int
	rideBegan, began     float64 // of ride and piece
	target, relevelled   int
	cause                int // of the trip that the ride ends in
	plan                 plan
	cond                 conditions
	shaken               *vibration // derived from the ride; nil when not yet

	upwards bool
	aboard  int
	freight float64 // kg
	riders  []int
	called  []bool
	queue   []passenger

	motor, slipped float64
	trips          int
	energy         energies
}

var _ twinmodel.Plant = (*Elevator)(nil)

// New makes an elevator that stands empty at the lowest floor. Passengers and
// the hoistway's rails come from chance, which the elevator then owns.
func New(start time.Time, p Params, chance *rand.PCG) (*Elevator, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make elevator: %w", err)
	}
	if chance == nil {
		return nil, errors.New("make elevator: passengers need a source of chance")
	}
	e := &Elevator{p: p, start: start.Round(0), now: start.Round(0), stretch: 1, upwards: true,
		riders: make([]int, p.Floors), called: make([]bool, p.Floors), motor: p.MotorAmbient,
		chance: chance, shaft: chance.Uint64()}
	for i := range e.u {
		e.u[i] = spec.Signals[i].Initial
	}
	e.u[inRate] = p.PassengerRate
	e.cond = e.conditions()
	e.awaitPassenger()
	return e, nil
}

// Spec implements twinmodel.Plant.
func (e *Elevator) Spec() *twinmodel.Spec { return &spec }

// Time implements twinmodel.Plant.
func (e *Elevator) Time() time.Time { return e.now }

func (e *Elevator) awaitPassenger() {
	e.arrives = math.Inf(1)
	if rate := e.u[inRate]; rate > 0 {
		e.arrives = e.t + interval(e.chance, rate)
	}
}

// floor is the nearest one, from 0.
func (e *Elevator) floor() int {
	return max(0, min(e.p.Floors-1, int(math.Round(e.position/e.p.FloorHeight))))
}

// level is how far the car stands above the nearest floor as the drive sees it:
// a levelling fault is a vane out of place.
func (e *Elevator) level() float64 { return e.sill() - e.vane() }

// sill is how far the car's stands above that of the nearest floor, m.
func (e *Elevator) sill() float64 {
	return e.position - e.height(e.floor())
}

func (e *Elevator) vane() float64 { return float64(0.04 * e.u[inLevelling]) }

// Advance implements twinmodel.Plant.
func (e *Elevator) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(e.now) {
		return fmt.Errorf("advance elevator: %s lies before %s", stamp(t), stamp(e.now))
	}
	end := t.Sub(e.start).Seconds()
	for at, n := e.t, 0; ; n++ {
		if e.t > at {
			at, n = e.t, 0
		}
		if n > cascade {
			return fmt.Errorf("advance elevator at %s: events without end; the car is %s", stamp(e.now), spec.Signals[outState].States[e.state])
		}
		next := math.Min(e.arrives, e.event())
		if next > end {
			break
		}
		e.pass(math.Max(next, e.t))
		e.happen()
	}
	e.pass(end)
	e.now = t
	return nil
}

// event is when door or car reach the end of what they do.
func (e *Elevator) event() float64 {
	switch e.state {
	case carMoving:
		return e.began + e.pieces[e.piece].duration
	case carServing:
		return e.until
	}
	return math.Inf(1)
}

// pass lets time pass without events.
func (e *Elevator) pass(t float64) {
	if t <= e.t {
		return
	}
	if e.state == carMoving {
		q := &e.pieces[e.piece]
		to := math.Min(t-e.began, q.duration)
		e.spend(q, e.t-e.began, to)
		e.position, e.speed, _ = q.at(to)
		e.rim, _ = q.rim(to)
	} else {
		e.warm(0, t-e.t)
	}
	e.t = t
}

// happen is what happens now: an arrival, or else the end of a phase.
func (e *Elevator) happen() {
	switch {
	case e.arrives <= e.t:
		q := arrival(e.chance, e.p.Floors)
		if e.u[inService] == 1 && len(e.queue) < maxWaiting {
			e.queue = append(e.queue, q)
		}
		e.awaitPassenger()
		e.attend()
	case e.state == carMoving:
		e.nextPiece()
	default:
		e.doorDone()
	}
	e.settle()
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
