// Package suckerrod is the mechanics of a rod pumping well: the four-bar surface
// unit, the string of sucker rods as a damped wave, and the pump with its valves,
// liquid and gas, solved implicitly at the string's end.
//
// It is not a twinmodel.Plant yet: fluid level, motor, faults and the DTDL
// interface are still to come around Pump, which turns the crank at a constant
// speed and records dynamometer cards.
package suckerrod
