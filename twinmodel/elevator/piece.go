package elevator

import "math"

// A piece of motion has constant jerk: the car's, and the sheave's where ropes
// slip. Neither changes direction within it.
type piece struct {
	duration   float64
	p, v, a, j float64 // of the car at the start
	sv, sa, sj float64 // of the sheave's rim
	dir        float64 // of the car: 1 up, −1 down
	kind       float64 // what drives or resists
	hold       float64 // friction at the sheave, N
	slipping   float64 // 1 while ropes slip
}

const pieceSize = 12

const (
	driven  = iota
	braking // drive off; also while the brake is still falling in
	gripped // safety gear or buffer
)

// values are the piece's fields in the order of snapshots.
func (q *piece) values() [pieceSize]*float64 {
	return [pieceSize]*float64{&q.duration, &q.p, &q.v, &q.a, &q.j, &q.sv, &q.sa, &q.sj, &q.dir, &q.kind, &q.hold, &q.slipping}
}

// at is the car's position, speed and acceleration in a piece.
func (q *piece) at(t float64) (p, v, a float64) {
	p = q.p + float64(q.v*t) + float64(q.a*t*t/2) + float64(q.j*t*t*t/6)
	return p, q.v + float64(q.a*t) + float64(q.j*t*t/2), q.a + float64(q.j*t)
}

// rim is the sheave's speed and acceleration in a piece.
func (q *piece) rim(t float64) (v, a float64) {
	return q.sv + float64(q.sa*t) + float64(q.sj*t*t/2), q.sa + float64(q.sj*t)
}

// relative is how far the sheave has gone more than the ropes in a piece.
func (q *piece) relative(t float64) float64 {
	return float64((q.sv-q.v)*t) + float64((q.sa-q.a)*t*t/2) + float64((q.sj-q.j)*t*t*t/6)
}

// slippage is the sheave's speed less the car's; where they are equal, of the
// derivatives that will part them.
func (q *piece) slippage(t float64) float64 {
	_, v, a := q.at(t)
	sv, sa := q.rim(t)
	switch {
	case sv != v:
		return sv - v
	case sa != a:
		return sa - a
	}
	return q.sj - q.j
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
