// Package well is what pumped oil wells have in common below the pump: a
// saturated reservoir that delivers by Vogel's curve, liquid in the annulus, and
// the gas that comes out of it.
//
// It holds no state and no pump: the level is a number that the plants of
// packages esp and oilpump integrate.
package well
