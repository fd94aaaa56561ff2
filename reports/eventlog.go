package reports

import "fmt"

// Bounds on the event log of one scenario.
const (
	logTelemetry = 20  // messages shown at either end; between them is more of the same
	logHead      = 250 // of all other rows
	logTail      = 50
)

// eventLog is a scenario's events as the page lists them.
type eventLog struct {
	Rows         []logRow
	Shown, Total int
}

// logRow is an event, or a note about those left out.
type logRow struct {
	At, Entity, Kind, Text string // Entity is the device where the event has one
	Gap                    string
}

func newEventLog(s *ScenarioRecord) eventLog {
	var events []Event
	for _, e := range s.Events {
		if e.Kind != KindScenario && e.Kind != KindSignals && e.Kind != KindOutcome {
			events = append(events, e)
		}
	}
	keep := keepTelemetry(events)
	keepEnds(keep)
	log := eventLog{Total: len(events)}
	skipped := 0
	for i, e := range events {
		if !keep[i] {
			skipped++
			continue
		}
		log.gap(skipped)
		skipped = 0
		log.Shown++
		log.Rows = append(log.Rows, logRow{
			At: elapsed(e.Time.Sub(s.Begin), s.Duration()), Entity: e.about(), Kind: string(e.Kind), Text: describe(e),
		})
	}
	log.gap(skipped)
	return log
}

func (l *eventLog) gap(n int) {
	if n > 0 {
		l.Rows = append(l.Rows, logRow{Gap: fmt.Sprintf("%s not shown here", plural(n, "event"))})
	}
}

// keepTelemetry keeps every event but telemetry, and of that the first and the
// last.
func keepTelemetry(events []Event) []bool {
	total := 0
	for _, e := range events {
		if e.Kind == KindTelemetry {
			total++
		}
	}
	keep := make([]bool, len(events))
	n := 0
	for i, e := range events {
		keep[i] = true
		if e.Kind == KindTelemetry {
			keep[i] = n < logTelemetry || n >= total-logTelemetry
			n++
		}
	}
	return keep
}

// keepEnds keeps the first and the last of the rows kept so far.
func keepEnds(keep []bool) {
	total := 0
	for _, k := range keep {
		if k {
			total++
		}
	}
	n := 0
	for i, k := range keep {
		if k {
			keep[i] = n < logHead || n >= total-logTail
			n++
		}
	}
}
