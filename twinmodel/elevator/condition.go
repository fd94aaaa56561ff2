package elevator

import "math"

// conditions are what hangs on the sheave during a ride, and the state in which
// car, ropes, rails and brake are. They hold from the ride's start to its end.
type conditions struct {
	car, weight, sheave    float64 // kg
	friction, drag, brake  float64 // N
	traction               float64 // ratio of rope forces
	gear                   float64 // m/s²
	lowest, highest        float64 // where the buffers are, m
	switchSpeed, tripSpeed float64 // of the governor, m/s
	delay                  float64 // of the brake, s
	stiffness              float64 // of the ropes, N
	shoe, joint            float64 // factors of rail joints: of all, and of the one out of line
}

func (c *conditions) values() []*float64 {
	return []*float64{&c.car, &c.weight, &c.sheave, &c.friction, &c.drag, &c.brake, &c.traction, &c.gear,
		&c.lowest, &c.highest, &c.switchSpeed, &c.tripSpeed, &c.delay, &c.stiffness, &c.shoe, &c.joint}
}

// conditions are those that the present load and faults make.
func (e *Elevator) conditions() conditions {
	p := &e.p
	groove := float64(p.Groove) * (1 - float64((1-worstGroove)*e.u[inRopeSlip]))
	return conditions{
		car: p.CarMass + e.load(), weight: p.counterweight(), sheave: p.SheaveInertia,
		friction: p.GuideFriction, drag: float64(e.u[inBrakeDrag] * p.BrakeForce / 8), brake: float64((1 - e.u[inWeakBrake]) * p.BrakeForce),
		traction: TractionLimit(groove, p.Wrap),
		gear:     p.GearDeceleration, lowest: -overtravel, highest: p.travel() + overtravel,
		switchSpeed: float64(p.SwitchRatio * p.Ride.Speed), tripSpeed: float64(p.TripRatio * p.Ride.Speed), delay: p.BrakeDelay,
		stiffness: p.RopeStiffness * (1 - float64(e.u[inRopeWear]/2)),
		shoe:      1 + float64(2*e.u[inGuideShoe]), joint: 1 + float64(15*e.u[inRailJoint]),
	}
}

// limits are the car's accelerations between which the ropes hold, for a car
// that moves upwards (dir 1) or downwards (dir −1).
func (c *conditions) limits(dir float64) (low, high float64) {
	k, f := c.traction, float64(c.friction*dir)
	kw, kc := float64(k*c.weight), float64(k*c.car)
	high = (float64((kw-c.car)*gravity) - f) / (c.car + kw)
	low = (float64((c.weight-kc)*gravity) - float64(k*f)) / (kc + c.weight)
	return low, high
}

// rope is the force the sheave puts into the ropes, N.
func (c *conditions) rope(a, dir float64) float64 {
	return float64(c.car*(gravity+a)) - float64(c.weight*(gravity-a)) + float64(c.friction*dir)
}

// pull is what an unbalanced car pulls at a standing sheave, and the direction
// it would go.
func (c *conditions) pull() (force, dir float64) {
	force = float64((c.car - c.weight) * gravity)
	return force, -math.Copysign(1, force)
}

// rolls says whether a standing car goes off against brake and friction, and
// slides whether the ropes let it slide on a sheave that stands.
func (c *conditions) rolls(hold float64) bool {
	force, _ := c.pull()
	return math.Abs(force) > hold+c.friction
}

func (c *conditions) slides() bool {
	_, dir := c.pull()
	low, high := c.limits(dir)
	return low > 0 || high < 0
}
