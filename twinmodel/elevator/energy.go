package elevator

import (
	"math"

	"twinrig/twinmodel"
	"twinrig/twinmodel/detmath"
)

// energies are integrals since the start, J.
type energies struct {
	driven, regenerated float64 // mechanical work of the drive
	boarded             float64 // potential energy of those who got in less out
	lost                float64 // friction, slip, brake, safety gear
	heat, cooled        float64 // of the motor
	copper              float64 // electric loss in the motor
}

// powers are the rates of energies, W.
type powers struct{ work, lost, heat, copper float64 }

// spend integrates one stretch of a piece exactly: the integrands are
// polynomials of less than degree six, for which three points of Gauss do.
func (e *Elevator) spend(q *piece, from, to float64) {
	nodes := [3]float64{-math.Sqrt(0.6), 0, math.Sqrt(0.6)}
	weights := [3]float64{5.0 / 9, 8.0 / 9, 5.0 / 9}
	half, middle := float64((to-from)/2), float64((to+from)/2)
	var sum powers
	for i, node := range nodes {
		p := e.powers(q, middle+float64(half*node))
		w := float64(weights[i] * half)
		sum.work += float64(w * p.work)
		sum.lost += float64(w * p.lost)
		sum.heat += float64(w * p.heat)
		sum.copper += float64(w * p.copper)
	}
	e.energy.lost += sum.lost
	e.energy.copper += sum.copper
	if sum.work > 0 {
		e.energy.driven += sum.work
	} else {
		e.energy.regenerated -= sum.work
	}
	e.warm(sum.heat, to-from)
	if q.slipping == 1 {
		e.slipped += math.Abs(q.relative(to) - q.relative(from))
	}
}

// powers are those of an instant in a piece: friction in the guides, in the
// brake and of slipping ropes is lost; half of what a dragging brake turns to
// heat goes to the motor. Safety gear and buffers take what the motion gives up.
func (e *Elevator) powers(q *piece, t float64) powers {
	_, v, a := q.at(t)
	rim, rimA := q.rim(t)
	rope := e.cond.rope(a, q.dir)
	rolling := 0.0
	if rim != 0 {
		rolling = math.Copysign(q.hold, rim)
	}
	force := rope + float64(e.cond.sheave*rimA) + rolling
	p := powers{heat: float64(e.cond.drag * math.Abs(rim) / 2)}
	p.lost = float64(e.cond.friction*q.dir*v) + float64(rolling*rim) + float64(rope*(rim-v))
	switch q.kind {
	case driven:
		p.work, p.copper = float64(force*rim), float64(e.p.CopperLoss*force*force)
		p.heat += p.copper
	case gripped:
		p.lost -= float64(force * rim)
	}
	return p
}

// warm gives the motor heat over a time and lets it cool, exactly.
func (e *Elevator) warm(heat, d float64) {
	if d <= 0 {
		return
	}
	rise := heat / d / e.p.MotorCooling
	tau := e.p.MotorCapacity / e.p.MotorCooling
	decay := detmath.Exp(-d / tau)
	over := e.motor - e.p.MotorAmbient - rise
	e.motor = e.p.MotorAmbient + rise + float64(over*decay)
	e.energy.heat += heat
	e.energy.cooled += float64(e.p.MotorCooling * (float64(rise*d) + float64(over*tau*(1-decay))))
}

// power is what the drive takes from the supply now, W.
func (e *Elevator) power() float64 {
	if !e.underway() {
		return e.p.StandbyPower
	}
	p := e.powers(&e.pieces[e.piece], e.t-e.began)
	return e.p.StandbyPower + p.work + p.copper
}

// consumed is the electric energy so far, J: what the drive feeds back counts.
func (e *Elevator) consumed() float64 {
	return e.energy.driven - e.energy.regenerated + e.energy.copper + float64(e.p.StandbyPower*e.t)
}

// mechanical is the energy in car, counterweight and sheave, J.
func (e *Elevator) mechanical() float64 {
	car := e.p.CarMass + e.load()
	w := e.p.counterweight()
	v, rim := e.speed, e.rim
	return float64((car-w)*gravity*e.position) + float64((car+w)*v*v/2) + float64(e.p.SheaveInertia*rim*rim/2)
}

// Ledgers implements twinmodel.Plant.
func (e *Elevator) Ledgers() []twinmodel.Ledger {
	return []twinmodel.Ledger{
		{Quantity: twinmodel.Energy, Unit: "J", Stored: e.mechanical(),
			In: e.energy.driven + e.energy.boarded, Out: e.energy.regenerated + e.energy.lost},
		{Quantity: twinmodel.Energy, Unit: "J", Stored: e.p.MotorCapacity * (e.motor - e.p.MotorAmbient),
			In: e.energy.heat, Out: e.energy.cooled},
	}
}
