package ode

import "math"

// lu is a factored dense matrix of a few rows.
type lu struct {
	n     int
	a     []float64 // row by row
	pivot []int
}

func newLU(n int) lu { return lu{n, make([]float64, n*n), make([]int, n)} }

// factor factors s·I − j with partial pivoting; false if that is singular or
// not finite.
func (m *lu) factor(j []float64, s float64) bool {
	n, a := m.n, m.a
	for i, v := range j {
		a[i] = -v
	}
	for i := range n {
		a[i*n+i] += s
	}
	for c := range n {
		p := c
		for i := c + 1; i < n; i++ {
			if math.Abs(a[i*n+c]) > math.Abs(a[p*n+c]) {
				p = i
			}
		}
		m.pivot[c] = p
		if v := math.Abs(a[p*n+c]); !(v > 0) || math.IsInf(v, 0) {
			return false
		}
		if p != c {
			for k := range n {
				a[c*n+k], a[p*n+k] = a[p*n+k], a[c*n+k]
			}
		}
		m.eliminate(c)
	}
	return true
}

// eliminate clears column c below the diagonal, keeping the factors there.
func (m *lu) eliminate(c int) {
	n := m.n
	top := m.a[c*n : c*n+n]
	for i := c + 1; i < n; i++ {
		row := m.a[i*n : i*n+n]
		l := row[c] / top[c]
		row[c] = l
		if l == 0 {
			continue
		}
		for k := c + 1; k < n; k++ {
			row[k] -= float64(l * top[k])
		}
	}
}

// solve replaces the right-hand side b by the solution.
func (m *lu) solve(b []float64) {
	n := m.n
	for c, p := range m.pivot {
		b[c], b[p] = b[p], b[c]
	}
	for i := range n {
		for k, l := range m.a[i*n : i*n+i] {
			b[i] -= float64(l * b[k])
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= float64(m.a[i*n+k] * b[k])
		}
		b[i] /= m.a[i*n+i]
	}
}
