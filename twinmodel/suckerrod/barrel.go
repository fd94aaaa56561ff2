package suckerrod

import (
	"math"

	"twinrig/twinmodel/detmath"
)

// barrel is the pump below the plunger: liquid and gas between the standing and
// the travelling valve.
type barrel struct {
	area    float64 // of the plunger, m²
	spacing float64 // of the plunger above the standing valve at rest, m
	give    float64 // of unanchored tubing, m/N
	liquid  float64 // volume without pressure, m³
	gas     float64 // p^(1/n)·V, the same along a polytrope

	intake, discharge         float64 // Pa
	intakePower, dischargePow float64 // p^(−1/n)
}

const (
	bulkModulus = 1.4e9 // of the liquid, Pa
	polytropic  = 1.2   // n of the gas
	touching    = 0.01  // m above the standing valve, below which the plunger has no room
)

// valves that are open.
type valves int

const (
	bothShut valves = iota
	standingOpen
	travellingOpen
)

// between sets the pressures that the pump works between.
func (b *barrel) between(intake, discharge float64) {
	b.intake, b.discharge = intake, math.Max(discharge, intake+1)
	b.intakePower = detmath.Pow(b.intake, -1/polytropic)
	b.dischargePow = detmath.Pow(b.discharge, -1/polytropic)
}

func (b *barrel) volume(y float64) float64 {
	return b.area * math.Max(touching, y+b.spacing)
}

func (b *barrel) content(p, power float64) float64 {
	return float64(b.liquid*(1-p/bulkModulus)) + float64(b.gas*power)
}

// load is the plunger's load on the rods if its rod end would go to free without
// any and gives way by soft for each newton. The load is monotone in the
// position, so there is one: an open travelling valve carries nothing, an open
// standing valve the whole column, and between them pressure decides.
func (b *barrel) load(free, soft float64) (force, pressure float64, open valves) {
	soft += b.give
	if b.content(b.discharge, b.dischargePow) >= b.volume(free) {
		return 0, b.discharge, travellingOpen
	}
	column := b.area * (b.discharge - b.intake)
	if b.content(b.intake, b.intakePower) <= b.volume(free-float64(soft*column)) {
		return column, b.intake, standingOpen
	}
	p := b.squeezed(free, soft)
	return b.area * (b.discharge - p), p, bothShut
}

// squeezed is the pressure at which the content fills the barrel: Newton's
// iteration inside a shrinking bracket.
func (b *barrel) squeezed(free, soft float64) float64 {
	lo, hi := b.intake, b.discharge
	p := lo
	for range 100 {
		expanded := 0.0
		if b.gas > 0 {
			expanded = b.gas * detmath.Pow(p, -1/polytropic)
		}
		excess := b.volume(free-float64(soft*b.area*(b.discharge-p))) - float64(b.liquid*(1-p/bulkModulus)) - expanded
		if excess > 0 {
			hi = p
		} else {
			lo = p
		}
		slope := float64(b.area*b.area*soft) + b.liquid/bulkModulus + expanded/(polytropic*p)
		next := p - excess/slope
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if math.Abs(next-p) < 1e-3 || hi-lo < 1e-3 {
			return next
		}
		p = next
	}
	return p
}

// move lets the content follow the plunger to y: liquid in and out, m³ without
// pressure. What is drawn in is gas by a share; what is driven out is gas first,
// for it lies on top.
func (b *barrel) move(y, share float64, open valves) (in, out float64) {
	switch open {
	case standingOpen:
		dv := math.Max(0, b.volume(y)-b.content(b.intake, b.intakePower))
		in = (1 - share) * dv / (1 - b.intake/bulkModulus)
		b.gas += float64(share * dv / b.intakePower)
	case travellingOpen:
		dv := math.Max(0, b.content(b.discharge, b.dischargePow)-b.volume(y))
		gas := math.Min(b.gas, dv/b.dischargePow)
		b.gas -= gas
		out = math.Max(0, dv-float64(gas*b.dischargePow)) / (1 - b.discharge/bulkModulus)
	}
	b.liquid += in - out
	return in, out
}
