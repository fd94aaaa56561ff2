package elevator

import "math"

// longest is how long a car may coast, s. Whatever rolls has met governor or
// buffer before.
const longest = 600.0

// guard stops the ride where the governor's switch opens and where a buffer is.
func (r *trace) guard() {
	if k, t, ok := r.faster(r.c.switchSpeed, 0); ok {
		r.cut(k, t)
		r.cause = causeGovernor
		r.emergency()
		return
	}
	r.bound()
}

// emergency is drive off, brake after its delay, and what catches a car that the
// brake does not hold.
func (r *trace) emergency() {
	from := len(r.pieces)
	r.coast(r.c.delay, r.c.drag)
	r.coast(longest, r.c.drag+r.c.brake)
	r.catch(from)
}

// catch lets the governor trip the safety gear, should the car become too fast.
func (r *trace) catch(from int) {
	if k, t, ok := r.faster(r.c.tripSpeed, from); ok {
		r.cut(k, t)
		r.grip(causeGear)
	} else if r.v != 0 {
		r.grip(causeGear)
	}
	r.bound()
}

// bound lets buffers stop a car that goes too far.
func (r *trace) bound() {
	for k := range r.pieces {
		q := &r.pieces[k]
		inside := func(t float64) bool {
			x, _, _ := q.at(t)
			return (q.dir > 0 || x >= r.c.lowest) && (q.dir < 0 || x <= r.c.highest)
		}
		if inside(q.duration) {
			continue
		}
		lo, hi := 0.0, q.duration
		for range 60 {
			if mid := (lo + hi) / 2; inside(mid) {
				lo = mid
			} else {
				hi = mid
			}
		}
		r.cut(k, lo)
		r.grip(causeBuffer)
		return
	}
}

// grip stops the car by safety gear or buffer. Its ropes slip on a sheave that
// comes to rest with it.
func (r *trace) grip(cause int) {
	r.cause = cause
	if stop := math.Abs(r.v) / r.c.gear; stop > 0 {
		r.dir = math.Copysign(1, r.v)
		if r.sv != r.v {
			r.slip = math.Copysign(1, r.sv-r.v)
		}
		r.add(stop, -r.c.gear*r.dir, 0, -r.sv/stop, 0, gripped, 0)
	}
	r.v, r.sv, r.slip = 0, 0, 0
}

// coast runs with the drive off and a force that holds the sheave, until the car
// stands for good or the time is over.
func (r *trace) coast(limit, hold float64) {
	const changes = 64
	for n := 0; limit > 1e-12 && n < changes; n++ {
		var d float64
		if r.slip == 0 {
			d = r.coastTogether(limit, hold)
		} else {
			d = r.coastSlipping(limit, hold)
		}
		if d < 0 {
			return
		}
		limit -= d
	}
}

// coastTogether goes on to the next change with ropes that hold; −1 says that the
// car stands.
func (r *trace) coastTogether(limit, hold float64) (d float64) {
	force, dir := r.c.pull()
	total := r.c.car + r.c.weight + r.c.sheave
	a := 0.0
	switch {
	case r.v != 0:
		dir = math.Copysign(1, r.v)
		a = -(force + float64((r.c.friction+hold)*dir)) / total
	case r.c.rolls(hold):
		a = -(force + float64((r.c.friction+hold)*dir)) / total
	case !r.c.slides():
		return -1
	}
	r.dir = dir
	low, high := r.c.limits(dir)
	switch {
	case a > high:
		r.slip = 1
		return 0
	case a < low:
		r.slip = -1
		return 0
	}
	d = limit
	stop := -r.v / a
	stops := stop > 0 && stop <= limit
	if stops {
		d = stop
	}
	if r.add(d, a, 0, a, 0, braking, hold); stops {
		r.v, r.sv = 0, 0
	}
	return d
}

// coastSlipping goes on to the next change with ropes that slip.
func (r *trace) coastSlipping(limit, hold float64) (d float64) {
	if r.v != 0 {
		r.dir = math.Copysign(1, r.v)
	}
	low, high := r.c.limits(r.dir)
	a := low
	if r.slip > 0 {
		a = high
	}
	if r.v == 0 && a*r.dir < 0 {
		a = 0 // the guides' friction holds the car
	}
	sa := r.sheave(r.c.rope(a, r.dir), hold)
	d = limit
	before := func(t float64) bool { return t > 0 && t <= d }
	event := 0
	if t := -r.v / a; before(t) {
		d, event = t, 1
	}
	if t := -r.sv / sa; before(t) {
		d, event = t, 2
	}
	if t := (r.v - r.sv) / (sa - a); before(t) {
		d, event = t, 3
	}
	r.add(d, a, 0, sa, 0, braking, hold)
	switch event {
	case 1:
		r.v, r.dir = 0, math.Copysign(1, a)
	case 2:
		r.sv = 0
	case 3:
		r.v, r.slip = r.sv, 0
	}
	return d
}

// sheave is its acceleration under the ropes' force and what holds it.
func (r *trace) sheave(rope, hold float64) float64 {
	switch {
	case r.sv > 0, r.sv == 0 && rope < -hold:
		return -(rope + hold) / r.c.sheave
	case r.sv < 0, r.sv == 0 && rope > hold:
		return -(rope - hold) / r.c.sheave
	}
	return 0
}
