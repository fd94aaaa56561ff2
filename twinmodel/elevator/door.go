package elevator

import "math"

// opening is how far the door is open, m.
func (e *Elevator) opening() float64 {
	way, _, _ := NewProfile(e.doorTo-e.doorFrom, e.p.Door).At((e.t - e.doorBegan) / e.stretch)
	return math.Max(0, math.Min(e.p.DoorWidth, e.doorFrom+way))
}

// moveDoor begins a movement of the door.
func (e *Elevator) moveDoor(to float64, state int) {
	from := e.opening()
	e.stretch = 1 + float64(2*e.u[inSlowDoor])
	e.doorFrom, e.doorTo, e.doorBegan = from, to, e.t
	e.door, e.state = state, carServing
	e.until = e.t + float64(e.stretch*NewProfile(to-from, e.p.Door).Duration())
}

// blocked says whether the door must not close: nudging overrides a light
// curtain in doubt, but nothing that stands in the way.
func (e *Elevator) blocked() bool {
	s := e.u[inObstructed]
	return s >= 0.5 || s > 0 && e.reopened < nudging
}

// doorDone is the end of dwell or movement.
func (e *Elevator) doorDone() {
	switch e.door {
	case doorOpening:
		e.door, e.until = doorOpen, e.t+e.u[inDwell]
		e.exchange()
	case doorOpen:
		if e.overloaded() {
			e.until = e.t + e.u[inDwell]
			return
		}
		// What is in the way is met half way.
		to := 0.0
		if e.blocked() {
			to = e.p.DoorWidth / 2
		}
		e.moveDoor(to, doorClosing)
	case doorClosing:
		if e.doorTo > 0 {
			e.reopened++
			e.moveDoor(e.p.DoorWidth, doorOpening)
			return
		}
		e.door, e.state, e.reopened = doorClosed, carIdle, 0
		e.dispatch()
	}
}
