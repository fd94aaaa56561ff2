// Package reactor is the process controller of a stirred tank: it runs the
// recipe of its reaction, holds the temperature with a cascade of two loops on
// the jacket's valve, watches for heat that gets away, and brings the tank to a
// safe state when it does. It does not know the reaction: what it goes by is what
// its instruments read.
package reactor
