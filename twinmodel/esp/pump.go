package esp

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
	valvePlay   = 1e-4 // m of head by which the check valve shuts late
)

// static is the head from intake to wellhead with the liquid at rest, m.
func (s *station) static(wellhead, intake float64) float64 {
	return s.p.PumpDepth + (wellhead-intake)/s.well.weight
}

// soundness is the share of the head that gas, wear and breakage leave.
func (s *station) soundness(gas float64) float64 {
	return (1 - float64(s.p.GasHeadLoss*gas)) * (1 - float64(0.5*s.u[inWornStages])) * (1 - s.u[inBrokenShaft])
}

// excess is the head by which the pump at no flow surpasses the static one.
func (s *station) excess(frequency, static, gas float64) float64 {
	nu := math.Max(0, frequency/s.p.RatedFrequency)
	return float64(s.soundness(gas)*nu*nu*s.p.ShutoffHead) - static
}

// working is the point at which the pump works. The affinity laws scale its
// curve with frequency.
func (s *station) working(frequency, static, gas float64, pump int64) pumping {
	p := &s.p
	nu := frequency / p.RatedFrequency
	if nu <= 0 {
		return pumping{}
	}
	var w pumping
	if pump == pumpDelivering && s.soundness(gas) > 0 {
		w = s.crossing(nu, static, gas)
	}
	brake := float64(nu * nu * (float64(nu*p.ShutoffPower) + float64(p.FlowPower*w.flow/p.RatedFlow)))
	w.shaft = brake * (1 - gas) * (1 - s.u[inBrokenShaft])
	if pump == pumpLocked {
		w.shaft *= lockedPower
	}
	return w
}

// crossing is where the pump's curve meets the system's. Both are quadratic in
// the flow, (kᵖ + kᵗ)q² + bq = excess, so it is a closed form.
func (s *station) crossing(nu, static, gas float64) pumping {
	p := &s.p
	share := s.soundness(gas)
	narrow := 1 + float64(5*s.u[inScale])
	up := 1 - float64(leakShare*s.u[inTubingLeak])
	// Slightly beyond the valve's closing, so that its event is on a smooth curve.
	excess := math.Max(-100*valvePlay, s.excess(nu*p.RatedFrequency, static, gas))
	b := float64(share * nu * p.HeadLinear)
	k := float64(share * narrow * p.HeadQuadratic)
	a := k + float64(s.well.friction*narrow*up*up)
	// The form of the root that does not cancel.
	q := 2 * excess / (b + math.Sqrt(math.Max(0, float64(b*b)+float64(4*a*excess))))
	return pumping{
		head: float64(share*nu*nu*p.ShutoffHead) - float64(b*q) - float64(k*q*q),
		flow: q,
		up:   q * up,
	}
}

// frictionHead is what the tubing takes from the head, m.
func (s *station) frictionHead(up float64) float64 {
	return float64(s.well.friction * (1 + float64(5*s.u[inScale])) * up * up)
}

const (
	lineSoft = 0.5e5 // Pa of drop within which the flow line's law is about linear
	linePlay = 1.0   // Pa by which its check valve shuts late
)

// lineDrop is the pressure from wellhead to flow line, Pa.
func (s *station) lineDrop(wellhead float64) float64 {
	return wellhead - float64(s.u[inLinePressure]*1e5)
}

// lineFlow is the flow in m³/s from the wellhead through the flow line's open
// check valve: the square root law, made linear near rest so that it stays
// smooth.
func (s *station) lineFlow(wellhead float64) float64 {
	drop := math.Max(-100*linePlay, s.lineDrop(wellhead))
	c := s.p.LineCoefficient * (1 - float64(0.95*s.u[inLinePlug]))
	return c * drop / math.Sqrt(drop+lineSoft)
}
