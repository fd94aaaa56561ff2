package reports

import (
	"encoding/json"
	"time"
)

// Kind names what an Event tells.
type Kind string

// The kinds of event, each with the payload field of the same name.
const (
	KindRun         Kind = "run"
	KindScenario    Kind = "scenario"
	KindSignals     Kind = "signals"
	KindSample      Kind = "sample"
	KindTelemetry   Kind = "telemetry"
	KindTwin        Kind = "twin"
	KindCommand     Kind = "command"
	KindAlert       Kind = "alert"
	KindFault       Kind = "fault"
	KindConnection  Kind = "connection"
	KindLog         Kind = "log"
	KindStep        Kind = "step"
	KindRequirement Kind = "requirement"
	KindOutcome     Kind = "outcome"
	KindSummary     Kind = "summary"
)

// Event is one line of the run record. Exactly one payload is set, the one of
// Kind. A scenario's events are ordered by (Time, Entity, Seq), save that the
// scenario event opens it and the outcome closes it whoever else spoke at the
// same instant.
type Event struct {
	Time     time.Time `json:"t"`                  // scenario time: virtual, or the wall's with --time real
	Entity   string    `json:"e"`                  // who it is about: "rig", "hub", "service", or a device id
	Seq      uint64    `json:"n"`                  // counts up per entity and scenario
	Scenario string    `json:"scenario,omitempty"` // Scenario.ID; empty for run and summary
	Kind     Kind      `json:"kind"`

	Run         *Run         `json:"run,omitempty"`
	Start       *Scenario    `json:"start,omitempty"` // of KindScenario
	Signals     []SignalInfo `json:"signals,omitempty"`
	Sample      []*float64   `json:"sample,omitempty"` // values in the order of the entity's newest KindSignals; null = not known
	Telemetry   *Telemetry   `json:"telemetry,omitempty"`
	Twin        *Twin        `json:"twin,omitempty"`
	Command     *Command     `json:"command,omitempty"`
	Alert       *Alert       `json:"alert,omitempty"`
	Fault       *Fault       `json:"fault,omitempty"`
	Connection  *Connection  `json:"connection,omitempty"`
	Log         *Log         `json:"log,omitempty"`
	Step        *Step        `json:"step,omitempty"`
	Requirement *Requirement `json:"requirement,omitempty"`
	Outcome     *Outcome     `json:"outcome,omitempty"`
	Summary     *Summary     `json:"summary,omitempty"`
}

// Run opens a record. It holds nothing that differs between two runs of the
// same binary with the same seed; that goes to run.meta.json.
type Run struct {
	Tool     string   `json:"tool"` // "twinrig"
	Version  string   `json:"version"`
	Seed     uint64   `json:"seed"`
	Clock    string   `json:"clock"` // "virtual" or "real"
	Features []string `json:"features"`
	Repeat   string   `json:"repeat"` // command line that repeats the run
}

// Scenario opens a scenario, or one row of an outline.
type Scenario struct {
	ID          string    `json:"id"`      // feature path and line: "features/cold-chain.feature:12"
	Feature     string    `json:"feature"` // the feature's name, as its file gives it
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Tags        []string  `json:"tags,omitempty"`
	Begin       time.Time `json:"begin"`              // scenario time at its first step
	Negative    bool      `json:"negative,omitempty"` // a negative control: passes only if a requirement fails
	Repeat      string    `json:"repeat"`             // command line that repeats this scenario alone
}

// SignalInfo declares one column of an entity's samples.
type SignalInfo struct {
	Name     string   `json:"name"` // a number of that name in the device's telemetry is drawn as this signal
	Label    string   `json:"label"`
	Quantity string   `json:"quantity,omitempty"` // "temperature"; signals of one quantity and unit share a plot
	Unit     string   `json:"unit"`
	Source   string   `json:"source"`           // "plant" (truth) or "sensor" (what the device reads)
	States   []string `json:"states,omitempty"` // for signals that are states: name of value 0, 1, …
}

// Telemetry is one device-to-cloud message as a service reads it from the hub.
type Telemetry struct {
	Device     string            `json:"device"`
	Partition  int               `json:"partition"`
	Number     uint64            `json:"number"`   // sequence number in the partition
	Enqueued   time.Time         `json:"enqueued"` // when the hub stored it
	Properties map[string]string `json:"properties,omitempty"`
	Body       json.RawMessage   `json:"body"` // the JSON body, or a JSON string of the text
}

// Twin is a change of one section of a device twin.
type Twin struct {
	Device  string          `json:"device"`
	Section string          `json:"section"` // "desired", "reported" or "tags"
	Version int64           `json:"version"`
	Patch   json.RawMessage `json:"patch"`
}

// Command is a direct method call or a cloud-to-device message, seen from the
// side that sent it.
type Command struct {
	Device   string          `json:"device"`
	Type     string          `json:"type"` // "method" or "c2d"
	Name     string          `json:"name,omitempty"`
	Payload  json.RawMessage `json:"payload,omitempty"`
	Status   int             `json:"status,omitempty"` // the device's answer to a method
	Response json.RawMessage `json:"response,omitempty"`
	Error    string          `json:"error,omitempty"`
	By       string          `json:"by,omitempty"` // the rule that sent it; empty when a step did
}

// Alert is a device raising or clearing an alarm condition.
type Alert struct {
	Device string `json:"device"`
	Name   string `json:"name"` // e.g. "doorOpen"
	Active bool   `json:"active"`
	Text   string `json:"text,omitempty"`
}

// Fault is a disturbance put in or taken out.
type Fault struct {
	Target string `json:"target"`
	Name   string `json:"name"`
	Active bool   `json:"active"`
	Text   string `json:"text,omitempty"`
}

// Connection is a device going on or off line.
type Connection struct {
	Device string `json:"device"`
	Online bool   `json:"online"`
	Reason string `json:"reason,omitempty"`
}

// Log is a line worth reading that no other kind tells.
type Log struct {
	Text string `json:"text"`
}

// Step is the result of one Gherkin step; Event.Time is its end.
type Step struct {
	Index    int       `json:"index"` // 0 for the scenario's first
	Keyword  string    `json:"keyword"`
	Text     string    `json:"text"`
	Line     int       `json:"line"`
	Begin    time.Time `json:"begin"`
	Verdict  Verdict   `json:"verdict"`
	Error    string    `json:"error,omitempty"`
	Hint     string    `json:"hint,omitempty"`
	Argument string    `json:"argument,omitempty"` // doc string or table as it stands in the feature
}

// Requirement is the verdict on a requirement that a step states, with the
// margin it was kept or broken by.
type Requirement struct {
	Step    int       `json:"step"` // Step.Index
	Text    string    `json:"text"`
	Verdict Verdict   `json:"verdict"`
	Entity  string    `json:"entity,omitempty"` // whose signal
	Signal  string    `json:"signal,omitempty"` // SignalInfo.Name
	Unit    string    `json:"unit,omitempty"`
	Margin  *float64  `json:"margin,omitempty"` // ≥ 0 kept, < 0 broken, in Unit
	Worst   time.Time `json:"worst,omitzero"`   // when the margin was smallest
	Value   *float64  `json:"value,omitempty"`  // the signal at Worst
	Lower   *float64  `json:"lower,omitempty"`  // bounds, for a band in plots
	Upper   *float64  `json:"upper,omitempty"`
	From    time.Time `json:"from,omitzero"` // interval judged
	To      time.Time `json:"to,omitzero"`
}

// Outcome closes a scenario.
type Outcome struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
}

// Summary closes a record.
type Summary struct {
	Verdict   Verdict         `json:"verdict"`
	Scenarios int             `json:"scenarios"`
	Counts    map[Verdict]int `json:"counts"`
}
