package reefer

// seriesTerms of a motion of at most half a time constant: what is left out is
// 0.5^8/8!, a ten-millionth.
const seriesTerms = 7

// series are the coefficients of a truck's motion: x + s[0]·t + s[1]·t² + …
type series [seriesTerms][fleetStates]float64

// expand computes the coefficients from x: x', A·x'/2, A·(A·x'/2)/3 …
func (h *heatMode) expand(x *[fleetStates]float64, s *series) {
	h.product(x, &s[0])
	for r, b := range h.b {
		s[0][r] += b
	}
	for k := 1; k < seriesTerms; k++ {
		h.product(&s[k-1], &s[k])
		for r := range s[k] {
			s[k][r] *= inverse[k+1]
		}
	}
}

var inverse = [seriesTerms + 1]float64{0, 1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7}

// at is state k after t, from x at 0.
func (s *series) at(x *[fleetStates]float64, k int, t float64) float64 {
	y := 0.0
	for j := seriesTerms - 1; j >= 0; j-- {
		y = t * (s[j][k] + float64(y))
	}
	return x[k] + float64(y)
}

// slope is the air temperature after t, and its rate.
func (s *series) slope(x *[fleetStates]float64, t float64) (air, rate float64) {
	for j := seriesTerms - 1; j >= 0; j-- {
		rate = float64(s[j][0]*float64(j+1)) + float64(t*rate)
	}
	return s.at(x, 0, t), rate
}

// move takes x to where it is after t.
func (s *series) move(x *[fleetStates]float64, t float64) {
	for k := range x {
		x[k] = s.at(x, k, t)
	}
}
