package oilpump

import "math"

// pumping is the pump's working point.
type pumping struct {
	head  float64 // m of the liquid that is pumped
	flow  float64 // m³/s at the intake
	up    float64 // m³/s up the tubing: flow less what leaks back
	shaft float64 // W
}

const (
	lockedPower = 0.25 // of the shaft power, with the stages full of gas
	leakShare   = 0.6  // of the flow, through the worst tubing leak
)

// working is the point where the pump's curve crosses the system's, with static
// head from intake to wellhead. Both are quadratic in the flow, so the crossing
// is a closed form. The affinity laws scale the curve with frequency.
func (s *station) working(frequency, static, gas float64, locked bool) pumping {
	p := &s.p
	nu := frequency / p.RatedFrequency
	turning := 1 - s.u[inBrokenShaft]
	if nu <= 0 {
		return pumping{}
	}
	var w pumping
	if !locked {
		w = s.crossing(nu, static, gas)
	}
	brake := float64(nu * nu * (float64(nu*p.ShutoffPower) + float64(p.FlowPower*w.flow/p.RatedFlow)))
	w.shaft = brake * (1 - gas) * turning
	if locked {
		w.shaft *= lockedPower
	}
	return w
}

// crossing solves (kᵖ + kᵗ)q² + bq = H₀ − static for the flow; a check valve
// keeps it from being negative.
func (s *station) crossing(nu, static, gas float64) pumping {
	p := &s.p
	share := (1 - float64(p.GasHeadLoss*gas)) * (1 - float64(0.5*s.u[inWornStages])) * (1 - s.u[inBrokenShaft])
	narrow := 1 + float64(5*s.u[inScale])
	up := 1 - float64(leakShare*s.u[inTubingLeak])
	excess := float64(share*nu*nu*p.ShutoffHead) - static
	if excess <= 0 || share <= 0 {
		return pumping{}
	}
	b := share * nu * p.HeadLinear
	k := share * narrow * p.HeadQuadratic
	a := k + float64(s.well.friction*narrow*up*up)
	// The form of the root that does not cancel.
	q := 2 * excess / (b + math.Sqrt(float64(b*b)+float64(4*a*excess)))
	return pumping{
		head: float64(share*nu*nu*p.ShutoffHead) - float64(b*q) - float64(k*q*q),
		flow: q,
		up:   q * up,
	}
}

// frictionHead is what the tubing takes from the head, m.
func (s *station) frictionHead(up float64) float64 {
	return s.well.friction * (1 + float64(5*s.u[inScale])) * up * up
}

// lineFlow is the flow in m³/s from the wellhead into the flow line: the square
// root law, made linear within half a bar so that it stays smooth at rest. A
// check valve stops the reverse.
func (s *station) lineFlow(wellhead float64) float64 {
	const soft = 0.5e5 // Pa
	drop := math.Max(0, wellhead-float64(s.u[inLinePressure]*1e5))
	c := s.p.LineCoefficient * (1 - float64(0.95*s.u[inLinePlug]))
	return c * drop / math.Sqrt(drop+soft)
}
