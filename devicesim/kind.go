package devicesim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel"
)

// Kind is a kind of device: what it is called, what it is built from and what
// can be chosen when one is made. Each sub-package named after a plant has one.
type Kind struct {
	Name    string // of plant and package, e.g. "reefer"
	Title   string // as people call it: "refrigeration truck"
	Example string // a device id for examples
	ModelID string // DTDL interface the device announces
	DTDL    string // its text, for kinds that ship with one; binding.Check holds the kind to it
	Params  any    // the default parameters of the plant, a struct that twinmodel.Parameters explains
	Sensors []SensorSpec
	Options []Option
	// Build makes the plant of one device, and what makes its controller each
	// time it is switched on.
	Build func(Instance) (twinmodel.Plant, func() Controller, error)
}

// Instance is what tells one device of a kind from another.
type Instance struct {
	ID     string
	Start  time.Time
	Seed   uint64             // of the run; chance inside the plant draws from Stream
	Chosen map[string]float64 // options by name, in their units; those left out have their defaults
}

// Stream is the source of chance for one thing that happens to the instance.
func (i Instance) Stream(name string) *rand.PCG { return twinmodel.Stream(i.Seed, i.ID, name) }

// Choose overwrites a default with what was chosen, if anything was.
func (i Instance) Choose(name string, into *float64) {
	if v, ok := i.Chosen[name]; ok {
		*into = v
	}
}

// ChooseDuration is Choose for an option in seconds.
func (i Instance) ChooseDuration(name string, into *time.Duration) {
	if v, ok := i.Chosen[name]; ok {
		*into = time.Duration(v * float64(time.Second))
	}
}

// SensorSpec is an instrument on a signal of the plant.
type SensorSpec struct {
	Signal string
	Spec   twinmodel.InstrumentSpec
}

// Option is something to choose when a device of a kind is made.
type Option struct {
	Name     string // "cargo temperature"
	Quantity twinmodel.Quantity
	Unit     string
	States   []string // for Quantity State: names of value 0, 1, …
}

// Signal is the option as something that has a value.
func (o Option) Signal() twinmodel.Signal {
	return twinmodel.Signal{Label: o.Name, Quantity: o.Quantity, Unit: o.Unit, States: o.States}
}

// Instruments makes the kind's instruments for one device; seed and id decide
// their noise.
func (k *Kind) Instruments(seed uint64, id string) ([]Sensor, error) {
	sensors := make([]Sensor, len(k.Sensors))
	for i, s := range k.Sensors {
		instrument, err := twinmodel.NewInstrument(s.Spec, twinmodel.Stream(seed, id, s.Signal))
		if err != nil {
			return nil, fmt.Errorf("%s: sensor %s: %w", k.Name, s.Signal, err)
		}
		sensors[i] = Sensor{Signal: s.Signal, Instrument: instrument}
	}
	return sensors, nil
}
