package reports

import (
	"math"
	"reflect"
	"time"
)

// Record is a run record in memory: what every report is rendered from.
type Record struct {
	Run       Run
	Scenarios []*ScenarioRecord // in the record's order
	Summary   *Summary          // nil when the run was cut short
}

// ScenarioRecord is everything recorded about one scenario.
type ScenarioRecord struct {
	Scenario
	Events  []Event // all but the samples, in the record's order
	Series  []*Series
	Outcome Outcome
	End     time.Time // of its last event
}

// Series is the course of one signal of one entity.
type Series struct {
	Entity string
	SignalInfo
	At     []time.Duration // since the scenario's Begin
	Values []float64       // NaN = not known
}

// Verdict is the run's verdict. A run cut short is at best inconclusive.
func (r *Record) Verdict() Verdict {
	if r.Summary != nil {
		return r.Summary.Verdict
	}
	v := Inconclusive
	for _, s := range r.Scenarios {
		v = Worst(v, s.Outcome.Verdict)
	}
	return v
}

// Counts is how many scenarios got each verdict.
func (r *Record) Counts() map[Verdict]int {
	counts := make(map[Verdict]int)
	for _, s := range r.Scenarios {
		counts[s.Outcome.Verdict]++
	}
	return counts
}

// Of is the scenario's events of one kind, in order.
func (s *ScenarioRecord) Of(k Kind) []Event {
	var events []Event
	for _, e := range s.Events {
		if e.Kind == k {
			events = append(events, e)
		}
	}
	return events
}

// Duration is how long the scenario took on its own clock.
func (s *ScenarioRecord) Duration() time.Duration { return s.End.Sub(s.Begin) }

// FailedStep is the first step that failed or could not be judged, or nil.
func (s *ScenarioRecord) FailedStep() *Step {
	for _, e := range s.Of(KindStep) {
		if e.Step.Verdict == Fail || e.Step.Verdict == Inconclusive {
			return e.Step
		}
	}
	return nil
}

// series is the series of an entity's signal, made if it has none yet.
func (s *ScenarioRecord) series(entity string, info SignalInfo) *Series {
	for _, have := range s.Series {
		if have.Entity == entity && reflect.DeepEqual(have.SignalInfo, info) {
			return have
		}
	}
	added := &Series{Entity: entity, SignalInfo: info}
	s.Series = append(s.Series, added)
	return added
}

func (s *Series) add(at time.Duration, v *float64) {
	value := math.NaN()
	if v != nil {
		value = *v
	}
	s.At = append(s.At, at)
	s.Values = append(s.Values, value)
}
