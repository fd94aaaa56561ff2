package elevator

import "math"

// A piece of motion has constant jerk: the car's, and the sheave's where ropes slip.
type piece struct {
	duration   float64
	p, v, a, j float64 // of the car at the start
	sv, sa, sj float64 // of the sheave's rim
	kind       float64 // what resists or drives
	slipping   float64 // 1 while ropes slip
}

const pieceSize = 10

const (
	driven  = iota
	braking // drive off; also while the brake is still falling in
	gripped // safety gear or buffer
)

// at is the car's position, speed and acceleration in a piece.
func (q *piece) at(t float64) (p, v, a float64) {
	p = q.p + float64(q.v*t) + float64(q.a*t*t/2) + float64(q.j*t*t*t/6)
	return p, q.v + float64(q.a*t) + float64(q.j*t*t/2), q.a + float64(q.j*t)
}

// rim is the sheave's speed and acceleration in a piece.
func (q *piece) rim(t float64) (v, a float64) {
	return q.sv + float64(q.sa*t) + float64(q.sj*t*t/2), q.sa + float64(q.sj*t)
}

// masses are what hangs on the sheave during a ride, and what holds it.
type masses struct {
	car, weight, sheave    float64 // kg
	friction, drag, brake  float64 // N
	traction               float64
	gear                   float64 // m/s²
	lowest, highest        float64 // where the buffers are, m
	switchSpeed, tripSpeed float64
	delay                  float64
}

// limits are the car's accelerations between which the ropes hold, for a car
// that moves upwards (dir 1) or downwards (dir −1).
func (m *masses) limits(dir float64) (low, high float64) {
	k, f := m.traction, m.friction*dir
	high = (float64((k*m.weight-m.car)*gravity) - f) / (m.car + float64(k*m.weight))
	low = (float64((m.weight-k*m.car)*gravity) - float64(k*f)) / (float64(k*m.car) + m.weight)
	return low, high
}

// rope is the force the sheave puts into the ropes, N.
func (m *masses) rope(a, dir float64) float64 {
	return float64(m.car*(gravity+a)) - float64(m.weight*(gravity-a)) + float64(m.friction*dir)
}

// trace builds the motion of one ride.
type trace struct {
	m      *masses
	dir    float64
	pieces []piece
	p, v   float64 // of the car at the end so far
	sv     float64 // of the sheave
}

func (r *trace) add(q piece) {
	if q.duration <= 0 {
		return
	}
	r.pieces = append(r.pieces, q)
	r.p, r.v, _ = q.at(q.duration)
	r.sv, _ = q.rim(q.duration)
}

// follow lets the sheave go through one segment and the car with it as far as
// the ropes hold.
func (r *trace) follow(s segment, kind float64, slip bool) bool {
	low, high := r.m.limits(r.dir)
	t := 0.0
	for guard := 0; t < s.duration-1e-12 && guard < 16; guard++ {
		sv, sa := s.v+float64(s.a*t)+float64(s.j*t*t/2), s.a+float64(s.j*t)
		left := s.duration - t
		if !slip {
			if d, out := leaves(sa, s.j, left, low, high); out {
				left, slip = d, true
			}
			r.add(piece{left, r.p, sv, sa, s.j, sv, sa, s.j, kind, 0})
			t += left
			continue
		}
		a := high
		if rel := sv - r.v; rel < -1e-12 || math.Abs(rel) <= 1e-12 && (sa < low || sa == low && s.j < 0) {
			a = low
		}
		if d, ok := firstRoot(sv-r.v, sa-a, s.j/2, left); ok {
			left, slip = d, false
		}
		r.add(piece{left, r.p, r.v, a, 0, sv, sa, s.j, kind, 1})
		t += left
		if !slip {
			r.v = r.sv
			end := sa + float64(s.j*left)
			slip = end > high || end < low
		}
	}
	return slip
}

// leaves is when an acceleration a + j·t leaves the limits, if it does within d.
func leaves(a, j, d, low, high float64) (float64, bool) {
	switch {
	case a > high || a < low:
		return 0, true
	case j > 0 && a+float64(j*d) > high:
		return (high - a) / j, true
	case j < 0 && a+float64(j*d) < low:
		return (low - a) / j, true
	}
	return d, false
}

// firstRoot is the first zero of c + b·t + k·t² after 0 and not after end.
func firstRoot(c, b, k, end float64) (float64, bool) {
	const tiny = 1e-9
	var roots [2]float64
	if math.Abs(k) < 1e-15 {
		if b == 0 {
			return 0, false
		}
		roots = [2]float64{-c / b, -c / b}
	} else {
		d := float64(b*b) - float64(4*k*c)
		if d < 0 {
			return 0, false
		}
		q := -(b + math.Copysign(math.Sqrt(d), b)) / 2
		roots[0] = q / k
		roots[1] = roots[0]
		if q != 0 {
			roots[1] = c / q
		}
	}
	lo, hi := math.Min(roots[0], roots[1]), math.Max(roots[0], roots[1])
	if lo > tiny && lo <= end {
		return lo, true
	}
	return hi, hi > tiny && hi <= end
}

// drive follows a profile to the end, and lets ropes that still slip come to rest.
func (r *trace) drive(p Profile) {
	slip := false
	for _, s := range p.segments() {
		slip = r.follow(s, driven, slip)
	}
	r.sv = 0
	r.slide(driven)
	r.guard()
}

// slide lets the car slip on a standing sheave until it stands too.
func (r *trace) slide(kind float64) {
	low, high := r.m.limits(r.dir)
	a := low
	if r.dir < 0 {
		a = high
	}
	if t := -r.v / a; float64(r.v*r.dir) > 1e-9 && t > 0 {
		r.add(piece{t, r.p, r.v, a, 0, 0, 0, 0, kind, 1})
	}
	r.v, r.sv = 0, 0
}

// guard cuts the ride where the governor's switch opens and where a buffer is.
func (r *trace) guard() {
	if k, t, ok := r.faster(r.m.switchSpeed, 0); ok {
		r.cut(k, t)
		r.emergency()
	}
	for k := range r.pieces {
		q := &r.pieces[k]
		end, _, _ := q.at(q.duration)
		if end >= r.m.lowest && end <= r.m.highest {
			continue
		}
		lo, hi := 0.0, q.duration
		for range 60 {
			mid := (lo + hi) / 2
			if x, _, _ := q.at(mid); x >= r.m.lowest && x <= r.m.highest {
				lo = mid
			} else {
				hi = mid
			}
		}
		r.cut(k, lo)
		r.grip()
		return
	}
}

// faster is where the car first exceeds a speed, from piece from on.
func (r *trace) faster(limit float64, from int) (k int, t float64, ok bool) {
	for k := from; k < len(r.pieces); k++ {
		q := &r.pieces[k]
		if t, ok := firstRoot(q.v-float64(limit*r.dir), q.a, q.j/2, q.duration); ok {
			return k, t, true
		}
	}
	return 0, 0, false
}

// cut ends the trace inside a piece.
func (r *trace) cut(k int, t float64) {
	r.pieces = r.pieces[:k+1]
	q := &r.pieces[k]
	q.duration = t
	r.p, r.v, _ = q.at(t)
	r.sv, _ = q.rim(t)
}

// emergency is drive off, brake after its delay, and the safety gear should the
// car become faster still.
func (r *trace) emergency() {
	from := len(r.pieces)
	r.coast(r.m.delay, 0)
	r.coast(math.Inf(1), r.m.brake)
	if k, t, ok := r.faster(r.m.tripSpeed, from); ok {
		r.cut(k, t)
		r.grip()
	}
}

// coast runs with the drive off and a force on the sheave, until the car stands
// or the time is over. Cars that no force stops gather speed for the governor.
func (r *trace) coast(limit, force float64) {
	const longest = 60.0
	limit = math.Min(limit, longest)
	low, high := r.m.limits(r.dir)
	resist := float64((r.m.drag + force) * r.dir)
	total := r.m.car + r.m.weight + r.m.sheave
	a := -(r.m.rope(0, r.dir) + resist) / total
	if math.Abs(r.sv-r.v) < 1e-9 && a >= low && a <= high {
		t := limit
		if stop := -r.v / a; stop > 0 && stop < t {
			t = stop
		}
		r.add(piece{t, r.p, r.v, a, 0, r.v, a, 0, braking, 0})
		return
	}
	ca := high
	if r.sv < r.v || math.Abs(r.sv-r.v) < 1e-9 && a < low {
		ca = low
	}
	sa := -(r.m.rope(ca, r.dir) + resist) / r.m.sheave
	t := limit
	if stop := -r.sv / sa; stop > 0 && stop < t {
		t = stop
	}
	if meet, ok := firstRoot(r.sv-r.v, sa-ca, 0, t); ok {
		r.add(piece{meet, r.p, r.v, ca, 0, r.sv, sa, 0, braking, 1})
		r.sv = r.v
		if limit -= meet; limit > 1e-9 && meet > 1e-9 {
			r.coast(limit, force)
		}
		return
	}
	r.add(piece{t, r.p, r.v, ca, 0, r.sv, sa, 0, braking, 1})
	if limit >= longest && force > 0 {
		r.slide(braking)
	}
}

// grip stops the car by safety gear or buffer; the sheave goes with it.
func (r *trace) grip() {
	a := -r.m.gear * r.dir
	r.add(piece{math.Abs(r.v) / r.m.gear, r.p, r.v, a, 0, r.v, a, 0, gripped, 0})
	r.v, r.sv = 0, 0
}
