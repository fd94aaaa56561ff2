// Package hvac is a room and the direct-expansion air conditioner that keeps it:
// the resistance and capacity network 5R1C of ISO 13790 with a node for the air,
// a moisture balance, and a unit with its own thermostat, minimum running and
// resting times, start-up ramp, condensate pan and float switch; with an inverter,
// a compressor whose speed follows the room as well.
//
// Capacity and efficiency follow biquadratic curves of entering wet-bulb and
// outdoor temperature; what the coil dries follows from its apparatus dew point
// and bypass factor. Weather is a synthetic clear day in UTC.
//
// Not modelled: frost on either coil, ducts, sorption of
// moisture by furniture. Pressure is that of sea level.
package hvac
