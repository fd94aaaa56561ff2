// Package binding ties signals of a plant to elements of a DTDL interface: the
// interface says name, schema and unit, and a binding converts and rounds. What
// does not fit (another dimension, a unit nobody has, a state without an enum
// value) is an error when the binding is made, never a wrong number later.
//
// Check holds a kind of device that is written in Go to the interface it
// announces, down to what its controller really sends.
//
// It knows nothing about when values are sent; controllers do.
package binding
