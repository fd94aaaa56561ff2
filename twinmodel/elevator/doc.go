// Package elevator is a traction elevator: car, counterweight, ropes over a
// sheave, drive, brake, governor and safety gear, doors, and the collective
// control that carries passengers who come by chance.
//
// Motion is in closed form: a ride is a list of pieces of constant jerk, also
// where the ropes slip on the sheave (Euler and Eytelwein), the brake falls in
// or the safety gear grips. Between events nothing is stepped, so an idle hour
// costs nothing. Vibration, of two rope modes and of the car in its guides, is
// damped oscillators with exact 2×2 exponentials; it follows from the ride, and
// is evaluated when somebody looks.
//
// The landing control is part of the machine: who calls a floor, by button or
// command, presses a button. Calls on the way are taken while the car can stop.
//
// Not modelled: several cars in a group, rope elasticity's effect on the stop,
// vibration left over from the ride before, compensation ropes that sway, and a
// pit in which the counterweight lands.
package elevator
