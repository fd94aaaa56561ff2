package suckerrod

import "math"

// motion is the polished rod's over one revolution of the crank, tabulated so
// that a wave step needs no trigonometry. Phase 0 is the bottom of the stroke.
type motion struct {
	bottom   float64 // crank angle of phase 0
	stroke   float64 // m
	position [points + 1]float64
	slope    [points + 1]float64 // per interval of the table
}

const points = 1024

func newMotion(u *Unit) *motion {
	m := &motion{bottom: bottom(u)}
	low := u.at(m.bottom).psi
	for i := range m.position {
		p := u.at(m.bottom + 2*math.Pi*float64(i)/points)
		m.position[i] = u.A * (low - p.psi)
		m.slope[i] = -u.A * p.slope * 2 * math.Pi / points
		m.stroke = math.Max(m.stroke, m.position[i])
	}
	return m
}

// bottom is the crank angle at which the beam's rear is highest: where dψ/dθ
// falls through zero.
func bottom(u *Unit) float64 {
	best, at := math.Inf(-1), 0.0
	for i := range points {
		theta := 2 * math.Pi * float64(i) / points
		if psi := u.at(theta).psi; psi > best {
			best, at = psi, theta
		}
	}
	lo, hi := at-2*math.Pi/points, at+2*math.Pi/points
	for range 60 {
		if mid := (lo + hi) / 2; u.at(mid).slope > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// at is position and torque factor, m and m/rad, at a phase in revolutions: the
// cubic that has positions and slopes of the table.
func (m *motion) at(phase float64) (position, factor float64) {
	x := (phase - math.Floor(phase)) * points
	i := min(int(x), points-1)
	t := x - float64(i)
	d := m.position[i+1] - m.position[i]
	c2 := float64(3*d) - float64(2*m.slope[i]) - m.slope[i+1]
	c3 := m.slope[i] + m.slope[i+1] - float64(2*d)
	position = m.position[i] + float64(t*(m.slope[i]+float64(t*(c2+float64(t*c3)))))
	factor = m.slope[i] + float64(t*(float64(2*c2)+float64(3*c3*t)))
	return position, factor * points / (2 * math.Pi)
}
