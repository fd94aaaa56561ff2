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
}

// spend integrates one stretch of a piece exactly: the integrands are
// polynomials of less than degree six, for which three points of Gauss do.
func (e *Elevator) spend(q *piece, from, to float64) {
	nodes := [3]float64{-math.Sqrt(0.6), 0, math.Sqrt(0.6)}
	weights := [3]float64{5.0 / 9, 8.0 / 9, 5.0 / 9}
	half, middle := (to-from)/2, (to+from)/2
	var work, lost, copper float64
	for i, node := range nodes {
		w, l, c := e.powers(q, middle+float64(half*node))
		work += float64(weights[i] * half * w)
		lost += float64(weights[i] * half * l)
		copper += float64(weights[i] * half * c)
	}
	e.energy.lost += lost
	if work > 0 {
		e.energy.driven += work
	} else {
		e.energy.regenerated -= work
	}
	e.warm(copper, to-from)
	if q.slipping == 1 {
		e.slipped += math.Abs(e.relative(q, to) - e.relative(q, from))
	}
}

// relative is how far the sheave has gone more than the ropes in a piece.
func (e *Elevator) relative(q *piece, t float64) float64 {
	return float64((q.sv-q.v)*t) + float64((q.sa-q.a)*t*t/2) + float64((q.sj-q.j)*t*t*t/6)
}

// powers are the drive's mechanical power, the power lost, and the motor's heat.
// While the drive is off, the force that the motion needs comes from what brakes.
func (e *Elevator) powers(q *piece, t float64) (work, lost, heat float64) {
	_, v, a := q.at(t)
	rim, rimA := q.rim(t)
	rope := e.m.rope(a, e.dir)
	rolling := float64(e.m.drag * e.dir)
	if rim == 0 {
		rolling = 0
	}
	force := rope + float64(e.m.sheave*rimA) + rolling
	lost = float64(e.m.friction*e.dir*v) + float64(rolling*rim) + float64(rope*(rim-v))
	heat = rolling * rim / 2
	if q.kind == driven {
		return force * rim, lost, heat + float64(e.p.CopperLoss*force*force)
	}
	return 0, lost - float64(force*rim), heat
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
	e.energy.cooled += e.p.MotorCooling * (float64(rise*d) + float64(over*tau*(1-decay)))
}

// mechanical is the energy in car, counterweight and sheave, J.
func (e *Elevator) mechanical() float64 {
	car := e.p.CarMass + float64(float64(e.aboard)*e.p.PassengerMass)
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
