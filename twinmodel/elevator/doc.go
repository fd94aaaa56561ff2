// Package elevator is a traction elevator: car, counterweight, ropes over a
// sheave, drive, brake, governor and safety gear, doors, and the collective
// control that carries passengers who come by chance.
//
// Motion is in closed form: a ride is a list of pieces of constant jerk, also
// where the ropes slip on the sheave (Euler and Eytelwein), the brake falls in
// or the safety gear grips. Between events nothing is stepped, so an idle hour
// costs nothing. Vibration is two rope modes and a lateral one as damped
// oscillators with exact 2×2 exponentials, evaluated once per ride.
//
// Not modelled: several cars in a group, calls taken up on the way (the next
// stop is chosen when the car leaves), rope elasticity's effect on the stop,
// compensation ropes that sway, and a hoistway in which the counterweight lands.
package elevator
