package elevator

import "math"

// masses are what the present load and faults make of car and drive.
func (e *Elevator) masses() masses {
	p := &e.p
	return masses{
		car: p.CarMass + float64(float64(e.aboard)*p.PassengerMass), weight: p.counterweight(), sheave: p.SheaveInertia,
		friction: p.GuideFriction, drag: e.u[inBrakeDrag] * p.BrakeForce / 8, brake: (1 - e.u[inWeakBrake]) * p.BrakeForce,
		traction: TractionLimit(p.Groove*(1-float64((1-worstGroove)*e.u[inRopeSlip])), p.Wrap),
		gear:     p.GearDecelerate, lowest: -0.5, highest: p.travel() + 0.5,
		switchSpeed: p.SwitchRatio * p.Ride.Speed, tripSpeed: p.TripRatio * p.Ride.Speed, delay: p.BrakeDelay,
	}
}

// ride plans and begins a ride to a floor.
func (e *Elevator) ride(floor int) {
	limits := e.p.Ride
	fast := 1 + float64(0.5*e.u[inOverspeed])
	limits.Speed, limits.Acceleration = limits.Speed*fast, limits.Acceleration*fast
	way := float64(float64(floor)*e.p.FloorHeight) + float64(0.04*e.u[inLevelling]) - e.position
	e.m, e.dir = e.masses(), math.Copysign(1, way)
	r := trace{m: &e.m, dir: e.dir, p: e.position}
	r.drive(NewProfile(way, limits))
	if len(r.pieces) == 0 {
		return
	}
	e.pieces, e.piece, e.state = r.pieces, 0, carMoving
	e.rideBegan, e.began = e.t, e.t
}

// nextPiece goes on to the next piece, or ends the ride.
func (e *Elevator) nextPiece() {
	e.began += e.pieces[e.piece].duration
	if e.piece++; e.piece < len(e.pieces) {
		return
	}
	e.piece--
	last := e.pieces[e.piece].kind
	e.speed, e.rim, e.state = 0, 0, carIdle
	shaken := e.shake(e.t - e.rideBegan)
	e.vertical, e.widest = quality(shaken.vertical)
	e.side, _ = quality(shaken.sideways)
	e.trips++
	if last != driven {
		e.state = carTripped
		return
	}
	e.dispatch()
}

// endOfRide is where the planned ride ends.
func (e *Elevator) endOfRide() float64 {
	if len(e.pieces) == 0 {
		return e.position
	}
	q := &e.pieces[len(e.pieces)-1]
	p, _, _ := q.at(q.duration)
	return p
}

// ropeModes are those of the car as it is loaded at a position.
func (e *Elevator) ropeModes(position float64) [2]RopeMode {
	length := math.Max(1, e.p.travel()-position+e.p.Headroom)
	return RopeModes(e.p.RopeStiffness*(1-e.u[inRopeWear]/2), e.p.RopeMass, length, e.m.car)
}
