package oilpump

import (
	"math"

	"twinrig/twinmodel/detmath"
)

const (
	bulkModulus = 1.4e9 // of the liquid, Pa
	touching    = 0.01  // m above the standing valve, below which the plunger has no room
)

// The gas in the barrel keeps p·V^n with n = 1.2, so a pressure p expands it by
// p^(−5/6): the fifth power of a root s = p^(−1/6), which follows the pressure by
// Newton's iteration and needs no transcendental function.

func rootOf(p float64) float64 { return detmath.Pow(p, -1.0/6) }

func fifth(s float64) float64 { return float64(s * s * s * s * s) }

// ends are the pressures that the pump works between. Discharge is the higher.
type ends struct {
	intake, discharge   float64 // Pa
	inExpand, outExpand float64 // p^(−5/6)
}

func newEnds(intake, discharge float64) (e ends) {
	e.intake, e.discharge = intake, max(discharge, intake+1)
	e.inExpand, e.outExpand = fifth(rootOf(e.intake)), fifth(rootOf(e.discharge))
	return e
}

// cylinder is the pump's build.
type cylinder struct {
	area    float64 // of the plunger, m²
	spacing float64 // of the plunger above the standing valve at rest, m
	give    float64 // of unanchored tubing, m/N
}

// barrel is what is between standing and travelling valve.
type barrel struct {
	liquid   float64 // volume without pressure, m³
	gas      float64 // p^(5/6)·V, the same along a polytrope
	pressure float64 // Pa
	root     float64 // p^(−1/6) of the last pressure that was iterated for
}

// valves that are open.
type valves int

const (
	bothShut valves = iota
	standingOpen
	travellingOpen
)

func (c *cylinder) volume(y float64) float64 {
	return float64(c.area * max(touching, y+c.spacing))
}

// content is the volume that liquid and gas have at a pressure.
func (b *barrel) content(p, expand float64) float64 {
	return float64(b.liquid*(1-p/bulkModulus)) + float64(b.gas*expand)
}

// load is the plunger's load on the rods if its rod end would go to free without
// any and gives way by soft for each newton. The load is monotone in the
// position, so there is one: an open travelling valve carries nothing, an open
// standing valve the whole column, and between them pressure decides.
func (b *barrel) load(c *cylinder, e *ends, free, soft float64) (force float64, open valves) {
	soft += c.give
	if b.content(e.discharge, e.outExpand) >= c.volume(free) {
		b.pressure = e.discharge
		return 0, travellingOpen
	}
	column := c.area * (e.discharge - e.intake)
	if b.content(e.intake, e.inExpand) <= c.volume(free-float64(soft*column)) {
		b.pressure = e.intake
		return column, standingOpen
	}
	b.squeeze(c, e, free, soft)
	return c.area * (e.discharge - b.pressure), bothShut
}

// squeeze finds the pressure at which the content fills the barrel: Newton's
// iteration inside a shrinking bracket, from the last pressure on.
func (b *barrel) squeeze(c *cylinder, e *ends, free, soft float64) {
	lo, hi := e.intake, e.discharge
	p, s := max(lo, min(hi, b.pressure)), b.root
	compress := b.liquid / bulkModulus
	stiff := float64(c.area*c.area*soft) + compress
	for range 100 {
		expand, slope, off := 0.0, stiff, 0.0
		if b.gas > 0 {
			s, off = follow(s, p)
			expand = b.gas * fifth(s)
			slope += float64(5.0 / 6 * expand * s * fifth(s))
		}
		excess := c.volume(free-float64(soft*c.area*(e.discharge-p))) - b.liquid + float64(compress*p) - float64(expand)
		if excess > 0 {
			hi = p
		} else {
			lo = p
		}
		next := p - float64(excess/slope)
		if !(next >= lo && next <= hi) {
			next = (lo + hi) / 2
		}
		change := math.Abs(next - p)
		// Both iterations converge quadratically: the next error is the square.
		if p = next; change <= 1e-6*p && off < 1e-6 {
			break
		}
	}
	b.pressure, b.root = p, s
}

// follow lets a root p^(−1/6) follow the pressure, and says by what share p·s⁶
// was off.
func follow(s, p float64) (root, off float64) {
	ratio := p * s * s * s * s * s * s
	if !(ratio > 0.3 && ratio < 3) {
		return rootOf(p), 0
	}
	return s * (7 - float64(ratio)) / 6, math.Abs(float64(ratio) - 1)
}

// move lets the content follow the plunger to y: liquid in and out, m³ without
// pressure. What is drawn in is gas by a share; what is driven out is gas first,
// for it lies on top.
func (b *barrel) move(c *cylinder, e *ends, y, share float64, open valves) (in, out float64) {
	switch open {
	case standingOpen:
		dv := max(0, c.volume(y)-b.content(e.intake, e.inExpand))
		in = (1 - share) * dv / (1 - e.intake/bulkModulus)
		b.gas += float64(share*dv) / e.inExpand
	case travellingOpen:
		dv := max(0, b.content(e.discharge, e.outExpand)-c.volume(y))
		gas := min(b.gas, dv/e.outExpand)
		b.gas -= gas
		out = max(0, dv-float64(gas*e.outExpand)) / (1 - e.discharge/bulkModulus)
	}
	b.liquid += in - out
	return in, out
}

// leaks are the ways past shut valves.
type leaks struct {
	slip       float64 // past the plunger, m³/s/Pa
	travelling float64 // through the travelling valve, m³/s/√Pa
	standing   float64 // through the standing valve, m³/s/√Pa
}

// leak moves liquid past shut valves for a step of h s: down from the tubing and
// back into the annulus, m³. It never takes the barrel's pressure beyond the
// one it leaks to.
func (b *barrel) leak(c *cylinder, e *ends, l *leaks, y, h float64, open valves) (down, back float64) {
	p := b.pressure
	if open != travellingOpen && e.discharge > p {
		drop := e.discharge - p
		down = h * (float64(l.slip*drop) + float64(l.travelling*math.Sqrt(drop)))
		down = min(down, max(0, c.volume(y)-b.content(e.discharge, e.outExpand)))
	}
	if open != standingOpen && p > e.intake && l.standing > 0 {
		back = h * l.standing * math.Sqrt(p-e.intake)
		back = min(back, max(0, b.content(e.intake, e.inExpand)-c.volume(y)))
		back = min(back, b.liquid)
	}
	b.liquid += down - back
	return down, back
}
