// Package requirement judges signals over time and says by how much.
//
// A requirement holds with a margin in the signal's unit: how far the signal
// could move the wrong way before the verdict turned. The margin is negative
// when the requirement is broken. Signals are piecewise linear between their
// samples, or stepwise, and the judgement is exact for that reading of them:
// nothing is lost between two samples.
//
// It knows nothing of devices, plants or time zones: a Series and a Band go in,
// a Result comes out.
package requirement
