package twinmodel

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"twinrig/twinmodel/detmath"
)

// InstrumentSpec is what a data sheet says of a sensor with its converter, in
// the unit of the signal it measures. The zero value of every field but Gain
// means an ideal property; use IdealInstrument as a start.
type InstrumentSpec struct {
	Lag        time.Duration // time constant of the first-order response
	Gain, Bias float64       // reading = Gain·value + Bias
	Noise      float64       // standard deviation of a reading
	Resolution float64       // readings are multiples of it
	Min, Max   float64       // range; no limit when both are zero

	Drift float64       // of the bias in an hour
	Walk  float64       // of the bias too: standard deviation of its random walk in an hour
	Every time.Duration // time between samples; a reading before the next repeats the last
}

// IdealInstrument reads what is there.
var IdealInstrument = InstrumentSpec{Gain: 1}

// Validate says which property is impossible.
func (s *InstrumentSpec) Validate() error {
	for _, v := range []float64{s.Gain, s.Bias, s.Noise, s.Resolution, s.Min, s.Max, s.Drift, s.Walk} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return errors.New("instrument: a property is not finite")
		}
	}
	switch {
	case s.Lag < 0 || s.Every < 0:
		return fmt.Errorf("instrument: lag %v or time between samples %v is negative", s.Lag, s.Every)
	case s.Gain == 0:
		return errors.New("instrument: gain is zero; an ideal instrument has 1")
	case s.Noise < 0 || s.Walk < 0 || s.Resolution < 0:
		return errors.New("instrument: noise, walk and resolution cannot be negative")
	case s.Min > s.Max:
		return fmt.Errorf("instrument: range %g to %g is empty", s.Min, s.Max)
	}
	return nil
}

// Instrument is one sensor on one signal. Its reading follows the true value
// with a first-order lag, and then has gain, bias with drift and walk, noise,
// range and resolution, in that order.
type Instrument struct {
	spec   InstrumentSpec
	stream *rand.PCG

	started bool
	first   time.Time // reading of all
	at      time.Time // of the last reading
	lagged  float64
	walked  float64   // by the bias
	last    float64   // last healthy reading
	shown   float64   // last reading, healthy or not
	sampled time.Time // when that was new
	fault   InstrumentFault
	amount  float64
	since   time.Time // first reading with the fault
}

// NewInstrument makes an instrument that draws its noise from stream, which it
// then owns; an instrument without noise needs none.
func NewInstrument(spec InstrumentSpec, stream *rand.PCG) (*Instrument, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	if stream == nil {
		if spec.Noise > 0 || spec.Walk > 0 {
			return nil, errors.New("instrument: noise and walk need a random stream")
		}
		stream = rand.NewPCG(0, 0)
	}
	return &Instrument{spec: spec, stream: stream}, nil
}

// Inject breaks the instrument; Healthy repairs it. What amount means depends on
// the fault.
func (i *Instrument) Inject(f InstrumentFault, amount float64) error {
	switch {
	case f < Healthy || f >= instrumentFaults:
		return fmt.Errorf("inject instrument fault: there is no fault %d", f)
	case math.IsNaN(amount) || math.IsInf(amount, 0):
		return fmt.Errorf("inject instrument fault: amount %g is not finite", amount)
	case f == Losing && !(amount >= 0 && amount <= 1):
		return fmt.Errorf("inject instrument fault: a share of %g of the samples cannot be lost", amount)
	case f == Stale && !(amount >= 0 && amount <= 1e6):
		return fmt.Errorf("inject instrument fault: readings %g s old are outside 0 to 1e6", amount)
	case (f == OpenCircuit || f == ShortCircuit) && i.spec.Min == i.spec.Max:
		return errors.New("inject instrument fault: an open or short circuit needs an instrument with a range")
	}
	i.fault, i.amount, i.since = f, amount, time.Time{}
	return nil
}

// Read is the reading at t of a signal whose true value is truth. Between two
// readings the value is taken as constant at the newer one; the first reading
// has no lag. An instant before the last reading counts as the same instant.
func (i *Instrument) Read(t time.Time, truth float64) float64 {
	fresh := !i.started
	i.follow(t, truth)
	if i.fault != Healthy && i.since.IsZero() {
		i.since = t
	}
	if !fresh && i.repeats(t) {
		return i.shown
	}
	noise := 0.0
	if i.spec.Noise > 0 {
		noise = i.spec.Noise * Normal(i.stream)
	}
	y := float64(i.spec.Gain*i.lagged) + i.spec.Bias + i.walked
	if i.spec.Drift != 0 {
		y += float64(i.spec.Drift * t.Sub(i.first).Hours())
	}
	i.shown, i.sampled = i.broken(t, y, noise), t
	return i.shown
}

// repeats says whether there is no new sample at t.
func (i *Instrument) repeats(t time.Time) bool {
	every := i.spec.Every
	switch i.fault {
	case Stale:
		every = max(every, time.Duration(i.amount*float64(time.Second)))
	case Losing:
		if uniform(i.stream) < i.amount {
			return true
		}
	}
	return t.Sub(i.sampled) < every
}

// follow is the exact response of the lag.
func (i *Instrument) follow(t time.Time, truth float64) {
	dt := t.Sub(i.at)
	if !i.started {
		i.first, i.at = t, t
	} else if dt > 0 && i.spec.Walk > 0 {
		i.walked += float64(i.spec.Walk * math.Sqrt(dt.Hours()) * Normal(i.stream))
	}
	switch {
	case !i.started || i.spec.Lag == 0:
		i.lagged = truth
	case dt > 0:
		decay := detmath.Exp(-float64(dt) / float64(i.spec.Lag))
		i.lagged = truth + float64(decay*(i.lagged-truth))
	}
	if dt > 0 {
		i.at = t
	}
	i.started = true
}

// broken applies the fault and then what the converter does.
func (i *Instrument) broken(t time.Time, y, noise float64) float64 {
	switch i.fault {
	case Stuck:
		return i.last
	case Biased:
		y += i.amount
	case Drifting:
		y += float64(i.amount * t.Sub(i.since).Hours())
	case Noisy:
		noise *= i.amount
	case Spiking:
		if u := uniform(i.stream); u < 0.05 {
			y += i.amount
		} else if u > 0.95 {
			y -= i.amount
		}
	case Fahrenheit:
		y = float64(1.8*y) + 32
		noise *= 1.8
	case OpenCircuit:
		y = math.Inf(1)
	case ShortCircuit:
		y = math.Inf(-1)
	}
	reading := i.convert(y + float64(noise))
	if i.fault == Healthy {
		i.last = reading
	}
	return reading
}

// convert limits to the range and rounds to the resolution.
func (i *Instrument) convert(y float64) float64 {
	if i.spec.Min != i.spec.Max {
		y = math.Min(i.spec.Max, math.Max(i.spec.Min, y))
	}
	if i.spec.Resolution > 0 {
		y = math.Round(y/i.spec.Resolution) * i.spec.Resolution
	}
	return y
}
