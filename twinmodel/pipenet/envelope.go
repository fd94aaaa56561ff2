package pipenet

import "math"

// envelope is the lower triangle of a symmetric matrix: of each row what lies
// between its first entry and the diagonal. Cholesky's factor fits in the same
// place.
type envelope struct {
	first []int // column of the first entry of a row
	at    []int // index of column 0 of a row in a, which may lie before the row
	a     []float64
}

func newEnvelope(first []int) envelope {
	e := envelope{first: first, at: make([]int, len(first))}
	size := 0
	for i, f := range first {
		e.at[i] = size - f
		size += i - f + 1
	}
	e.a = make([]float64, size)
	return e
}

// factor replaces the matrix by its factor L of LLᵀ. It returns the row at which
// the matrix is not positive definite, or -1.
func (e *envelope) factor() int {
	for i, fi := range e.first {
		ri := e.a[e.at[i]+fi : e.at[i]+i+1]
		for j := fi; j < i; j++ {
			fj := e.first[j]
			k := max(fi, fj)
			rj := e.a[e.at[j]+k : e.at[j]+j+1]
			sum := ri[j-fi]
			for m, v := range ri[k-fi : j-fi] {
				sum -= float64(v * rj[m])
			}
			ri[j-fi] = sum / rj[j-k]
		}
		d := ri[i-fi]
		for _, v := range ri[:i-fi] {
			d -= float64(v * v)
		}
		if !(d > 0) {
			return i
		}
		ri[i-fi] = math.Sqrt(d)
	}
	return -1
}

// solve replaces b by the solution.
func (e *envelope) solve(b []float64) {
	for i, f := range e.first {
		row := e.a[e.at[i]+f : e.at[i]+i+1]
		sum := b[i]
		for m, v := range row[:i-f] {
			sum -= float64(v * b[f+m])
		}
		b[i] = sum / row[i-f]
	}
	for i := len(b) - 1; i >= 0; i-- {
		f := e.first[i]
		row := e.a[e.at[i]+f : e.at[i]+i+1]
		b[i] /= row[i-f]
		for m, v := range row[:i-f] {
			b[f+m] -= float64(v * b[i])
		}
	}
}
