// Package pipenet is a network of pipes, pumps, valves and tanks: steady
// hydraulics by the global gradient method (Todini and Pilati 1988), solved
// again whenever demand, a tank or a control changes something, and heat that
// the liquid carries: plug flow and cooling in pipes, mixing where they meet.
// Networks are read from EPANET's .inp format. Flows are incompressible; water
// hammer is looked at in one pipe alone, with [Hammer].
//
// Units inside are m, m³/s, s and °C; head is metres of the liquid.
package pipenet
