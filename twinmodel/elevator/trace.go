package elevator

import "math"

// trace builds the motion of one ride.
type trace struct {
	c      *conditions
	dir    float64 // of the car
	pieces []piece
	p, v   float64 // of the car at the end so far
	sv     float64 // of the sheave
	slip   float64 // sign of the sheave's speed less the car's; 0 while the ropes hold
	cause  int     // why the ride does not end at a floor
}

// add appends a piece in which car and sheave have constant jerks.
func (r *trace) add(duration, a, j, sa, sj float64, kind, hold float64) {
	if duration <= 0 {
		return
	}
	q := piece{duration: duration, p: r.p, v: r.v, a: a, j: j, sv: r.sv, sa: sa, sj: sj, dir: r.dir, kind: kind, hold: hold, slipping: math.Abs(r.slip)}
	r.pieces = append(r.pieces, q)
	r.p, r.v, _ = q.at(duration)
	r.sv, _ = q.rim(duration)
}

// drive follows a profile to the end, and lets ropes that still slip come to
// rest: the drive holds the sheave.
func (r *trace) drive(p Profile) {
	for _, s := range p.segments() {
		r.follow(s)
	}
	if r.sv = 0; r.slip != 0 {
		low, high := r.c.limits(r.dir)
		a := low
		if r.slip > 0 {
			a = high
		}
		if t := -r.v / a; t > 0 {
			r.add(t, a, 0, 0, 0, driven, r.c.drag)
		}
	}
	r.v, r.sv, r.slip = 0, 0, 0
}

// follow lets the sheave go through one segment, and the car with it as far as
// the ropes hold.
func (r *trace) follow(s segment) {
	const changes = 64 // a segment has a handful
	low, high := r.c.limits(r.dir)
	left, sa := s.duration, s.a
	for n := 0; left > 1e-12 && n < changes; n++ {
		d := left
		if r.slip == 0 {
			var side float64
			d, side = leaves(sa, s.j, left, low, high)
			r.add(d, sa, s.j, sa, s.j, driven, r.c.drag)
			r.slip = side
		} else {
			a := low
			if r.slip > 0 {
				a = high
			}
			meet, met := firstRoot(r.sv-r.v, sa-a, s.j/2, left)
			if met {
				d = meet
			}
			if r.add(d, a, 0, sa, s.j, driven, r.c.drag); met {
				r.v, r.slip = r.sv, 0
			}
		}
		sa += float64(s.j * d)
		left -= d
	}
}

// leaves is when an acceleration a + j·t leaves the limits within d, and on which
// side; 0 is for one that does not.
func leaves(a, j, d, low, high float64) (t, side float64) {
	switch {
	case a > high || a == high && j > 0:
		return 0, 1
	case a < low || a == low && j < 0:
		return 0, -1
	case j > 0 && a+float64(j*d) > high:
		return (high - a) / j, 1
	case j < 0 && a+float64(j*d) < low:
		return (low - a) / j, -1
	}
	return d, 0
}

// faster is where the car first exceeds a speed, from piece from on.
func (r *trace) faster(limit float64, from int) (k int, t float64, ok bool) {
	for k := from; k < len(r.pieces); k++ {
		q := &r.pieces[k]
		if q.v*q.dir > limit {
			return k, 0, true
		}
		if t, ok := firstRoot(q.v-float64(limit*q.dir), q.a, q.j/2, q.duration); ok {
			return k, t, true
		}
	}
	return 0, 0, false
}

// cut ends the trace inside a piece.
func (r *trace) cut(k int, t float64) {
	q := r.pieces[k]
	r.pieces = r.pieces[:k]
	r.p, r.v, r.sv, r.dir, r.slip = q.p, q.v, q.sv, q.dir, 0
	r.slip = q.slipping
	if r.add(t, q.a, q.j, q.sa, q.sj, q.kind, q.hold); r.slip != 0 {
		r.slip = math.Copysign(1, q.slippage(t))
	}
}
