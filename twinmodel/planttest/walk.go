package planttest

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/twinmodel"
)

// Walk is a random run: inputs and faults change one by one to anything in their
// range, and time passes. After every stretch signals are in range and ledgers
// close.
type Walk struct {
	Make    func(*rapid.T) twinmodel.Plant
	Changes int           // at most
	Stretch time.Duration // between two changes, at most
	Ledgers []Tolerance   // as for CloseLedgers

	// Adjust makes a value possible that is not, whatever its range says. It may
	// be nil.
	Adjust func(s twinmodel.Signal, value float64) float64
	// Check holds more invariants. It may be nil.
	Check func(TB, twinmodel.Plant)
}

// Run walks as often as rapid does.
func (w Walk) Run(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := w.Make(rt)
		var inputs []twinmodel.Signal
		for _, s := range p.Spec().Signals {
			if s.Direction != twinmodel.Output {
				inputs = append(inputs, s)
			}
		}
		for range rapid.IntRange(1, w.Changes).Draw(rt, "changes") {
			s := rapid.SampledFrom(inputs).Draw(rt, "input")
			v := rapid.Float64Range(s.Min, s.Max).Draw(rt, "value")
			if s.States != nil {
				v = math.Round(v)
			}
			if w.Adjust != nil {
				v = w.Adjust(s, v)
			}
			Set(rt, p, map[string]float64{s.Name: v})
			Advance(rt, p, time.Duration(rapid.Int64Range(0, int64(w.Stretch)).Draw(rt, "stretch")))
			w.hold(rt, p)
		}
	})
}

func (w Walk) hold(t TB, p twinmodel.Plant) {
	InRange(t, p)
	if len(w.Ledgers) > 0 {
		CloseLedgers(t, p, w.Ledgers...)
	}
	if w.Check != nil {
		w.Check(t, p)
	}
}
