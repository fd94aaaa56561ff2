package fmi

import (
	"errors"
	"fmt"
	"math"
	"time"

	"twinrig/twinmodel"
)

// Spec implements twinmodel.Plant.
func (p *Plant) Spec() *twinmodel.Spec { return &p.spec }

// Time implements twinmodel.Plant.
func (p *Plant) Time() time.Time { return p.now }

// Advance implements twinmodel.Plant: communication steps of at most Options.Step.
// With an FMU of a fixed step the plant stays behind t by less than one.
func (p *Plant) Advance(t time.Time) error {
	t = t.Round(0)
	if t.Before(p.now) {
		return fmt.Errorf("advance %s: %s lies before %s", p.spec.Kind, stamp(t), stamp(p.now))
	}
	for {
		left := t.Sub(p.now)
		step, count := p.step, int(min(left/p.step, mostSteps))
		if count == 0 && p.description.FixedStep == 0 {
			step, count = left, 1
		}
		if left <= 0 || count == 0 {
			return nil
		}
		answer, err := p.host.call(Request{Op: Step, Time: p.now.Sub(p.start), Length: step, Count: count})
		p.now, p.fresh = p.now.Add(time.Duration(answer.Steps)*step), false
		if err != nil {
			return fmt.Errorf("advance %s at %s: %w", p.spec.Kind, stamp(p.now), err)
		}
	}
}

// mostSteps is how many steps are asked for at once.
const mostSteps = 10_000

// Set implements twinmodel.Plant.
func (p *Plant) Set(input string, value float64) error {
	i, ok := p.index[input]
	if !ok || i >= len(p.inputs) {
		return fmt.Errorf("set %s: it has no input %q", p.spec.Kind, input)
	}
	switch s := p.spec.Signals[i]; {
	case !(value >= s.Min && value <= s.Max) || math.IsInf(value, 0):
		return fmt.Errorf("set %s at %s: %s: %g %s is outside %g to %g", p.spec.Kind, stamp(p.now), input, value, s.Unit, s.Min, s.Max)
	case s.States != nil && value != math.Trunc(value):
		return fmt.Errorf("set %s at %s: %s: %g is not one of %q", p.spec.Kind, stamp(p.now), input, value, s.States)
	}
	if _, err := p.host.call(set(p.variables[i], p.toVariable(i, value))); err != nil {
		return fmt.Errorf("set %s at %s: %s: %w", p.spec.Kind, stamp(p.now), input, err)
	}
	p.inputs[i], p.fresh = value, false
	return nil
}

// Value implements twinmodel.Plant.
func (p *Plant) Value(signal string) (float64, error) {
	i, ok := p.index[signal]
	if !ok {
		return 0, fmt.Errorf("read %s: it has no signal %q", p.spec.Kind, signal)
	}
	if i < len(p.inputs) {
		return p.inputs[i], nil
	}
	if err := p.refresh(); err != nil {
		return 0, fmt.Errorf("read %s at %s: %w", p.spec.Kind, stamp(p.now), err)
	}
	return p.outputs[i-len(p.inputs)], nil
}

// refresh reads all outputs at once.
func (p *Plant) refresh() error {
	if p.fresh {
		return nil
	}
	r := Request{Op: Get}
	for _, v := range p.variables[len(p.inputs):] {
		r.References, r.Kinds = append(r.References, v.Reference), append(r.Kinds, v.Kind)
	}
	answer, err := p.host.call(r)
	if err != nil {
		return err
	}
	for i, value := range answer.Values {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return fmt.Errorf("%s: the FMU gives %g", p.spec.Signals[len(p.inputs)+i].Name, value)
		}
		p.outputs[i] = p.fromVariable(len(p.inputs)+i, value)
	}
	p.fresh = true
	return nil
}

// Ledgers implements twinmodel.Plant: an FMU does not say what it conserves.
func (p *Plant) Ledgers() []twinmodel.Ledger { return nil }

// Snapshot implements twinmodel.Plant. The state stays in the FMU's process, so a
// snapshot is of use to this plant only. One of an FMU that cannot save its state
// cannot be restored.
func (p *Plant) Snapshot() twinmodel.Snapshot {
	s := twinmodel.Snapshot{Plant: p.spec.Kind, Time: p.now, State: append([]float64(nil), p.inputs...)}
	if p.description.SavesState {
		if answer, err := p.host.call(Request{Op: Save}); err == nil {
			s.Modes = []int64{int64(answer.Handle)}
		}
	}
	return s
}

// Restore implements twinmodel.Plant.
func (p *Plant) Restore(s twinmodel.Snapshot) error {
	switch {
	case s.Plant != p.spec.Kind || len(s.State) != len(p.inputs):
		return fmt.Errorf("restore %s: the snapshot is of %s", p.spec.Kind, s.Plant)
	case len(s.Modes) != 1:
		return errors.New("restore " + p.spec.Kind + ": the FMU cannot save its state (canGetAndSetFMUstate)")
	}
	if _, err := p.host.call(Request{Op: Restore, Handle: int(s.Modes[0])}); err != nil {
		return fmt.Errorf("restore %s: %w", p.spec.Kind, err)
	}
	copy(p.inputs, s.State)
	p.now, p.fresh = s.Time, false
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
