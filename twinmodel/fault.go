package twinmodel

// A fault is something broken, and it acts in the physics and not on the
// numbers.
//
// A plant's faults are inputs like any other, marked Signal.Fault: 0 is a
// healthy part, 1 the worst the model knows, and what lies between is graded.
// Set injects and repairs them, ledgers stay closed and snapshots include them.
// The surroundings set them, so their Direction is Environment.
//
// An instrument's fault is an InstrumentFault: the plant's true value is
// untouched, and only what the device reads is wrong.

// Faults are the plant's faults.
func (s *Spec) Faults() []Signal {
	var out []Signal
	for _, sig := range s.Signals {
		if sig.Fault {
			out = append(out, sig)
		}
	}
	return out
}

// InstrumentFault is a way in which an instrument can be broken.
type InstrumentFault int

const (
	// Healthy is an instrument that works.
	Healthy InstrumentFault = iota
	// Stuck repeats the last healthy reading.
	Stuck
	// Biased adds the fault's amount to every reading.
	Biased
	// Drifting adds the fault's amount per hour since it was injected.
	Drifting
	// Noisy multiplies the noise by the fault's amount.
	Noisy
	// OpenCircuit reads the upper end of the range.
	OpenCircuit
	// ShortCircuit reads the lower end of the range.
	ShortCircuit
	// Spiking throws one reading in ten off by the fault's amount, up or down.
	Spiking
	// Losing loses that share of the samples; the last reading stands.
	Losing
	// Stale renews the reading only after the fault's amount of seconds.
	Stale
	// Fahrenheit reports degrees Fahrenheit where Celsius are meant.
	Fahrenheit

	instrumentFaults
)
