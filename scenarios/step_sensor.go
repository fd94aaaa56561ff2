package scenarios

import (
	"fmt"
	"strconv"
	"time"

	"twinrig/reports"
	"twinrig/twinmodel"
)

// sensorSteps break the instruments of a device. What they measure stays as it
// is; only what the device reads is wrong.
func (w *World) sensorSteps() []Step {
	return []Step{
		{`the {signal} sensor of {device} is stuck`, `the cargo temperature sensor of "truck-7" is stuck`, "", w.sensorStuck},
		{`the {signal} sensor of {device} is off by {quantity}`, `the cargo temperature sensor of "truck-7" is off by -3 K`, "", w.sensorOff},
		{`the {signal} sensor of {device} drifts by {quantity} an hour`, `the cargo temperature sensor of "truck-7" drifts by 0.5 K an hour`, "", w.sensorDrifts},
		{`the {signal} sensor of {device} spikes by {quantity}`, `the cargo temperature sensor of "truck-7" spikes by 20 K`, "", w.sensorSpikes},
		{`the {signal} sensor of {device} is {count} times as noisy`, `the cargo temperature sensor of "truck-7" is 10 times as noisy`, "", w.sensorNoisy},
		{`the {signal} sensor of {device} loses {count} % of its samples`, `the cargo temperature sensor of "truck-7" loses 30 % of its samples`, "", w.sensorLosing},
		{`the {signal} sensor of {device} is read every {duration} only`, `the cargo temperature sensor of "truck-7" is read every 10 minutes only`, "", w.sensorStale},
		{`the {signal} sensor of {device} reads Fahrenheit`, `the cargo temperature sensor of "truck-7" reads Fahrenheit`, "", w.sensorFahrenheit},
		{`the {signal} sensor of {device} has an open circuit`, `the temperature sensor of "office-4" has an open circuit`, "", w.sensorOpen},
		{`the {signal} sensor of {device} has a short circuit`, `the temperature sensor of "office-4" has a short circuit`, "", w.sensorShort},
		{`the {signal} sensor of {device} is repaired`, `the cargo temperature sensor of "truck-7" is repaired`, "", w.sensorRepaired},
	}
}

func (w *World) sensorStuck(label, id string) error {
	return w.breakSensor(label, id, twinmodel.Stuck, 0, "stuck")
}

func (w *World) sensorOff(label, id, by string) error {
	return w.shiftSensor(label, id, by, twinmodel.Biased, "off by "+by)
}

func (w *World) sensorDrifts(label, id, by string) error {
	return w.shiftSensor(label, id, by, twinmodel.Drifting, "drifts by "+by+" an hour")
}

func (w *World) sensorSpikes(label, id, by string) error {
	return w.shiftSensor(label, id, by, twinmodel.Spiking, "spikes by "+by)
}

func (w *World) sensorNoisy(label, id, times string) error {
	return w.breakSensorBy(label, id, times, 1, twinmodel.Noisy, times+" times as noisy")
}

func (w *World) sensorLosing(label, id, percent string) error {
	return w.breakSensorBy(label, id, percent, 0.01, twinmodel.Losing, "loses "+percent+" % of its samples")
}

func (w *World) sensorStale(label, id, every string) error {
	d, err := duration(every)
	if err != nil {
		return err
	}
	return w.breakSensor(label, id, twinmodel.Stale, d.Seconds(), "read every "+every)
}

func (w *World) sensorFahrenheit(label, id string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	if sig, err := signal(d.spec, label); err != nil {
		return err
	} else if sig.Unit != "°C" {
		return usage(fmt.Errorf("%s is measured in %s", sig.Label, sig.Unit), "only what is measured in °C can be read in Fahrenheit by mistake")
	}
	return w.breakSensor(label, id, twinmodel.Fahrenheit, 0, "reads Fahrenheit")
}

func (w *World) sensorOpen(label, id string) error {
	return w.breakSensor(label, id, twinmodel.OpenCircuit, 0, "open circuit")
}

func (w *World) sensorShort(label, id string) error {
	return w.breakSensor(label, id, twinmodel.ShortCircuit, 0, "short circuit")
}

func (w *World) sensorRepaired(label, id string) error {
	return w.breakSensor(label, id, twinmodel.Healthy, 0, "repaired")
}

// shiftSensor injects a fault whose amount is a difference of the signal.
func (w *World) shiftSensor(label, id, by string, f twinmodel.InstrumentFault, what string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	sig, err := signal(d.spec, label)
	if err != nil {
		return err
	}
	if sig.States != nil {
		return usage(fmt.Errorf("%s is one of %q", sig.Label, sig.States), "only a number can be off")
	}
	m, err := twinmodel.ParseMeasure(by)
	if err != nil {
		return usage(err, "%s is a %s in %s", sig.Label, sig.Quantity, sig.Unit)
	}
	to, err := m.In(sig)
	if err != nil {
		return usage(err, "write the difference")
	}
	from, err := twinmodel.Measure{Unit: m.Unit}.In(sig)
	if err != nil {
		return usage(err, "write the difference")
	}
	return w.breakSensor(label, id, f, to-from, what)
}

func (w *World) breakSensorBy(label, id, number string, unit float64, f twinmodel.InstrumentFault, what string) error {
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return usage(err, "write a number")
	}
	return w.breakSensor(label, id, f, n*unit, what)
}

func (w *World) breakSensor(label, id string, f twinmodel.InstrumentFault, amount float64, what string) error {
	d, err := w.device(id)
	if err != nil {
		return err
	}
	sig, err := signal(d.spec, label)
	if err != nil {
		return err
	}
	if err := d.Sensor(sig.Name, func(i *twinmodel.Instrument) error { return i.Inject(f, amount) }); err != nil {
		return usage(err, "break another sensor, or in another way")
	}
	name := sig.Label + " sensor"
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "rig", Kind: reports.KindFault, Fault: &reports.Fault{
		Target: id, Name: name, Active: f != twinmodel.Healthy, Text: name + ": " + what,
	}})
	return nil
}
