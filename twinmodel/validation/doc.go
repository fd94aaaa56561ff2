// Package validation holds the plants to numbers that are known: closed forms,
// published results, other people's solvers.
//
// A test calls [Row.Check], which fails when ours is off by more than the
// tolerance, and when docs/models.md does not have the row as it is today.
// `make models` runs the tests and writes the table anew. Since plants give the
// same bits everywhere, so do the rows.
//
// It is not a test framework: what a row means is said by the test.
package validation
