package oilpump

import (
	"fmt"
	"math"
	"time"
)

// Taper is a length of equal rods.
type Taper struct {
	Length   float64 `unit:"m" range:"10..5000" doc:"length of the taper"`
	Diameter float64 `unit:"m" range:"0.005..0.1" doc:"diameter of the rods"`
	Weight   float64 `unit:"N/m" range:"1..1000" doc:"weight in air with couplings"`
}

const (
	modulus   = 2.10e11 // of steel, Pa
	waveSpeed = 4968.0  // m/s, with couplings: 16,300 ft/s as API RP 11L has it
	courant   = 0.9
)

// stiffness is EA, N.
func (t *Taper) stiffness() float64 { return modulus * math.Pi / 4 * t.Diameter * t.Diameter }

// lattice is the string of rods as masses and springs.
type lattice struct {
	tick   time.Duration // of the wave steps: whole microseconds within the Courant limit
	step   float64       // the same in s
	length float64       // m
	tapers []springs
	spring []float64 // below each node but the last, N/m
	mass   []float64 // of each node, kg
	weight []float64 // of the rods down to each node, in air, N
}

// springs are the segments of one taper.
type springs struct {
	end    int     // node at its lower end
	mass   float64 // of one segment, kg
	spring float64 // of one segment, N/m
}

// newLattice divides the tapers into about n segments.
func newLattice(tapers []Taper, n int) (*lattice, error) {
	l := &lattice{mass: []float64{0}, weight: []float64{0}}
	for _, t := range tapers {
		l.length += t.Length
	}
	if len(tapers) == 0 || n < 2*len(tapers) {
		return nil, fmt.Errorf("parameter Segments: %d do not divide a string of %d tapers", n, len(tapers))
	}
	finest := math.Inf(1)
	for _, t := range tapers {
		k := max(2, int(math.Round(float64(n)*t.Length/l.length)))
		dx := t.Length / float64(k)
		l.add(t, k, dx)
		finest = math.Min(finest, dx)
	}
	l.tick = time.Duration(courant*finest/waveSpeed*1e6) * time.Microsecond
	l.step = l.tick.Seconds()
	return l, nil
}

// add appends k segments of dx m.
func (l *lattice) add(t Taper, k int, dx float64) {
	ea := t.stiffness()
	s := springs{end: len(l.mass) - 1 + k, mass: ea / (waveSpeed * waveSpeed) * dx, spring: ea / dx}
	for range k {
		last := len(l.mass) - 1
		l.mass[last] += float64(s.mass / 2)
		l.mass = append(l.mass, s.mass/2)
		l.spring = append(l.spring, s.spring)
		l.weight = append(l.weight, l.weight[last]+float64(t.Weight*dx))
	}
	l.tapers = append(l.tapers, s)
}

// energy is what the string down to node last, of mass end, holds between two
// steps, J. The leapfrog conserves it.
func (l *lattice) energy(u, past []float64, last int, end float64) float64 {
	e := 0.0
	for j := 1; j <= last; j++ {
		m, v := l.mass[j], (u[j]-past[j])/l.step
		if j == last {
			m = end
		}
		e += float64(m * v * v / 2)
		e += float64(l.spring[j-1] * (u[j-1] - u[j]) * (past[j-1] - past[j]) / 2)
	}
	v := (u[0] - past[0]) / l.step
	return e + float64(l.mass[0]*v*v/2)
}
