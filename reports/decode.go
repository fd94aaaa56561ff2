package reports

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxLine bounds one event: far above a 64 KiB message in JSON, far below
// what would exhaust memory.
const maxLine = 16 << 20

// ReadRecord reads a run record, event by event. It accepts a record that was
// cut off between two events: scenarios without an outcome become inconclusive.
// Errors name the line.
func ReadRecord(r io.Reader) (*Record, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	b := builder{scenarios: make(map[string]*scenarioBuilder)}
	n := 0
	for lines.Scan() {
		n++
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := b.line(lines.Bytes()); err != nil {
			return nil, fmt.Errorf("read record: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("read record: line %d: longer than %d MiB", n+1, maxLine>>20)
	} else if err != nil {
		return nil, fmt.Errorf("read record: after line %d: %w", n, err)
	}
	if !b.began {
		return nil, errors.New("read record: empty: the run that should have written it did not start")
	}
	return &b.record, nil
}

// builder assembles a Record from its events.
type builder struct {
	record    Record
	began     bool
	scenarios map[string]*scenarioBuilder
}

func (b *builder) line(line []byte) error {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		if !b.began {
			return fmt.Errorf("%w (is this a run record? twinrig writes it as run.jsonl)", err)
		}
		return err
	}
	if err := e.check(); err != nil {
		return err
	}
	return b.add(e)
}

func (b *builder) add(e Event) error {
	switch {
	case !b.began && e.Kind != KindRun:
		return fmt.Errorf("record begins with kind %q instead of %q", e.Kind, KindRun)
	case b.record.Summary != nil:
		return fmt.Errorf("event of kind %q after the summary", e.Kind)
	case e.Kind == KindRun:
		if b.began {
			return errors.New("second run event: records cannot be concatenated")
		}
		b.began = true
		b.record.Run = *e.Run
		return nil
	case e.Kind == KindSummary:
		b.record.Summary = e.Summary
		return nil
	case e.Kind == KindScenario:
		return b.start(e)
	}
	s, ok := b.scenarios[e.Scenario]
	if !ok {
		return fmt.Errorf("event of scenario %q before its start", e.Scenario)
	}
	return s.add(e)
}

func (b *builder) start(e Event) error {
	if e.Start.ID != e.Scenario {
		return fmt.Errorf("scenario event of %q starts %q", e.Scenario, e.Start.ID)
	}
	if _, ok := b.scenarios[e.Scenario]; ok {
		return fmt.Errorf("scenario %q starts twice", e.Scenario)
	}
	s := newScenarioBuilder(e)
	b.scenarios[e.Scenario] = s
	b.record.Scenarios = append(b.record.Scenarios, s.record)
	return nil
}

// scenarioBuilder assembles one scenario; columns remembers which series the
// values of an entity's samples go to.
type scenarioBuilder struct {
	record  *ScenarioRecord
	columns map[string][]*Series
}

func newScenarioBuilder(start Event) *scenarioBuilder {
	return &scenarioBuilder{
		columns: make(map[string][]*Series),
		record: &ScenarioRecord{
			Scenario: *start.Start,
			Events:   []Event{start},
			End:      start.Start.Begin,
			Outcome:  Outcome{Verdict: Inconclusive, Reason: "the record ends before the scenario does"},
		},
	}
}

func (b *scenarioBuilder) add(e Event) error {
	s := b.record
	if e.Time.After(s.End) {
		s.End = e.Time
	}
	switch e.Kind {
	case KindSample:
		return b.sample(e)
	case KindSignals:
		if err := b.declare(e); err != nil {
			return err
		}
	case KindOutcome:
		s.Outcome = *e.Outcome
	}
	s.Events = append(s.Events, e)
	return nil
}

// declare maps the entity's columns to series, continuing those it had.
func (b *scenarioBuilder) declare(e Event) error {
	columns := make([]*Series, len(e.Signals))
	for i, info := range e.Signals {
		s := b.record.series(e.Entity, info)
		if slices.Contains(columns, s) {
			return fmt.Errorf("%q declares signal %q twice", e.Entity, info.Name)
		}
		columns[i] = s
	}
	b.columns[e.Entity] = columns
	return nil
}

func (b *scenarioBuilder) sample(e Event) error {
	columns, ok := b.columns[e.Entity]
	if !ok {
		return fmt.Errorf("sample of %q before its signals are declared", e.Entity)
	}
	if len(e.Sample) != len(columns) {
		return fmt.Errorf("sample of %q has %d values for %d signals", e.Entity, len(e.Sample), len(columns))
	}
	for i, v := range e.Sample {
		columns[i].add(e.Time.Sub(b.record.Begin), v)
	}
	return nil
}
