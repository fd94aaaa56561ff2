package elevator

import "math"

const (
	overtravel = 0.5 // m beyond the last floors to the buffers
	relevel    = 0.010
	relevels   = 3 // attempts to level before the doors open all the same
)

// Causes of a trip, in the order of the tripCause signal's states.
const (
	causeNone     = iota
	causePower    // the supply failed
	causeGovernor // its switch
	causeGear     // safety gear
	causeBuffer
	causeBrake // the car rolled while it should stand
	causeInterlock
)

// plan is what the drive was told when a ride began.
type plan struct {
	from   float64
	offset float64 // of the vanes that mark the floors, m
	scale  float64 // of the encoder
	limits Limits
}

func (p *plan) values() []*float64 {
	return []*float64{&p.from, &p.offset, &p.scale, &p.limits.Speed, &p.limits.Acceleration, &p.limits.Jerk}
}

// way is how far the drive goes for a height: as far as its encoder says.
func (p *plan) way(height float64) float64 { return (height + p.offset - p.from) * p.scale }

// height of a floor, m.
func (e *Elevator) height(floor int) float64 { return float64(float64(floor) * e.p.FloorHeight) }

// ride begins a ride to a floor.
func (e *Elevator) ride(floor int) {
	limits := e.p.Ride
	fast := 1 + float64(0.5*e.u[inOverspeed])
	limits.Speed, limits.Acceleration = limits.Speed*fast*(1-e.u[inPowerLoss]), limits.Acceleration*fast
	p := plan{from: e.position, offset: e.vane(), scale: 1 + float64(worstEncoder*e.u[inEncoder]), limits: limits}
	c := e.conditions()
	again := floor == e.floor()
	if !e.begin(p.trace(&c, e.height(floor)), p, c, floor) {
		return
	}
	if e.relevelled++; !again {
		e.relevelled = 0
	}
}

// trace is the motion of a ride to a height.
func (p *plan) trace(c *conditions, height float64) *trace {
	way := p.way(height)
	r := &trace{c: c, dir: math.Copysign(1, way), p: p.from}
	r.drive(NewProfile(way, p.limits))
	r.guard()
	return r
}

// begin puts a trace under way, if it goes anywhere.
func (e *Elevator) begin(r *trace, p plan, c conditions, target int) bool {
	if len(r.pieces) == 0 {
		return false
	}
	e.plan, e.cond, e.target = p, c, target
	e.rideBegan = e.t
	e.state = carMoving
	e.take(r)
	return true
}

// take makes a trace the present ride's, and finds the piece of the moment.
func (e *Elevator) take(r *trace) {
	e.pieces, e.cause, e.shaken = r.pieces, r.cause, nil
	e.piece, e.began = 0, e.rideBegan
	for e.piece < len(e.pieces)-1 && e.began+e.pieces[e.piece].duration <= e.t {
		e.began += e.pieces[e.piece].duration
		e.piece++
	}
}

// underway says whether the drive is on.
func (e *Elevator) underway() bool { return e.state == carMoving && e.pieces[e.piece].kind == driven }

// redirect takes a call on the way while the car can still stop there: as long
// as the shorter ride is the present one so far.
func (e *Elevator) redirect() {
	if !e.underway() {
		return
	}
	up := e.plan.way(e.height(e.target)) > 0
	step := 1
	if !up {
		step = -1
	}
	for f := e.floor(); (e.target-f)*step > 0; f += step {
		way := e.plan.way(e.height(f))
		if way*float64(step) <= 0 || !e.wanted(f, up, false) || NewProfile(way, e.plan.limits).common() <= e.t-e.rideBegan {
			continue
		}
		e.target = f
		e.take(e.plan.trace(&e.cond, e.height(f)))
		return
	}
}

// halt is an emergency stop at once.
func (e *Elevator) halt(cause int) {
	r := &trace{c: &e.cond, pieces: e.pieces}
	r.cut(e.piece, e.t-e.began)
	r.cause = cause
	r.emergency()
	if len(r.pieces) == 0 {
		e.speed, e.rim, e.state, e.cause = 0, 0, carTripped, cause
		return
	}
	e.take(r)
}

// holds says whether brake and ropes hold a car that should stand.
func (e *Elevator) holds() bool {
	c := e.conditions()
	return e.state == carTripped && (e.cause == causeGear || e.cause == causeBuffer) || !c.rolls(c.drag+c.brake) && !c.slides()
}

// settle lets a standing car go that nothing holds.
func (e *Elevator) settle() {
	if e.state == carMoving || e.holds() {
		return
	}
	e.doorFrom, e.doorTo, e.doorBegan = e.opening(), e.opening(), e.t
	c := e.conditions()
	_, dir := c.pull()
	r := &trace{c: &c, dir: dir, p: e.position, cause: causeBrake}
	r.coast(longest, c.drag+c.brake)
	r.catch(0)
	e.begin(r, e.plan, c, e.floor())
}

// nextPiece goes on to the next piece, or ends the ride.
func (e *Elevator) nextPiece() {
	e.began += e.pieces[e.piece].duration
	if e.piece++; e.piece < len(e.pieces) {
		return
	}
	e.piece--
	e.began -= e.pieces[e.piece].duration
	e.speed, e.rim, e.state = 0, 0, carIdle
	e.trips++
	if e.cause != causeNone {
		e.state = carTripped
	}
	if e.settle(); e.state == carMoving {
		return
	}
	if e.cause == causePower {
		e.restart()
	}
	e.dispatch()
}

// restart goes on after a trip whose cause is gone.
func (e *Elevator) restart() {
	if e.state == carTripped && !e.dead() {
		e.state, e.cause = carIdle, causeNone
		e.dispatch()
	}
}

// dead says whether the supply is too weak for the contactors.
func (e *Elevator) dead() bool { return e.u[inPowerLoss] >= 0.5 }

// endOfRide is when the present or last ride ends, from its start.
func (e *Elevator) endOfRide() (end float64) {
	for k := range e.pieces {
		end += e.pieces[k].duration
	}
	return end
}

// ropeModes are those of the car as it was loaded in a ride, at a position.
func (e *Elevator) ropeModes(c *conditions, position float64) [2]RopeMode {
	length := math.Max(1, e.p.travel()-position+e.p.Headroom)
	return RopeModes(c.stiffness, e.p.RopeMass, length, c.car)
}
