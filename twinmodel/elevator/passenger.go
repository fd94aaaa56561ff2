package elevator

import (
	"math/rand/v2"

	"twinrig/twinmodel/detmath"
)

// maxWaiting bounds the queue: who finds more people waiting takes the stairs.
const maxWaiting = 64

// passenger waits at a floor and wants to go to another; floors count from 0.
type passenger struct{ from, to int }

// up tells the hall button pressed.
func (q passenger) up() bool { return q.to > q.from }

// uniform is a number in (0, 1).
func uniform(s *rand.PCG) float64 { return (float64(s.Uint64()>>11) + 0.5) * 0x1p-53 }

// interval is the time to the next arrival of a Poisson stream, s.
func interval(s *rand.PCG, perHour float64) float64 {
	return -detmath.Log(uniform(s)) * 3600 / perHour
}

// arrival is a passenger between two different floors, all equally likely.
func arrival(s *rand.PCG, floors int) passenger {
	from := int(uniform(s) * float64(floors))
	to := int(uniform(s) * float64(floors-1))
	if to >= from {
		to++
	}
	return passenger{from, to}
}
