// Package pipenet is a network of pipes, pumps, valves and tanks: steady
// hydraulics by the global gradient method (Todini and Pilati 1988), solved
// again whenever demand, a tank or a control changes something. Networks are
// read from EPANET's .inp format. Flows are incompressible; water hammer and
// water quality are not modelled.
//
// Units inside are m, m³/s and s; head is metres of the liquid.
package pipenet
