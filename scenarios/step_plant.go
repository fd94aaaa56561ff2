package scenarios

import (
	"fmt"
	"time"

	"twinrig/reports"
	"twinrig/twinmodel"
)

// plantSteps act on the physical world around a device.
func (w *World) plantSteps() []Step {
	return []Step{
		{`the {signal} of {device} is set to {quantity}`, `the mean ambient temperature of "truck-7" is set to 35 °C`, "", w.setInput},
		{`the {signal} of {device} is set to {state}`, `the journey of "truck-7" is set to under way`, "", w.setInput},
		{`the cargo door of {device} is opened`, `the cargo door of "truck-7" is opened`, "", w.opensDoor},
		{`the cargo door of {device} is closed`, `the cargo door of "truck-7" is closed`, "", w.closesDoor},
	}
}

func (w *World) setInput(label, id, quantity string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	sig, err := input(d.spec, label)
	if err != nil {
		return err
	}
	v, err := convert(quantity, sig)
	if err != nil {
		return err
	}
	if err := d.Plant(func(p twinmodel.Plant) error { return set(p, sig, v) }); err != nil {
		return err
	}
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "rig", Kind: reports.KindFault, Fault: &reports.Fault{
		Target: id, Name: sig.Label, Active: v != sig.Initial, Text: fmt.Sprintf("%s set to %s", sig.Label, quantity),
	}})
	return nil
}

// set sets an input to a value the step asked for.
func set(p twinmodel.Plant, sig twinmodel.Signal, v float64) error {
	if err := p.Set(sig.Name, v); err != nil {
		return usage(err, "choose a value in the range of %s: %g to %g %s", sig.Label, sig.Min, sig.Max, sig.Unit)
	}
	return nil
}

func (w *World) opensDoor(id string) error { return w.moveDoor(id, 1) }

func (w *World) closesDoor(id string) error { return w.moveDoor(id, 0) }

func (w *World) moveDoor(id string, position float64) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	if _, ok := d.spec.Signal("doorOpen"); !ok {
		return usage(fmt.Errorf("a %s has no cargo door", d.spec.Title), "use a refrigeration truck")
	}
	w.fault(id, "door open", position != 0)
	return d.Plant(func(p twinmodel.Plant) error { return p.Set("doorOpen", position) })
}
