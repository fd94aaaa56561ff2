package oilpump

import (
	"fmt"
	"math"
)

// beat is the number of wave steps after which reservoir, annulus, tubing and
// the pressures at the valves follow.
const beat = 16

// machine is what follows from the parameters; wells of a fleet share one.
type machine struct {
	p      Params
	motion *motion
	*lattice
	sound    condition
	cylinder cylinder
	beatTime float64 // s
	annulus  float64 // m²
	bore     float64 // cross-section of the tubing, m²
	depth    float64 // m
	bottom   float64 // crank angle at phase 0
}

func newMachine(p Params) (*machine, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("make oilpump: %w", err)
	}
	l, err := newLattice(p.Rods, p.Segments)
	if err != nil {
		return nil, fmt.Errorf("make oilpump: %w", err)
	}
	m := &machine{
		p: p, motion: newMotion(&p.Unit), lattice: l, beatTime: l.step * beat,
		cylinder: cylinder{area: math.Pi / 4 * p.Plunger.Diameter * p.Plunger.Diameter, spacing: p.Spacing, give: p.TubingGive},
		annulus:  p.Well.Annulus(), bore: math.Pi / 4 * p.TubingInner * p.TubingInner,
		depth: l.length, bottom: bottomAngle(&p.Unit),
	}
	healthy := make([]float64, inputs)
	for i := range healthy {
		healthy[i] = spec.Signals[i].Initial
	}
	m.sound = m.condition(healthy)
	return m, nil
}

// condition is what the surroundings and the faults make of the machine.
type condition struct {
	string       *stencil
	parted       bool
	weight       float64 // of the rods that hang, in the liquid, N
	rub          float64 // friction at the polished rod, N
	stick        float64 // friction of the plunger, N
	leaks        leaks   // slip at no speed
	tubingLeak   float64 // m³/s/√Pa
	line         float64 // m³/s/√Pa
	linePressure float64 // Pa
	breakthrough float64
	anchor       float64 // share of the free gas that the gas anchor keeps out
	grip         float64 // speed of the crank over the motor's
	loss         float64 // of the work, in gearbox and belts
	moment       float64 // of the counterweights, N·m
	ambient      float64 // °C
}

const (
	valveLeak   = 2.2e-7 // m³/s/√Pa through the worst valve: 53 m³/d at 77 bar
	tubingLeak  = 1.1e-7 // m³/s/√Pa: 26 m³/d at 77 bar
	stuck       = 50e3   // N
	paraffinRub = 5e3    // N
)

// condition of the machine with given inputs.
func (m *machine) condition(u []float64) condition {
	last := len(m.mass) - 1
	parted := u[inRodParted] > 0
	if parted {
		last = max(1, min(last-1, int(math.Round(float64(last)*(1-u[inRodParted])))))
	}
	grip := 1 - float64(0.5*u[inBeltSlip])
	gap := m.p.Plunger
	gap.Gap *= 1 + float64(5*u[inWornPlunger])
	return condition{
		string: newStencil(m.lattice, last, m.p.Damping*(1+float64(5*u[inParaffin]))),
		parted: parted,
		weight: m.weight[last] * m.p.Buoyancy(),
		rub:    m.p.StuffingBox + float64(paraffinRub*u[inParaffin]),
		stick:  stuck * u[inStuckPump],
		// Patterson's mean slippage happens on the upstroke: half of the time.
		leaks:        leaks{slip: 2 * gap.Patterson(0, 1), travelling: valveLeak * u[inTravellingValveLeak], standing: valveLeak * u[inStandingValveLeak]},
		tubingLeak:   tubingLeak * u[inTubingLeak],
		line:         m.p.LineCoefficient * (1 - float64(0.95*u[inLinePlug])),
		linePressure: u[inLinePressure] * 1e5,
		breakthrough: u[inGasInterference],
		anchor:       m.p.Well.GasSeparation * (1 - u[inGasInterference]),
		grip:         grip,
		loss:         1/grip - m.p.GearEfficiency,
		moment:       m.p.Counterweight * (1 - float64(0.6*u[inCounterweightLoss])),
		ambient:      u[inAmbient],
	}
}

// turn is the crank's speed a wave step later, 1/s, with the drive told to make
// target.
func (m *machine) turn(rate, target float64) float64 {
	most := m.p.RampRate / 60 * m.step
	return rate + max(-most, min(most, target-rate))
}

// meet lets the plunger meet liquid and gas with node last on its way to free:
// where the node goes, the force on it, of which the pump's, and the valves.
func (m *machine) meet(c *condition, b *barrel, e *ends, free, now float64) (next, total, pump float64, open valves) {
	push := c.string.push
	switch {
	case c.parted:
		return free, 0, 0, bothShut
	case c.stick > 0:
		return m.sticking(c, b, e, free, now)
	}
	pump, open = b.load(&m.cylinder, e, free, push)
	return free - float64(push*pump), pump, pump, open
}

// sticking is meet for a plunger that sticks: it stays where it is while what it
// takes to hold it is less than its friction.
func (m *machine) sticking(c *condition, b *barrel, e *ends, free, now float64) (next, total, pump float64, open valves) {
	push := c.string.push
	pump, open = b.load(&m.cylinder, e, now, 0)
	hold := (free - now) / push
	if math.Abs(hold-pump) <= c.stick {
		return now, hold, pump, open
	}
	rub := math.Copysign(c.stick, hold-pump)
	pump, open = b.load(&m.cylinder, e, free-float64(push*rub), push)
	total = pump + rub
	return free - float64(push*total), total, pump, open
}
