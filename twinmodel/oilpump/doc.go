// Package oilpump is a sucker-rod pumping well: a beam unit swings a string of
// rods a kilometre long, and the rods work a pump at the bottom of the well.
//
// The unit is the four-bar linkage of API Specification 11E with its
// counterweights, gearbox and motor. The string is the damped wave equation, by
// leapfrog. The pump's valves, liquid and gas are solved implicitly at the
// string's end, so that fluid pound, gas interference and leaking valves show in
// the dynamometer card as they do in the field. The reservoir delivers by Vogel's
// curve into an annulus whose level the pump draws down.
//
// Every wave step is computed; a day of the default well is five million of them.
// Reservoir, annulus, tubing and valve pressures follow once in 16 wave steps.
//
// Not modelled: gas in the tubing but for its springiness, water, heat along the
// well, fluid inertia, buckling, the crank's speed variation over the stroke.
package oilpump
