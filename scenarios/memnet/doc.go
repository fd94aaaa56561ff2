// Package memnet is a network in memory for rigs that live in virtual time:
// named listeners, and connections that behave as TCP's do.
//
// Every connection has a latency of up to a microsecond in each direction, drawn
// from the seed, the two names and how often they connected. What would happen
// in one instant of a testing/synctest bubble, where the order is the
// scheduler's, so happens in instants that differ and repeat.
//
// The end of a connection takes its latency to arrive, too. A bubble's clock stops
// when its main function returns, so whoever waits for a peer's close must have
// been waited for before; closing one's own end needs no time.
//
// The package starts no goroutine, and holds a timer only while somebody waits.
// It is no model of a network: there is no bandwidth, loss or jitter.
package memnet
