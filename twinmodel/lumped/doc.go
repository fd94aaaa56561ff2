// Package lumped makes a twinmodel.Plant of a lumped-parameter model: some
// states, some modes and the equations between them.
//
// A model supplies derivatives, guards and reactions (ode.Hybrid), its output
// equations and its ledgers. The package does what all such plants share: time,
// input checks, interpolation between steps, naming what went wrong, snapshots.
// It holds no physics.
package lumped
