package elevator

import (
	"math"

	"twinrig/twinmodel/detmath"
)

const milli = 1000

// outputs are the values of the output signals.
var outputs = [signals]func(e *Elevator) float64{
	outPosition:   func(e *Elevator) float64 { return e.position },
	outSpeed:      func(e *Elevator) float64 { return e.speed },
	outAccelX:     func(e *Elevator) float64 { _, across := e.shaking(); return across[0] / gravity },
	outAccelY:     func(e *Elevator) float64 { _, across := e.shaking(); return across[1] / gravity },
	outAccelZ:     func(e *Elevator) float64 { return e.felt() / gravity },
	outPressure:   func(e *Elevator) float64 { return airPressure(e.position) },
	outFloor:      func(e *Elevator) float64 { return float64(e.floor() + 1) },
	outDoor:       func(e *Elevator) float64 { return float64(e.door) },
	outOpening:    (*Elevator).opening,
	outDirection:  (*Elevator).heading,
	outLoad:       (*Elevator).load,
	outOverload:   func(e *Elevator) float64 { return float64(flag(e.overloaded())) },
	outWaiting:    func(e *Elevator) float64 { return float64(len(e.queue)) },
	outMotor:      func(e *Elevator) float64 { return e.motor },
	outPower:      (*Elevator).power,
	outEnergy:     func(e *Elevator) float64 { return e.consumed() / 3.6e6 },
	outTrips:      func(e *Elevator) float64 { return float64(e.trips) },
	outA95:        func(e *Elevator) float64 { a95, _ := e.quality(0); return a95 / gravity * milli },
	outLateral:    (*Elevator).lateral,
	outPeak:       func(e *Elevator) float64 { _, largest := e.quality(0); return largest / gravity * milli },
	outLevel:      func(e *Elevator) float64 { return milli * e.sill() },
	outSlip:       func(e *Elevator) float64 { return milli * e.slipped },
	outFrequency:  (*Elevator).ropeFrequency,
	outState:      func(e *Elevator) float64 { return float64(e.state) },
	outCause:      (*Elevator).tripCause,
	outReopenings: func(e *Elevator) float64 { return float64(e.reopened) },
}

// lateral is A95 on the worse axis, thousandths of g.
func (e *Elevator) lateral() float64 {
	front, _ := e.quality(1)
	side, _ := e.quality(2)
	return math.Max(front, side) / gravity * milli
}

// ropeFrequency is that of the first mode as the car is loaded now, Hz.
func (e *Elevator) ropeFrequency() float64 {
	c := e.conditions()
	return e.ropeModes(&c, e.position)[0].Frequency
}

func (e *Elevator) tripCause() float64 {
	if e.state != carTripped {
		return causeNone
	}
	return float64(e.cause)
}

// heading is the direction as its signal counts it.
func (e *Elevator) heading() float64 {
	switch {
	case e.state != carMoving:
		return 0
	case e.pieces[e.piece].dir > 0:
		return 1
	}
	return 2
}

// airPressure falls with height, hPa.
func airPressure(height float64) float64 {
	const scale = 287.05 * 288.15 / gravity // m
	return 1013.25 * detmath.Exp(-height/scale)
}
