package oilpump

import "math"

// column is the slow part of a well: liquid in annulus and tubing.
type column struct {
	level  float64 // above the intake, m
	tubing float64 // liquid beyond a full tubing at atmospheric pressure, m³

	// Since the last beat, m³ of liquid.
	in, out    float64 // through standing and travelling valve
	down, back float64 // leaked from the tubing to the barrel and on to the annulus
}

const (
	atmosphere = 1e5   // Pa
	lineSoft   = 0.5e5 // Pa of drop within which the flow line's law is about linear
)

// wellhead is the pressure at the top of the tubing, Pa, and the height by which
// the tubing is empty, m.
func (m *machine) wellhead(tubing float64) (pressure, empty float64) {
	if tubing < 0 {
		return atmosphere, min(m.depth, -tubing/m.bore)
	}
	return atmosphere + tubing/m.p.TubingStorage, 0
}

// ends are the pressures at the pump.
func (m *machine) ends(w *column) ends {
	pressure, empty := m.wellhead(w.tubing)
	return newEnds(m.p.Well.IntakePressure(w.level), pressure+float64(m.p.Well.Weight()*(m.depth-empty)))
}

// gas is the share of gas in the volume that enters the pump.
func (m *machine) gas(c *condition, level, intake float64) float64 {
	w := m.p.Well
	w.GasSeparation = c.anchor
	return w.GasFraction(intake, level, c.breakthrough)
}

// lineFlow in m³/s from the wellhead through the flow line's check valve: the
// square root law, made linear near rest.
func (m *machine) lineFlow(c *condition, wellhead float64) float64 {
	drop := max(0, wellhead-c.linePressure)
	return c.line * drop / math.Sqrt(drop+lineSoft)
}

// fluxes are what crosses the boundary in a beat, m³ of liquid.
type fluxes struct{ inflow, line float64 }

// follow lets the column follow what pump, reservoir and flow line did in a beat.
func (m *machine) follow(c *condition, w *column, e *ends) fluxes {
	pressure, _ := m.wellhead(w.tubing)
	f := fluxes{
		inflow: float64(m.p.Well.Inflow(e.intake) * m.beatTime),
		line:   float64(m.lineFlow(c, pressure) * m.beatTime),
	}
	leak := 0.0
	if c.tubingLeak > 0 {
		leak = float64(c.tubingLeak * math.Sqrt(e.discharge-e.intake) * m.beatTime)
	}
	w.level += (f.inflow - w.in + w.back + leak) / m.annulus
	w.tubing += w.out - w.down - leak - f.line
	w.in, w.out, w.down, w.back = 0, 0, 0, 0
	return f
}

// flow lets liquid and gas follow the plunger to y in a wave step.
func (m *machine) flow(b *barrel, w *column, e *ends, l *leaks, y, share float64, open valves) {
	in, out := b.move(&m.cylinder, e, y, share, open)
	down, back := b.leak(&m.cylinder, e, l, y, m.step, open)
	w.in += in
	w.out += out
	w.down += down
	w.back += back
}

// slip is the plunger's slippage at a speed in 1/s: Patterson's formula has 1 +
// 0.14 times strokes per minute.
func slip(still, rate float64) float64 { return still * (1 + float64(0.14*60*rate)) }
