package reports

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Recorder collects the events of one scenario from all its goroutines. It
// starts none itself and holds everything until Events is called, because only
// a finished scenario can be put in an order that repeats.
type Recorder struct {
	scenario string

	mu     sync.Mutex
	events []Event
}

// NewRecorder makes a recorder for the scenario with that ID.
func NewRecorder(scenario string) *Recorder {
	return &Recorder{scenario: scenario}
}

// Record adds an event. Scenario and Seq are the recorder's to set; Kind may be
// left out, the payload tells it; a zero Time is now. The payload must not be
// changed afterwards.
func (r *Recorder) Record(e Event) {
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if e.Kind == "" {
		e.Kind = e.payloadKind()
	}
	e.Scenario = r.scenario
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// Events is what was recorded so far, in the order of the run record and
// numbered per entity.
//
// Two goroutines that speak for one entity at the same instant reach the
// recorder in an order Go does not define, so within an instant an entity's
// events go by kind first and by arrival second.
func (r *Recorder) Events() []Event {
	r.mu.Lock()
	events := slices.Clone(r.events)
	r.mu.Unlock()
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(
			cmp.Compare(bracket(a.Kind), bracket(b.Kind)),
			a.Time.Compare(b.Time),
			cmp.Compare(a.Entity, b.Entity),
			cmp.Compare(rank[a.Kind], rank[b.Kind]),
		)
	})
	next := make(map[string]uint64)
	for i := range events {
		e := &events[i]
		e.Seq = next[e.Entity]
		next[e.Entity]++
	}
	return events
}

// bracket puts the scenario event before all others and the outcome after.
func bracket(k Kind) int {
	switch k {
	case KindScenario:
		return -1
	case KindOutcome:
		return 1
	}
	return 0
}

// rank orders the kinds within an instant: causes before what they bring about,
// as far as a kind can tell.
var rank = func() map[Kind]int {
	m := make(map[Kind]int)
	for i, k := range []Kind{
		KindRun, KindScenario, KindConnection, KindFault, KindSignals, KindSample, KindTwin, KindCommand,
		KindAlert, KindTelemetry, KindLog, KindRequirement, KindStep, KindOutcome, KindSummary,
	} {
		m[k] = i
	}
	return m
}()
