package reports

import "fmt"

// payloads lists the kinds whose payload is set.
func (e *Event) payloads() []Kind {
	var kinds []Kind
	add := func(set bool, k Kind) {
		if set {
			kinds = append(kinds, k)
		}
	}
	add(e.Run != nil, KindRun)
	add(e.Start != nil, KindScenario)
	add(e.Signals != nil, KindSignals)
	add(e.Sample != nil, KindSample)
	add(e.Telemetry != nil, KindTelemetry)
	add(e.Twin != nil, KindTwin)
	add(e.Command != nil, KindCommand)
	add(e.Alert != nil, KindAlert)
	add(e.Fault != nil, KindFault)
	add(e.Connection != nil, KindConnection)
	add(e.Log != nil, KindLog)
	add(e.Step != nil, KindStep)
	add(e.Requirement != nil, KindRequirement)
	add(e.Outcome != nil, KindOutcome)
	add(e.Summary != nil, KindSummary)
	return kinds
}

// payloadKind is the kind an event's payload makes it.
func (e *Event) payloadKind() Kind {
	if kinds := e.payloads(); len(kinds) > 0 {
		return kinds[0]
	}
	return ""
}

// check says whether the event holds the payload of its kind and no other, and
// belongs to a scenario if its kind does.
func (e *Event) check() error {
	if _, known := rank[e.Kind]; !known {
		return fmt.Errorf("unknown kind %q (a newer twinrig may have written it)", e.Kind)
	}
	kinds := e.payloads()
	if len(kinds) != 1 || kinds[0] != e.Kind {
		// An entity without signals has nothing to show for these two.
		if len(kinds) > 0 || e.Kind != KindSignals && e.Kind != KindSample {
			return fmt.Errorf("event of kind %q holds payloads %q", e.Kind, kinds)
		}
	}
	ofRun := e.Kind == KindRun || e.Kind == KindSummary
	if ofRun != (e.Scenario == "") {
		return fmt.Errorf("event of kind %q with scenario %q", e.Kind, e.Scenario)
	}
	return nil
}
