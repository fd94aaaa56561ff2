package ode

import "math"

// ladder is a matrix A with the integrals Ψ(h) = ∫ exp(A·s) ds from 0 to h, for
// h and its halves down to where a short Taylor series is exact. The solution of
// x' = A·x + b moves by Ψ(h)·x'(0) in h, whether A is singular or not.
type ladder struct {
	n    int
	a    []float64 // row by row
	h    float64
	rung []float64 // Ψ(h), Ψ(h/2), … one after the other
	last float64   // step of the last rung
	work []float64
}

// taylorTerms of a series in A·h with norm at most 1/2: the next would be
// 2^-14/15!, a thousandth of the last place.
const taylorTerms = 13

// maxRungs is enough for ‖A‖·h up to 10^18; stiffer than that is not a number
// any more.
const maxRungs = 60

func newLadder(n int) ladder {
	return ladder{n: n, a: make([]float64, n*n), work: make([]float64, 3*n*n)}
}

// build computes the rungs for a and h by scaling and squaring; false if a is
// not finite. Memory is kept from the last time.
func (l *ladder) build(a []float64, h float64) bool {
	copy(l.a, a)
	l.h, l.last, l.rung = h, h, l.rung[:0]
	rungs := l.rungs()
	if rungs == 0 {
		return false
	}
	n2 := l.n * l.n
	for range rungs * n2 {
		l.rung = append(l.rung, 0)
	}
	for range rungs - 1 {
		l.last *= 0.5
	}
	l.series(l.psi(rungs - 1))
	for k := rungs - 1; k > 0; k-- {
		l.double(l.psi(k), l.psi(k-1))
	}
	return true
}

// rungs is the number of halvings that make the norm of A·h small, plus one.
func (l *ladder) rungs() int {
	norm := 0.0
	for i := range l.n {
		sum := 0.0
		for _, v := range l.a[i*l.n : i*l.n+l.n] {
			sum += math.Abs(v)
		}
		norm = math.Max(norm, sum)
	}
	norm *= l.h
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 0
	}
	_, e := math.Frexp(norm) // norm < 2^e
	if e > maxRungs-2 {
		return 0
	}
	return max(0, e+1) + 1
}

func (l *ladder) psi(k int) []float64 {
	n2 := l.n * l.n
	return l.rung[k*n2 : k*n2+n2]
}

// series writes Ψ of the last rung's step: h·(I + Ah/2·(I + Ah/3·(I + …))).
func (l *ladder) series(psi []float64) {
	n, n2 := l.n, l.n*l.n
	p, q := l.work[:n2], l.work[n2:2*n2]
	identity(n, p, 1)
	for j := taylorTerms; j > 0; j-- {
		multiply(n, l.a, p, q)
		for i, v := range q {
			p[i] = v * l.last / float64(j+1)
		}
		for i := range n {
			p[i*n+i]++
		}
	}
	for i, v := range p {
		psi[i] = v * l.last
	}
}

// double writes Ψ(2h) = Ψ(h)·(2I + A·Ψ(h)).
func (l *ladder) double(half, whole []float64) {
	n, n2 := l.n, l.n*l.n
	p := l.work[:n2]
	multiply(n, l.a, half, p)
	for i := range n {
		p[i*n+i] += 2
	}
	multiply(n, half, p, whole)
}

// move adds the motion of the solution in h to x, where slope is x' at its
// start: one product for the whole step, and for a part of it one for every
// binary digit and a series for the rest.
func (l *ladder) move(h float64, x, slope []float64) {
	n := l.n
	if h == l.h {
		addProduct(n, l.rung, slope, x)
		return
	}
	g, d, v := l.work[:n], l.work[n:2*n], l.work[2*n:3*n]
	copy(g, slope)
	step := l.h
	for k := 0; k*n*n < len(l.rung); k++ {
		if h >= step {
			clear(d)
			addProduct(n, l.psi(k), g, d)
			for i := range x {
				x[i] += d[i]
			}
			addProduct(n, l.a, d, g)
			h -= step
		}
		step *= 0.5
	}
	for i := range v {
		v[i] = h * g[i]
		x[i] += float64(v[i])
	}
	for j := 2; j <= taylorTerms+1; j++ {
		clear(d)
		addProduct(n, l.a, v, d)
		for i := range v {
			v[i] = d[i] * h / float64(j)
			x[i] += float64(v[i])
		}
	}
}

func identity(n int, m []float64, v float64) {
	clear(m)
	for i := range n {
		m[i*n+i] = v
	}
}

// multiply writes a·b to c.
func multiply(n int, a, b, c []float64) {
	clear(c)
	for i := range n {
		row := c[i*n : i*n+n]
		for k := range n {
			v := a[i*n+k]
			for j, w := range b[k*n : k*n+n] {
				row[j] += float64(v * w)
			}
		}
	}
}

// addProduct adds m·v to y.
func addProduct(n int, m, v, y []float64) {
	for i := range n {
		sum := 0.0
		for j, w := range m[i*n : i*n+n] {
			sum += float64(w * v[j])
		}
		y[i] += sum
	}
}
