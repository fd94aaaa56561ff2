package oilpump

import (
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
)

// books are the plant's ledgers: energy of the machine in J, liquid in kg.
type books struct {
	stored, liquid      float64 // at the start
	energyIn, energyOut float64
	massIn, massOut     float64
}

// across books an amount over the boundary on the side its sign asks for.
func (b *books) across(q twinmodel.Quantity, amount float64) {
	in, out := &b.energyIn, &b.energyOut
	if q == twinmodel.Mass {
		in, out = &b.massIn, &b.massOut
	}
	if amount > 0 {
		*in += float64(amount)
	} else {
		*out -= float64(amount)
	}
}

// cross books energy that leaves.
func (b *books) cross(energy float64) { b.across(twinmodel.Energy, -energy) }

// stored is the energy in the rods, their weight and the counterweights, in the
// turning crank and in the winding. The liquid's is not counted: what the plunger
// does to it leaves. It belongs to the middle of the last wave step.
func (w *Well) stored() float64 {
	m, s := w.m, w.c.string
	height := (w.rods[0] + w.past[0]) / 2
	speed := 2 * math.Pi * w.crank.rate
	angle := m.bottom + float64(2*math.Pi*(w.crank.phase-float64(w.crank.turned/2)))
	return m.energy(w.rods, w.past, s.last, s.end) +
		float64((w.c.weight-m.p.Unbalance)*height) +
		float64(w.c.moment*detmath.Cos(angle)) +
		float64(m.p.CrankInertia*speed*speed/2) +
		float64(m.p.WindingCapacity*w.motor.winding)
}

// liquid in annulus, tubing and barrel, kg, with what the column has not followed
// yet.
func (w *Well) liquid() float64 {
	c := &w.column
	annulus := float64(w.m.annulus*c.level) - c.in + c.back
	return float64(w.m.p.Well.LiquidDensity * (annulus + c.tubing + c.out - c.down + w.barrel.liquid))
}

// Ledgers implements twinmodel.Plant.
func (w *Well) Ledgers() []twinmodel.Ledger {
	b := w.books
	b.across(twinmodel.Energy, w.motor.work) // which the motor has not followed yet
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: w.stored() - b.stored, In: b.energyIn, Out: b.energyOut},
		{Quantity: twinmodel.Mass, Unit: "kg", Stored: w.liquid() - b.liquid, In: b.massIn, Out: b.massOut},
	}
}
