package devicesim

import (
	"fmt"
	"time"

	"twinrig/twinmodel"
)

// Sensor is one input channel of the controller: an instrument on a signal of
// the plant.
type Sensor struct {
	Signal     string
	Instrument *twinmodel.Instrument
}

// process is the plant with the instruments on it: all that stays when the
// device is switched off. It is owned by the device's loop.
type process struct {
	plant   twinmodel.Plant
	sensors []Sensor
}

// read advances the plant to t and reads every instrument.
func (p *process) read(t time.Time) (Readings, error) {
	if err := p.plant.Advance(t); err != nil {
		return nil, err
	}
	r := make(Readings, len(p.sensors))
	for _, s := range p.sensors {
		truth, err := p.plant.Value(s.Signal)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", s.Signal, err)
		}
		r[s.Signal] = s.Instrument.Read(t, truth)
	}
	return r, nil
}

// sampled are the signals of the plant that go to the record: all but the fault
// inputs, whose changes are events of their own.
func (p *process) sampled() (signals []twinmodel.Signal) {
	for _, s := range p.plant.Spec().Signals {
		if !s.Fault {
			signals = append(signals, s)
		}
	}
	return signals
}

// truth is the present value of every sampled signal.
func (p *process) truth(t time.Time) ([]float64, error) {
	if err := p.plant.Advance(t); err != nil {
		return nil, err
	}
	signals := p.sampled()
	values := make([]float64, len(signals))
	for i, s := range signals {
		v, err := p.plant.Value(s.Name)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", s.Name, err)
		}
		values[i] = v
	}
	return values, nil
}
