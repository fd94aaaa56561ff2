// Package replay is a plant that plays back a recording: each column of a CSV
// table is a signal. It is not physics: it has no inputs, no faults and conserves
// nothing.
package replay
