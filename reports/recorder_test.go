package reports

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The order of a record does not depend on which goroutine was first: 20 runs in
// which each entity's kinds come from goroutines of their own give one text.
func TestRecorderOrderDoesNotDependOnScheduling(t *testing.T) {
	var want string
	for run := range 20 {
		got := writeRecord(t, [][]Event{racing(run)})
		if run == 0 {
			want = got
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("run %d differs:\n%s", run, diff)
		}
	}
}

func racing(run int) []Event {
	r := NewRecorder("a:1")
	r.Record(Event{Time: morning, Entity: "rig", Start: &Scenario{ID: "a:1", Begin: morning}})
	writers := []func(at time.Time, i int){
		func(at time.Time, i int) {
			r.Record(Event{Time: at, Entity: "truck-1", Telemetry: &Telemetry{Number: uint64(i)}})
		},
		func(at time.Time, i int) {
			r.Record(Event{Time: at, Entity: "truck-1", Twin: &Twin{Version: int64(i)}})
		},
		func(at time.Time, i int) { r.Record(Event{Time: at, Entity: "hub", Command: &Command{Status: i}}) },
	}
	order := rand.New(rand.NewPCG(uint64(run), 1)).Perm(len(writers))
	for i := range 50 {
		at := morning.Add(time.Duration(i/3) * time.Second)
		var wg sync.WaitGroup
		for _, w := range order {
			wg.Go(func() { writers[w](at, i) })
		}
		wg.Wait()
	}
	r.Record(Event{Time: morning.Add(time.Minute), Entity: "rig", Outcome: &Outcome{Verdict: Pass}})
	return r.Events()
}

func TestRecorderNumbersAndBrackets(t *testing.T) {
	r := NewRecorder("a:1")
	at := func(s int) time.Time { return morning.Add(time.Duration(s) * time.Second) }
	r.Record(Event{Time: at(9), Entity: "rig", Outcome: &Outcome{}})
	r.Record(Event{Time: at(9), Entity: "truck", Sample: []*float64{}})
	r.Record(Event{Time: at(5), Entity: "truck", Alert: &Alert{}})
	r.Record(Event{Time: at(5), Entity: "hub", Telemetry: &Telemetry{}})
	r.Record(Event{Time: at(5), Entity: "rig", Start: &Scenario{}}) // begins the record although "hub" sorts before "rig"
	r.Record(Event{Time: at(5), Entity: "truck", Signals: []SignalInfo{}})
	var got []string
	for _, e := range r.Events() {
		got = append(got, fmt.Sprintf("%d %s %d %s %s", int(e.Time.Sub(morning).Seconds()), e.Entity, e.Seq, e.Kind, e.Scenario))
	}
	want := []string{
		"5 rig 0 scenario a:1", "5 hub 0 telemetry a:1", "5 truck 0 signals a:1", "5 truck 1 alert a:1",
		"9 truck 2 sample a:1", "9 rig 1 outcome a:1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A zero time is the bubble's now, and the machine's zone leaves no trace.
func TestRecorderTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRecorder("a:1")
		time.Sleep(90 * time.Second)
		r.Record(Event{Entity: "hub", Fault: &Fault{}})
		if got, want := r.Events()[0].Time, time.Date(2000, 1, 1, 0, 1, 30, 0, time.UTC); !got.Equal(want) {
			t.Errorf("recorded at %v, want %v", got, want)
		}
	})
}

func TestWriteEventsIsIndependentOfTheMachine(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	events := func(zone *time.Location) []Event {
		at := morning.In(zone)
		nan, inf := math.NaN(), math.Inf(1)
		return []Event{
			{Time: at, Kind: KindScenario, Scenario: "a", Start: &Scenario{Begin: at}},
			{Time: at, Kind: KindSample, Scenario: "a", Sample: []*float64{ptr(1), nil, &nan, &inf}},
			{Time: at, Kind: KindTelemetry, Scenario: "a", Telemetry: &Telemetry{Enqueued: at, Properties: map[string]string{"b": "<&>", "a": "ü"}}},
			{Time: at, Kind: KindStep, Scenario: "a", Step: &Step{Begin: at}},
			{Time: at, Kind: KindRequirement, Scenario: "a", Requirement: &Requirement{Worst: at, From: at, To: at, Margin: &inf}},
		}
	}
	var here, there strings.Builder
	for zone, out := range map[*time.Location]*strings.Builder{time.UTC: &here, tokyo: &there} {
		if err := WriteEvents(out, events(zone)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(here.String(), there.String()); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{
		`{"t":"2026-06-01T06:00:00Z","e":"","n":0,"scenario":"a","kind":"sample","sample":[1,null,null,null]}`,
		`"properties":{"a":"ü","b":"<&>"},"body":null}`,
		`"requirement":{"step":0,"text":"","verdict":"","worst":"2026-06-01T06:00:00Z","from":`,
	} {
		if !strings.Contains(here.String(), want) {
			t.Errorf("no %s in\n%s", want, &here)
		}
	}
}

// What the caller recorded is not changed by writing it.
func TestWriteEventsLeavesItsArgumentAlone(t *testing.T) {
	begin := morning.In(time.FixedZone("x", 3600))
	events := []Event{{Kind: KindStep, Scenario: "a", Step: &Step{Begin: begin}}}
	if err := WriteEvents(&strings.Builder{}, events); err != nil {
		t.Fatal(err)
	}
	if events[0].Step.Begin.Location() == time.UTC {
		t.Error("the step's zone was changed")
	}
}

func TestJSONOrText(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1}`: `{"a":1}`, `12`: `12`, ``: `""`, `{"a":`: `"{\"a\":"`, "\xff\xfe": `"\ufffd\ufffd"`, `plain`: `"plain"`,
	} {
		if got := string(JSONOrText([]byte(in))); got != want {
			t.Errorf("JSONOrText(%q) = %s, want %s", in, got, want)
		}
	}
}
