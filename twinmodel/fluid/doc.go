// Package fluid has the properties of the working fluids of the plants.
//
// Moist air is an ideal mixture of dry air and water vapour; saturation pressure
// is Buck's fit (1981, revised 1996), which stays within 0.03 % of the ASHRAE
// equations between -30 and 50 °C. Temperatures are in °C, pressures in Pa,
// humidity is the mass ratio of vapour to dry air. It is not a property library
// for high pressure or for steam.
package fluid
