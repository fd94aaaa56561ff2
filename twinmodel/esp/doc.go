// Package esp is an oil well with an electric submersible pump (ESP) on a
// variable-speed drive.
//
// The reservoir delivers by Vogel's curve, the liquid level in the annulus is
// what inflow and pump leave, and the pump follows the affinity laws. Pump-off is
// physical: a drive faster than the reservoir delivers lowers the level, the
// intake pressure falls, gas comes out of solution, and beyond a gas fraction the
// pump locks: no head, no flow, little current, and a motor that nothing cools.
// A lower speed lets the level recover.
//
// Not modelled: gas in the tubing but for its springiness, water, heat along the
// well, and backspin: a check valve holds the column when the pump stands. The
// motor is shrouded and hangs at the perforations, so that the pumped liquid,
// and only that, cools it.
package esp
