package oilpump

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// harmonics is how many of the stroke's harmonics a diagnosis takes along.
const harmonics = 20

// PumpCard is what a pump-off controller makes of a surface card: the card at the
// lower end of the rods by Gibbs' method. Each harmonic of position and load
// solves the damped wave equation along every taper in closed form. Points must
// be at equal intervals over one stroke, which takes period s. The method shares
// nothing with the plant's leapfrog but the equation.
func (p *Params) PumpCard(surface Card, period float64) Card {
	n := min(len(surface.Position), len(surface.Load))
	down := Card{make([]float64, n), make([]float64, n)}
	if n == 0 {
		return down
	}
	waves := newWaves(n)
	u, t := waves.mean(surface.Position), waves.mean(surface.Load)-float64(p.rodWeight()*p.Buoyancy())
	for _, r := range p.Rods {
		u -= t * r.Length / r.stiffness()
	}
	for i := range n {
		down.Position[i], down.Load[i] = u, t
	}
	c := math.Pi * waveSpeed * p.Damping / (2 * p.Depth())
	for k := 1; k <= min(harmonics, (n-1)/2); k++ {
		u, t := waves.coefficient(surface.Position, k), waves.coefficient(surface.Load, k)
		omega := 2 * math.Pi * float64(k) / period
		for i := range p.Rods {
			u, t = p.Rods[i].transfer(u, t, omega, c)
		}
		waves.add(down.Position, u, k)
		waves.add(down.Load, t, k)
	}
	return down
}

// rodWeight is the rods' in air, N.
func (p *Params) rodWeight() float64 {
	w := 0.0
	for _, r := range p.Rods {
		w += float64(r.Weight * r.Length)
	}
	return w
}

// transfer takes displacement and tension of one frequency from the top of a
// taper to its lower end: κ² = (ω² − iωc)/a².
func (r *Taper) transfer(u, t phasor, omega, c float64) (phasor, phasor) {
	kappa := phasor{float64(omega * omega), -float64(omega * c)}.root().scale(1 / waveSpeed)
	sin, cos := kappa.scale(r.Length).sinCos()
	z := kappa.scale(r.stiffness())
	return u.times(cos).minus(t.times(sin).over(z)), u.times(z).times(sin).plus(t.times(cos))
}

// Fillage reads a pump card: the share of the stroke that is left on the way down
// when the load has fallen to a fifth of its range. Gas is then almost at the
// pressure at which the travelling valve opens. A card without load reads 0.
func (c Card) Fillage() float64 {
	n := len(c.Load)
	if n == 0 {
		return 0
	}
	top, bottom, low, high := 0, 0, c.Load[0], c.Load[0]
	for i := range n {
		if c.Position[i] > c.Position[top] {
			top = i
		}
		if c.Position[i] < c.Position[bottom] {
			bottom = i
		}
		low, high = min(low, c.Load[i]), max(high, c.Load[i])
	}
	gone, stroke := low+float64((high-low)/5), c.Position[top]-c.Position[bottom]
	if stroke <= 0 {
		return 0
	}
	for k := range n {
		i, j := (top+k)%n, (top+k+1)%n
		if c.Load[i] >= gone && c.Load[j] < gone {
			share := (c.Load[i] - gone) / (c.Load[i] - c.Load[j])
			at := c.Position[i] + float64(share*(c.Position[j]-c.Position[i]))
			return max(0, min(1, (at-c.Position[bottom])/stroke))
		}
		if i == bottom {
			break
		}
	}
	return 0
}

// Span is the range of the loads, N.
func (c Card) Span() float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, f := range c.Load {
		low, high = min(low, f), max(high, f)
	}
	return max(0, high-low)
}

// waves are the harmonics of one stroke of n points.
type waves struct{ cos, sin []float64 }

func newWaves(n int) *waves {
	w := &waves{make([]float64, n), make([]float64, n)}
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		w.cos[i], w.sin[i] = detmath.Cos(a), detmath.Sin(a)
	}
	return w
}

func (w *waves) mean(x []float64) float64 {
	sum := 0.0
	for i := range w.cos {
		sum += x[i]
	}
	return sum / float64(len(w.cos))
}

// coefficient k of x: x has the part Re(coefficient·exp(ikωt)).
func (w *waves) coefficient(x []float64, k int) (c phasor) {
	n := len(w.cos)
	for i := range n {
		c.re += float64(x[i] * w.cos[i*k%n])
		c.im -= float64(x[i] * w.sin[i*k%n])
	}
	return c.scale(2 / float64(n))
}

func (w *waves) add(x []float64, c phasor, k int) {
	n := len(w.cos)
	for i := range n {
		x[i] += float64(c.re*w.cos[i*k%n]) - float64(c.im*w.sin[i*k%n])
	}
}
