// Package planttest is what the tests of plants have in common: driving one,
// holding signals to their ranges and ledgers to conservation, random runs,
// snapshots that must restore the same future, and [Contract], which is what
// every plant owes its callers.
//
// It is not a test framework and knows no plant: laws and numbers are said by
// the plant's own tests, with package validation.
package planttest
