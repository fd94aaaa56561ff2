package devicesim

import (
	"math"
	"time"

	"twinrig/reports"
)

// declare records which columns the samples have: the truth of every signal of
// the plant, then what the device's instruments read.
func (d *Device) declare() {
	var columns []reports.SignalInfo
	spec := d.process.plant.Spec()
	for _, s := range d.process.sampled() {
		columns = append(columns, reports.SignalInfo{Name: s.Name, Label: s.Label, Quantity: string(s.Quantity), Unit: s.Unit, Source: "plant", States: s.States})
	}
	for _, s := range d.process.sensors {
		if sig, ok := spec.Signal(s.Signal); ok {
			columns = append(columns, reports.SignalInfo{Name: sig.Name, Label: sig.Label, Quantity: string(sig.Quantity), Unit: sig.Unit, Source: "sensor", States: sig.States})
		}
	}
	d.record(reports.Event{Kind: reports.KindSignals, Signals: columns})
}

// sample records the present signals.
func (d *Device) sample() error {
	truth, err := d.process.truth(time.Now())
	if err != nil {
		return err
	}
	values := make([]*float64, 0, len(truth)+len(d.process.sensors))
	for _, v := range truth {
		values = append(values, rounded(v))
	}
	for _, s := range d.process.sensors {
		if v, ok := d.readings[s.Signal]; ok {
			values = append(values, rounded(v))
		} else {
			values = append(values, nil)
		}
	}
	d.record(reports.Event{Kind: reports.KindSample, Sample: values})
	return nil
}

// rounded keeps six significant digits: more than any instrument has, and half
// the size in the record.
func rounded(v float64) *float64 {
	if v != 0 && !math.IsInf(v, 0) && !math.IsNaN(v) {
		scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
		v = math.Round(v*scale) / scale
	}
	return &v
}

// connection records a change of the connection, or of the reason it is down.
func (d *Device) connection(online bool, reason string) {
	if online == d.isOnline && (online || reason == d.reason) {
		return
	}
	d.isOnline, d.reason = online, reason
	d.overflowed = d.overflowed && !online
	d.record(reports.Event{
		Kind:       reports.KindConnection,
		Connection: &reports.Connection{Device: d.cfg.ID, Online: online, Reason: reason},
	})
}

// heard records what the device itself knows of a direct method or a
// cloud-to-device message: that it arrived.
func (d *Device) heard(c Cycle, a *Answer) {
	switch {
	case c.Call != nil && a != nil:
		d.record(reports.Event{Kind: reports.KindCommand, Command: &reports.Command{
			Device: d.cfg.ID, Type: "method", Name: c.Call.Name, Payload: c.Call.Payload, Status: a.Status, Response: marshal(a.Payload),
		}})
	case c.Command != nil:
		d.record(reports.Event{Kind: reports.KindCommand, Command: &reports.Command{
			Device: d.cfg.ID, Type: "c2d", Payload: reports.JSONOrText(c.Command.Body),
		}})
	}
}

// refused records that the hub refused something for good; the device drops it.
func (d *Device) refused(err error) { d.log("refused by the hub: " + err.Error()) }

func (d *Device) log(text string) {
	d.record(reports.Event{Kind: reports.KindLog, Log: &reports.Log{Text: text}})
}

func (d *Device) record(ev reports.Event) {
	ev.Time, ev.Entity = time.Now(), d.cfg.ID
	d.cfg.Record(ev)
}
