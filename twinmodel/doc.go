// Package twinmodel is the physical world that devices measure and act on.
//
// A Plant is physics: state, inputs, outputs and ledgers of what it conserves.
// An Instrument stands between a plant's true values and the device's
// controller. Faults act in the physics. Plants live in sub-packages, one each;
// the numerical methods are in ode and detmath, fluid properties in fluid.
//
// Nothing here knows about networks, messages or the wall clock, and nothing
// starts a goroutine: time is what the caller says it is. The same calls give
// the same bits on every architecture.
package twinmodel
