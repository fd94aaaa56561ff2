// Package reactor is a stirred tank in which an exothermic reaction runs: species
// that react by Arrhenius's law, contents that a jacket cools or heats through a
// wall, a feed, and over the liquid a space for gas with a vent and a rupture
// disc. Five published reactions come with it, from a continuous tank with three
// steady states to a semibatch polymerisation whose jacket answers after a delay
// and a batch that runs away: see Reaction.
//
// A tank is what its Params say; the reactions are Params and nothing else. The
// systems are stiff near ignition and are integrated by Rodas4 with the exact
// Jacobian. Heat is a state instead of temperature, so that the energy ledger
// closes to rounding although what is in the tank changes. The other ledger is of
// amounts, counted in building blocks, which reactions keep; carriers and liquids that
// do not react are in no balance but the volume's.
//
// Not modelled: evaporation of the liquid, mixing times, the heat of the
// agitator, and what remains after the vessel has burst: chemistry and clocks of
// the tank stop there.
package reactor
