package elevator

// wanted says whether the car should stop at a floor when it travels in a
// direction: someone in it wants out, a button called it, or someone waits who
// wants the same way and finds room.
func (e *Elevator) wanted(floor int, up, anyWay bool) bool {
	if e.called[floor] || e.riders[floor] > 0 {
		return true
	}
	if !e.room() {
		return false
	}
	for _, q := range e.queue {
		if q.from == floor && (anyWay || q.up() == up) {
			return true
		}
	}
	return false
}

// next is the collective control's choice: on in the same direction while there
// is anything ahead, the nearest that goes the same way, else the farthest that
// goes the other way; then back.
func (e *Elevator) next() (floor int, ok bool) {
	here := e.floor()
	for _, up := range [2]bool{e.upwards, !e.upwards} {
		step, end := 1, e.p.Floors
		if !up {
			step, end = -1, -1
		}
		farthest := -1
		for f := here + step; f != end; f += step {
			if e.wanted(f, up, false) {
				e.upwards = up
				return f, true
			}
			if e.wanted(f, up, true) {
				farthest = f
			}
		}
		if farthest >= 0 {
			e.upwards = up
			return farthest, true
		}
	}
	return here, false
}

// ahead says whether anybody in or outside the car wants it beyond its floor.
func (e *Elevator) ahead(up bool) bool {
	for f := range e.p.Floors {
		if (f > e.floor()) == up && f != e.floor() && e.wanted(f, up, true) {
			return true
		}
	}
	return false
}

// attend does what a new call asks for.
func (e *Elevator) attend() {
	if e.state == carMoving {
		e.redirect()
		return
	}
	e.dispatch()
}

// dispatch lets an idle car do what there is to do.
func (e *Elevator) dispatch() {
	if e.state != carIdle || e.dead() {
		return
	}
	here := e.floor()
	off := e.level()
	switch {
	case e.door != doorClosed:
		e.moveDoor(0, doorClosing)
	case e.overloaded():
		e.moveDoor(e.p.DoorWidth, doorOpening)
	case e.chained() && (off > relevel || off < -relevel) && e.relevelled < relevels:
		e.ride(here)
	case e.wanted(here, e.upwards, !e.ahead(e.upwards)):
		e.moveDoor(e.p.DoorWidth, doorOpening)
	case e.chained():
		if floor, ok := e.next(); ok {
			e.ride(floor)
		}
	}
}

// pullIn and dropOut are the shares of voltage lost at which the relay of the
// safety chain does not pull in any more, and drops.
const pullIn, dropOut = 0.3, 0.5

// chained says whether the safety chain lets the drive start.
func (e *Elevator) chained() bool { return e.u[inInterlock] < pullIn }

// load is what the car carries, kg.
func (e *Elevator) load() float64 { return float64(float64(e.aboard)*e.p.PassengerMass) + e.freight }

// room says whether one more passenger may get in.
func (e *Elevator) room() bool { return e.load()+e.p.PassengerMass <= e.p.RatedLoad }

// overloaded says whether the car must not start: a tenth above the rated load.
func (e *Elevator) overloaded() bool { return e.load() > 1.1*e.p.RatedLoad }

// exchange lets passengers and freight out and in. Who does not fit or wants the
// other way stays; the latter get in when nobody wants the car ahead.
func (e *Elevator) exchange() {
	here := e.floor()
	e.board(-e.riders[here])
	e.riders[here], e.called[here] = 0, false
	e.loadFreight()
	if e.u[inService] == 0 {
		return
	}
	if !e.ahead(e.upwards) && !e.waits(here, e.upwards) {
		e.upwards = !e.upwards
	}
	kept := e.queue[:0]
	for _, q := range e.queue {
		if q.from == here && q.up() == e.upwards && e.room() {
			e.riders[q.to]++
			e.board(1)
			continue
		}
		kept = append(kept, q)
	}
	e.queue = kept
}

// loadFreight brings what is to be carried into an open car, or takes it out.
func (e *Elevator) loadFreight() {
	more := e.u[inFreight] - e.freight
	e.freight = e.u[inFreight]
	e.energy.boarded += float64(more * gravity * e.position)
}

func (e *Elevator) waits(floor int, up bool) bool {
	for _, q := range e.queue {
		if q.from == floor && q.up() == up {
			return true
		}
	}
	return false
}

// board adds passengers to the car, with the potential energy they bring.
func (e *Elevator) board(n int) {
	e.aboard += n
	e.energy.boarded += float64(float64(n) * e.p.PassengerMass * gravity * e.position)
}
