package scenarios

import (
	"fmt"
	"strings"
	"time"

	"twinrig/reports"
	"twinrig/scenarios/requirement"
	"twinrig/twinmodel"
)

// requirementSteps judge signals over time.
//
// "the cargo temperature" is the plant's own, "the measured cargo temperature"
// what the device's instrument reads, "the reported cargo temperature" what its
// telemetry says at the hub.
func (w *World) requirementSteps() []Step {
	return []Step{
		{`the {signal} of {device} stayed (below|above) {quantity}`, `the cargo temperature of "truck-7" stayed below -15 °C`, "", w.stayed},
		{`the {signal} of {device} stayed between {quantity} and {quantity}`, `the reported cargo temperature of "truck-7" stayed between -22 °C and -17 °C`, "", w.stayedBetween},
		{`the {signal} of {device} stayed between {quantity} and {quantity} during the last {duration}`, `the flow rate of "well-3" stayed between 130 m³/d and 140 m³/d during the last 12 hours`, "", w.stayedBetweenLast},
		{`the {signal} of {device} stayed (below|above) {quantity} during the last {duration}`, `the cargo temperature of "truck-7" stayed below -15 °C during the last 2 hours`, "", w.stayedLast},
		{`the {signal} of {device} stays (below|above) {quantity} for {duration}`, `the cargo temperature of "truck-7" stays below -15 °C for 2 hours`, "", w.stays},
		{`the {signal} of {device} becomes {state} within {duration}`, `the pump of "well-3" becomes gas locked within 24 hours`, "", w.becomes},
		{`the {signal} of {device} goes (below|above) {quantity} within {duration}`, `the fluid level of "well-3" goes below 100 m within 12 hours`, "", w.goes},
		{`the {signal} of {device} goes (below|above) {quantity} within {duration} and stays there for {duration}`, `the return air temperature of "truck-7" goes below -18 °C within 2 hours and stays there for 30 minutes`, "", w.goesAndStays},
	}
}

func (w *World) stayed(label, id, side, bound string) error {
	return w.always(label, id, w.begin, time.Now(), side, bound)
}

func (w *World) stayedLast(label, id, side, bound, last string) error {
	d, err := duration(last)
	if err != nil {
		return err
	}
	return w.always(label, id, time.Now().Add(-d), time.Now(), side, bound)
}

func (w *World) stays(label, id, side, bound, length string) error {
	d, err := duration(length)
	if err != nil {
		return err
	}
	begin := time.Now()
	if err := w.passes(length); err != nil {
		return err
	}
	return w.always(label, id, begin, begin.Add(d), side, bound)
}

func (w *World) stayedBetween(label, id, lower, upper string) error {
	return w.between(label, id, lower, upper, w.begin)
}

func (w *World) stayedBetweenLast(label, id, lower, upper, last string) error {
	d, err := duration(last)
	if err != nil {
		return err
	}
	return w.between(label, id, lower, upper, time.Now().Add(-d))
}

func (w *World) between(label, id, lower, upper string, from time.Time) error {
	o, err := w.observe(label, id)
	if err != nil {
		return err
	}
	lo, err := convert(lower, o.signal)
	if err != nil {
		return err
	}
	hi, err := convert(upper, o.signal)
	if err != nil {
		return err
	}
	return o.verdict(requirement.Between(lo, hi), from, time.Now(), "did not stay between "+lower+" and "+upper)
}

func (w *World) always(label, id string, from, to time.Time, side, bound string) error {
	o, err := w.observe(label, id)
	if err != nil {
		return err
	}
	band, err := o.band(side, bound)
	if err != nil {
		return err
	}
	return o.verdict(band, from, to, "did not stay "+side+" "+bound)
}

func (w *World) goes(label, id, side, bound, within string) error {
	return w.goesAndStays(label, id, side, bound, within, "0 s")
}

// goesAndStays waits no longer than it must: until the requirement is met, or
// can no longer be.
func (w *World) goesAndStays(label, id, side, bound, within, hold string) error {
	limit, err := duration(within)
	if err != nil {
		return err
	}
	stay, err := duration(hold)
	if err != nil {
		return err
	}
	o, err := w.observe(label, id)
	if err != nil {
		return err
	}
	band, err := o.band(side, bound)
	if err != nil {
		return err
	}
	begin := time.Now()
	w.await(limit+stay, func() bool {
		now := time.Now()
		if now.Sub(begin) < stay {
			return false
		}
		o.read()
		return requirement.Always(o.series, band, now.Add(-stay), now).Margin >= 0
	})
	end := time.Now()
	if o, err = w.observe(label, id); err != nil {
		return err
	}
	r := requirement.Recovers(o.series, band, begin, end.Sub(begin)-stay, stay)
	return o.report(band, begin, end, r, fmt.Sprintf("did not go %s %s within %s", side, bound, within))
}

// becomes waits until a signal that has states is in one of them.
func (w *World) becomes(label, id, state, within string) error {
	limit, err := duration(within)
	if err != nil {
		return err
	}
	o, err := w.observe(label, id)
	if err != nil {
		return err
	}
	want, err := convert(state, o.signal)
	if err != nil {
		return err
	}
	now := func() float64 {
		o.read()
		return o.series.Value[len(o.series.Value)-1]
	}
	if !w.await(limit, func() bool { return now() == want }) {
		return unmet("the %s of %s is still %s after %s", label, id, stateName(o.signal, now()), within)
	}
	return w.health()
}

func stateName(sig twinmodel.Signal, v float64) string {
	if i := int(v); i >= 0 && i < len(sig.States) {
		return sig.States[i]
	}
	return fmt.Sprint(v)
}

// observed is a signal as a step names it.
type observed struct {
	world  *World
	id     string
	label  string
	source string // "truth", "measured" or "reported"
	signal twinmodel.Signal
	series requirement.Series
}

// observe finds a signal of a device and what is known of it up to now.
func (w *World) observe(label, id string) (*observed, error) {
	d, err := w.device(id)
	if err != nil {
		return nil, err
	}
	name, source := label, "truth"
	if first, rest, ok := strings.Cut(label, " "); ok && (first == "reported" || first == "measured") {
		name, source = rest, first
	}
	sig, err := signal(d.spec, name)
	if err != nil {
		return nil, err
	}
	if source == "truth" {
		// The record samples slowly; a judgement wants the signal up to now.
		if err := d.Plant(func(twinmodel.Plant) error { return nil }); err != nil {
			return nil, &rigError{err}
		}
	}
	o := &observed{world: w, id: id, label: label, source: source, signal: sig}
	o.read()
	if len(o.series.Time) == 0 {
		return nil, usage(fmt.Errorf("nothing is known of the %s of %s", label, id), "let some time pass first, or ask for the plant's own %s", sig.Label)
	}
	return o, nil
}

// read takes what the chronicle knows of the signal by now.
func (o *observed) read() {
	o.world.chronicle.look(o.id, func(h *history) {
		from := map[string]map[string]*requirement.Series{"truth": h.truth, "measured": h.measured, "reported": h.reported}[o.source]
		if s := from[o.signal.Name]; s != nil {
			o.series = s.Clone()
		}
	})
}

func (o *observed) band(side, bound string) (requirement.Band, error) {
	v, err := convert(bound, o.signal)
	if side == "above" {
		return requirement.Above(v), err
	}
	return requirement.Below(v), err
}

// verdict judges that the signal lay in the band all the time.
func (o *observed) verdict(b requirement.Band, from, to time.Time, complaint string) error {
	return o.report(b, from, to, requirement.Always(o.series, b, from, to), complaint)
}

// report records the verdict and turns a broken requirement into an error that
// says by how much.
func (o *observed) report(b requirement.Band, from, to time.Time, r requirement.Result, complaint string) error {
	o.world.judge(reports.Requirement{
		Entity: o.id, Signal: o.signal.Name, Unit: o.signal.Unit, Margin: &r.Margin, Worst: r.Worst, Value: &r.Value,
		Lower: b.Lower, Upper: b.Upper, From: from, To: to,
	})
	if r.Margin >= 0 {
		return nil
	}
	return unmet("the %s of %s %s: it was %.4g %s at %s, %.3g %s too %s", o.label, o.id, complaint,
		r.Value, o.signal.Unit, r.Worst.UTC().Format("15:04:05"), -r.Margin, o.signal.Unit, direction(b, r.Value))
}

func direction(b requirement.Band, v float64) string {
	if b.Upper != nil && v > *b.Upper {
		return "high"
	}
	return "low"
}

// judge records a requirement of the running step.
func (w *World) judge(r reports.Requirement) {
	r.Step, r.Text, r.Verdict = w.step, w.text, reports.Pass
	if r.Margin != nil && *r.Margin < 0 {
		r.Verdict = reports.Fail
	}
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "rig", Kind: reports.KindRequirement, Requirement: &r})
}
