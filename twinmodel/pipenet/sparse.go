package pipenet

import (
	"errors"
	"slices"
)

// sparse is a symmetric positive definite matrix whose zeros are left out. Its
// factor LDLᵀ takes the same place: entries that fill in are there from the start,
// and so is where every product of the factorisation goes.
type sparse struct {
	diagonal []float64
	below    []float64 // by columns
	start    []int32   // of each column in below
	row      []int32   // of each entry of below
	target   []int32   // index into below, in the order in which factor needs it
}

// mostProducts bounds the work on networks that are no networks of pipes, in which
// nearly everything is joined to everything.
const mostProducts = 20_000_000

// newSparse lays out the matrix of a graph. place[v] is the row of vertex v, chosen
// by least degree so that little fills in.
func newSparse(neighbours [][]int) (m sparse, place []int, err error) {
	columns, place, products := eliminate(neighbours)
	if products > mostProducts {
		return m, nil, errors.New("too many links between too many nodes")
	}
	n := len(columns)
	m.diagonal, m.start = make([]float64, n), make([]int32, n+1)
	for j, c := range columns {
		for i := range c {
			c[i] = place[c[i]]
		}
		slices.Sort(c)
		for _, i := range c {
			m.row = append(m.row, int32(i))
		}
		m.start[j+1] = int32(len(m.row))
	}
	m.below, m.target = make([]float64, len(m.row)), make([]int32, 0, products)
	for j := range n {
		c := m.column(j)
		for p := range c {
			for q := range p {
				m.target = append(m.target, int32(m.at(int(c[p]), int(c[q]))))
			}
		}
	}
	return m, place, nil
}

func (m *sparse) column(j int) []int32 { return m.row[m.start[j]:m.start[j+1]] }

// at is the index of the entry in row i and column j, which is left of it.
func (m *sparse) at(i, j int) int {
	k, _ := slices.BinarySearch(m.column(j), int32(i))
	return int(m.start[j]) + k
}

// factor replaces the matrix by L and D. It returns the row at which the matrix is
// not positive definite, or -1.
func (m *sparse) factor() int {
	t := 0
	for j := range m.diagonal {
		d := m.diagonal[j]
		if !(d > 0) {
			return j
		}
		low, high := m.start[j], m.start[j+1]
		rows, c := m.row[low:high], m.below[low:high]
		for p, v := range c { // entries before p are L already
			l := v / d
			for _, w := range c[:p] {
				m.below[m.target[t]] -= float64(v * w)
				t++
			}
			m.diagonal[rows[p]] -= float64(l * v)
			c[p] = l
		}
	}
	return -1
}

// solve replaces b by the solution.
func (m *sparse) solve(b []float64) {
	for j, v := range b {
		low, high := m.start[j], m.start[j+1]
		l := m.below[low:high]
		for p, i := range m.row[low:high] {
			b[i] -= float64(l[p] * v)
		}
	}
	for j := len(b) - 1; j >= 0; j-- {
		v := b[j] / m.diagonal[j]
		low, high := m.start[j], m.start[j+1]
		l := m.below[low:high]
		for p, i := range m.row[low:high] {
			v -= float64(l[p] * b[i])
		}
		b[j] = v
	}
}
