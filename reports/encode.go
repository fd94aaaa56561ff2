package reports

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf8"
)

// WriteEvents writes events as JSON lines. The same events give the same bytes
// on every machine: times are in UTC, and a number that JSON cannot hold (NaN,
// an infinite margin) is null.
func WriteEvents(w io.Writer, events []Event) error {
	buf := bufio.NewWriter(w)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	for i := range events {
		if err := enc.Encode(events[i].canonical()); err != nil {
			return fmt.Errorf("write record: %s event of %q: %w", events[i].Kind, events[i].Entity, err)
		}
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write record: %w", err)
	}
	return nil
}

// JSONOrText is a message body as the record holds it: the body itself when it
// is JSON, and otherwise a JSON string of its text.
func JSONOrText(body []byte) json.RawMessage {
	if len(body) > 0 && utf8.Valid(body) && json.Valid(body) {
		return json.RawMessage(body)
	}
	text, err := json.Marshal(string(body))
	if err != nil { // a string always marshals
		return json.RawMessage(`""`)
	}
	return text
}

// canonical is a copy of the event in which nothing depends on the machine.
func (e Event) canonical() Event {
	e.Time = e.Time.UTC()
	e.Start = changed(e.Start, func(s *Scenario) { s.Begin = s.Begin.UTC() })
	e.Step = changed(e.Step, func(s *Step) { s.Begin = s.Begin.UTC() })
	e.Telemetry = changed(e.Telemetry, func(t *Telemetry) {
		t.Enqueued = t.Enqueued.UTC()
		t.Body = orNull(t.Body)
	})
	e.Twin = changed(e.Twin, func(t *Twin) { t.Patch = orNull(t.Patch) })
	e.Requirement = changed(e.Requirement, func(r *Requirement) {
		for _, t := range []*time.Time{&r.Worst, &r.From, &r.To} {
			*t = t.UTC()
		}
		for _, v := range []**float64{&r.Margin, &r.Value, &r.Lower, &r.Upper} {
			*v = finite(*v)
		}
	})
	if e.Sample != nil {
		sample := make([]*float64, len(e.Sample))
		for i, v := range e.Sample {
			sample[i] = finite(v)
		}
		e.Sample = sample
	}
	return e
}

// changed applies f to a copy of what p points to.
func changed[T any](p *T, f func(*T)) *T {
	if p == nil {
		return nil
	}
	c := *p
	f(&c)
	return &c
}

func finite(v *float64) *float64 {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return nil
	}
	return v
}

func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}
