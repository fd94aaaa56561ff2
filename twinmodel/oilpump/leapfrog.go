package oilpump

import "math"

// stencil is the leapfrog of the damped wave equation on a lattice, down to its
// node last:
//
//	u⁺ = [2u − (1−g)u⁻ + Δt²f/m] / (1+g), g = cΔt/2
//
// The string moves about its rest in the liquid, up being positive; weight is not
// in its forces. The scheme conserves a discrete energy to rounding.
type stencil struct {
	*lattice
	last       int
	damping    float64 // c, 1/s
	keep, lose float64 // 2/(1+g), (1−g)/(1+g)
	end        float64 // mass of node last, kg
	push       float64 // of a force on node last for a step, m/N
	rows       []row

	onward, inert, backward float64 // of the top node's inertia and drag, N/m
}

// row is the nodes inside one taper and the junction with the next.
type row struct {
	first, beyond int     // nodes
	stay, pull    float64 // u⁺ = stay·u − lose·u⁻ + pull·(u above + u below)

	junction           bool    // node beyond joins two tapers:
	hold, above, below float64 // u⁺ = hold·u − lose·u⁻ + above·u above + below·u below
}

// newStencil is for Gibbs' damping factor λ: c = πaλ/2L.
func newStencil(l *lattice, last int, lambda float64) *stencil {
	c := math.Pi * waveSpeed * lambda / (2 * l.length)
	g := c * l.step / 2
	s := &stencil{lattice: l, last: last, damping: c, keep: 2 / (1 + float64(g)), lose: (1 - float64(g)) / (1 + float64(g))}
	square := l.step * l.step / (1 + float64(g))
	first := 1
	for i, t := range l.tapers {
		r := row{first: first, beyond: min(t.end, last), pull: square * t.spring / t.mass}
		r.stay = s.keep - float64(2*r.pull)
		s.end = t.mass / 2
		if t.end < last {
			r.junction = true
			r.above, r.below = square*t.spring/l.mass[t.end], square*l.tapers[i+1].spring/l.mass[t.end]
			r.hold = s.keep - r.above - r.below
		}
		s.rows = append(s.rows, r)
		if first = t.end + 1; t.end >= last {
			break
		}
	}
	s.push = square / s.end
	s.inert = 2 * l.mass[0] / (l.step * l.step)
	s.onward, s.backward = s.inert/2*(1+float64(g)), s.inert/2*(1-float64(g))
	return s
}

// sweep moves the nodes between top and last a step on: past becomes what
// follows u.
func (s *stencil) sweep(u, past []float64) {
	for i := range s.rows {
		r := &s.rows[i]
		march(past[r.first:r.beyond], u[r.first-1:r.beyond+1], r.stay, s.lose, r.pull)
		if j := r.beyond; r.junction {
			past[j] = r.joint(u, past, s.lose)
		}
	}
}

func (r *row) joint(u, past []float64, lose float64) float64 {
	j := r.beyond
	return float64(r.hold*u[j]) - float64(lose*past[j]) + float64(r.above*u[j-1]) + float64(r.below*u[j+1])
}

// march is the inner loop of every rod string; u has one node more than past at
// either end. Two nodes at a time are a quarter faster than one.
func march(past, u []float64, stay, lose, pull float64) {
	if len(u) != len(past)+2 {
		return
	}
	above, here := u[0], u[1]
	u = u[2:]
	j := 0
	for ; j+1 < len(past) && j+1 < len(u); j += 2 {
		below, beyond := u[j], u[j+1]
		past[j] = float64(stay*here) - float64(lose*past[j]) + float64(pull*(above+below))
		past[j+1] = float64(stay*below) - float64(lose*past[j+1]) + float64(pull*(here+beyond))
		above, here = below, beyond
	}
	if j < len(past) {
		past[j] = float64(stay*here) - float64(lose*past[j]) + float64(pull*(above+u[j]))
	}
}

// sweepWarm is sweep, bit for bit, and returns Σm(u⁺−u⁻)², from which the heat of
// damping follows.
func (s *stencil) sweepWarm(u, past []float64) float64 {
	moved := 0.0
	for i := range s.rows {
		r := &s.rows[i]
		moved += float64(s.tapers[i].mass * marchWarm(past[r.first:r.beyond], u[r.first-1:r.beyond+1], r.stay, s.lose, r.pull))
		if j := r.beyond; r.junction {
			next := r.joint(u, past, s.lose)
			d := next - past[j]
			moved += float64(s.mass[j] * d * d)
			past[j] = next
		}
	}
	return moved
}

func marchWarm(past, u []float64, stay, lose, pull float64) (moved float64) {
	if len(u) < len(past)+2 {
		return 0
	}
	above, here := u[0], u[1]
	u = u[2:][:len(past)]
	for j, below := range u {
		before := past[j]
		next := float64(stay*here) - float64(lose*before) + float64(pull*(above+below))
		past[j] = next
		moved += float64((next - before) * (next - before))
		above, here = here, below
	}
	return moved
}

// free is where node last goes without a load. It is asked before sweep.
func (s *stencil) free(u, past []float64) float64 {
	j := s.last
	up := s.spring[j-1] * (u[j-1] - u[j])
	return float64(s.keep*u[j]) - float64(s.lose*past[j]) + float64(s.push*up)
}

// pull is the dynamic load at the top while it goes on to next, N. It is asked
// before sweep.
func (s *stencil) pull(u, past []float64, next float64) float64 {
	inertia := float64(s.onward*next) - float64(s.inert*u[0]) + float64(s.backward*past[0])
	return float64(s.spring[0]*(u[0]-u[1])) + inertia
}
