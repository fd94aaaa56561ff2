package twinmodel

import (
	"io"
	"time"
)

// A Plant is one piece of the physical world: state, inputs and outputs, with no
// opinion about who measures or controls it.
//
// A plant is single-threaded and pure: the same calls give the same bits. It
// never reads a clock; the caller tells it how far to go.
type Plant interface {
	// Spec describes the plant. It is the same for every instance of a kind.
	Spec() *Spec

	// Time is the instant the plant has reached.
	Time() time.Time

	// Advance integrates to t, which must not lie before Time. Events (a
	// thermostat switching, a pump running dry) are located inside the step.
	// The error names the plant, the signal and the instant.
	Advance(t time.Time) error

	// Set changes an input from now on. Value outside the signal's range, NaN
	// and unknown names are errors and change nothing.
	Set(input string, value float64) error

	// Value is the true present value of any signal, input or output, in the
	// signal's unit.
	Value(signal string) (float64, error)

	// Ledgers are the conserved quantities, integrated together with the state.
	Ledgers() []Ledger

	// Snapshot captures everything that decides the future; Restore returns to
	// it, bit for bit. A snapshot of another kind of plant is an error.
	Snapshot() Snapshot
	Restore(Snapshot) error
}

// Close ends what a plant has outside the program: an FMU's process. Most plants
// have nothing there.
func Close(p Plant) error {
	if c, ok := p.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Snapshot is a plant's whole state. It is opaque to callers.
type Snapshot struct {
	Plant string    // Spec.Kind of the plant it was taken from
	Time  time.Time // instant it was taken
	State []float64
	Modes []int64
}

// Ledger is one conserved quantity of a plant since it was made: what is
// Stored now less what was stored at the start must equal In less Out.
type Ledger struct {
	Quantity Quantity
	Unit     string
	Stored   float64 // change of the stored amount
	In, Out  float64 // integrated fluxes across the plant's boundary
}

// Residual is the amount the ledger fails to close by.
func (l Ledger) Residual() float64 { return l.Stored - (l.In - l.Out) }
