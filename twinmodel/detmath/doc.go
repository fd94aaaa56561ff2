// Package detmath has the elementary functions that twinmodel may call: Exp,
// Log, Pow, Sin, Cos, Atan, Atan2 and Asin, which return the same bits on every
// architecture.
//
// The functions of package math do not: some are assembly on one architecture
// and Go on another, and Go fuses x*y + z into one rounding where the processor
// can. Here every product that feeds a sum is wrapped in float64(), which the
// language defines to round, and nothing depends on the processor. math.Sqrt,
// math.Floor and comparisons are exact everywhere and need no replacement.
//
// Results are within 1 ulp of the exact value, those of the arc functions within
// 2 (the tests compare with math/big).
// The package is not a complete math library and not the fastest: functions are
// added when a model needs them.
package detmath
