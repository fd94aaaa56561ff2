package twinmodel

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// InstrumentSnapshot is an instrument's whole state.
type InstrumentSnapshot struct {
	Started      bool
	First, At    time.Time
	Lagged, Last float64
	Walked       float64
	Shown        float64
	Sampled      time.Time
	Fault        InstrumentFault
	Amount       float64
	Since        time.Time
	Stream       []byte // of the PCG, as it marshals itself
}

// Snapshot captures everything that decides the instrument's future readings.
func (i *Instrument) Snapshot() (InstrumentSnapshot, error) {
	stream, err := i.stream.MarshalBinary()
	if err != nil {
		return InstrumentSnapshot{}, fmt.Errorf("snapshot instrument: %w", err)
	}
	return InstrumentSnapshot{i.started, i.first, i.at, i.lagged, i.last, i.walked, i.shown, i.sampled, i.fault, i.amount, i.since, stream}, nil
}

// Restore returns to a snapshot of an instrument with the same specification.
func (i *Instrument) Restore(s InstrumentSnapshot) error {
	stream := new(rand.PCG)
	if err := stream.UnmarshalBinary(s.Stream); err != nil {
		return fmt.Errorf("restore instrument: %w", err)
	}
	i.started, i.first, i.at, i.lagged, i.last = s.Started, s.First, s.At, s.Lagged, s.Last
	i.walked, i.shown, i.sampled = s.Walked, s.Shown, s.Sampled
	i.fault, i.amount, i.since, i.stream = s.Fault, s.Amount, s.Since, stream
	return nil
}
