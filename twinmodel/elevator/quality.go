package elevator

import "slices"

// quality is the ride quality of the present ride so far, or of the last: A95,
// which 95 % of the peak-to-peak values do not exceed, and the largest, m/s².
func (e *Elevator) quality(axis int) (a95, largest float64) {
	if len(e.pieces) == 0 {
		return 0, 0
	}
	values := slices.Clone(e.shake(e.endOfRide()).peaks[axis].values)
	if len(values) == 0 {
		return 0, 0
	}
	slices.Sort(values)
	return values[(len(values)-1)*95/100], values[len(values)-1]
}

// shaking is the vibration of this instant, along and across the car, m/s².
func (e *Elevator) shaking() (along float64, across [2]float64) {
	last := e.endOfRide() + dies
	if len(e.pieces) == 0 || e.t > e.rideBegan+last {
		return 0, across
	}
	s := e.shake(last)
	return s.along, s.across
}

// felt is what an accelerometer in the car feels along it, with gravity, m/s².
func (e *Elevator) felt() float64 {
	along, _ := e.shaking()
	a := 0.0
	if e.state == carMoving {
		_, _, a = e.pieces[e.piece].at(e.t - e.began)
	}
	return gravity + a + along + e.thump()
}
