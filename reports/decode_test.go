package reports

import (
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadRecord(t *testing.T) {
	rec := readRecord(t, allScenarios())
	if rec.Run.Seed != 42 || rec.Verdict() != Fail || len(rec.Scenarios) != 8 {
		t.Fatalf("seed %d, verdict %s, %d scenarios", rec.Run.Seed, rec.Verdict(), len(rec.Scenarios))
	}
	if diff := cmp.Diff(rec.Summary.Counts, rec.Counts()); diff != "" {
		t.Errorf("counts differ from the summary's:\n%s", diff)
	}
	s := rec.Scenarios[1]
	if s.Duration() != dayLength+1200*time.Millisecond || len(s.Series) != len(truckSignals) || len(s.Of(KindStep)) != 8 {
		t.Errorf("%v, %d series, %d steps", s.Duration(), len(s.Series), len(s.Of(KindStep)))
	}
	if step := s.FailedStep(); step == nil || step.Index != 7 || step.Hint == "" {
		t.Errorf("failed step %+v", step)
	}
	for i, series := range s.Series {
		if series.Name != truckSignals[i].Name || len(series.At) != 1441 || series.At[60] != time.Hour {
			t.Errorf("series %s: %d values, number 60 at %v", series.Name, len(series.At), series.At[60])
		}
	}
}

// Reading gives back what was written: every event but the samples, and the
// samples as series.
func TestReadRecordRoundTrip(t *testing.T) {
	scenario := allScenarios()[1]
	s := readRecord(t, [][]Event{scenario}).Scenarios[0]
	var want []Event
	for _, e := range scenario {
		if e.Kind != KindSample {
			want = append(want, e.canonical())
		} else {
			for i, v := range e.Sample {
				if got := s.Series[i].Values[int(e.Time.Sub(morning)/time.Minute)]; got != *v {
					t.Fatalf("%s at %v is %v, want %v", s.Series[i].Name, e.Time, got, *v)
				}
			}
		}
	}
	if diff := cmp.Diff(want, s.Events); diff != "" {
		t.Error(diff)
	}
}

// Redeclared signals go on in the series they had, missing values are gaps.
func TestReadRecordRedeclaredSignals(t *testing.T) {
	info := truckSignals[:2]
	r := NewRecorder("a:1")
	r.Record(Event{Time: morning, Start: &Scenario{ID: "a:1", Begin: morning}})
	r.Record(Event{Time: morning, Entity: "d", Signals: info})
	r.Record(Event{Time: morning, Entity: "d", Sample: []*float64{ptr(1), nil}})
	r.Record(Event{Time: morning.Add(1), Entity: "d", Signals: []SignalInfo{info[1], info[0]}})
	r.Record(Event{Time: morning.Add(2), Entity: "d", Sample: []*float64{ptr(3), ptr(4)}})
	r.Record(Event{Time: morning.Add(3), Outcome: &Outcome{Verdict: Pass}})
	s := readRecord(t, [][]Event{r.Events()}).Scenarios[0]
	if len(s.Series) != 2 || s.Series[0].Values[1] != 4 || s.Series[1].Values[1] != 3 || !math.IsNaN(s.Series[1].Values[0]) {
		t.Errorf("series %+v", s.Series)
	}
}

// A record that stops between two events is read, and says so.
func TestReadRecordCutShort(t *testing.T) {
	text := writeRecord(t, allScenarios()[3:5])
	lines := strings.SplitAfter(text, "\n")
	rec, err := ReadRecord(strings.NewReader(strings.Join(lines[:4], "")))
	if err != nil {
		t.Fatal(err)
	}
	if rec.Verdict() != Inconclusive || len(rec.Scenarios) != 1 || rec.Scenarios[0].Outcome.Reason == "" {
		t.Errorf("verdict %s, scenarios %+v", rec.Verdict(), rec.Scenarios)
	}
	if rec, err := ReadRecord(strings.NewReader(lines[0])); err != nil || rec.Verdict() != Inconclusive {
		t.Errorf("a run that just began: %v, %v", rec, err)
	}
}

func TestReadRecordErrors(t *testing.T) {
	const (
		run   = `{"t":"2026-01-01T00:00:00Z","e":"rig","n":0,"kind":"run","run":{}}` + "\n"
		start = `{"t":"2026-01-01T00:00:00Z","e":"rig","n":0,"scenario":"a","kind":"scenario","start":{"id":"a"}}` + "\n"
		two   = `{"t":"2026-01-01T00:00:00Z","e":"d","n":0,"scenario":"a","kind":"signals","signals":[{"name":"x"},{"name":"y"}]}` + "\n"
	)
	for _, c := range []struct{ why, text, want string }{
		{"nothing", "", "empty"},
		{"not a record", "hello\n", "line 1: invalid character 'h' looking for beginning of value (is this a run record?"},
		{"broken later", run + "\n" + `{"t":`, "line 3: unexpected end of JSON input"},
		{"no run event", start, `line 1: record begins with kind "scenario"`},
		{"two records", run + run, "line 2: second run event"},
		{"a kind of tomorrow", run + `{"t":"2026-01-01T00:00:00Z","kind":"mood","scenario":"a"}`, `line 2: unknown kind "mood" (a newer twinrig`},
		{"no payload", run + `{"t":"2026-01-01T00:00:00Z","kind":"step","scenario":"a"}`, `line 2: event of kind "step" holds payloads []`},
		{"wrong payload", run + `{"kind":"step","scenario":"a","alert":{}}`, `holds payloads ["alert"]`},
		{"two payloads", run + `{"kind":"step","scenario":"a","step":{},"alert":{}}`, `holds payloads ["alert" "step"]`},
		{"step of no scenario", run + `{"kind":"step","step":{}}`, `event of kind "step" with scenario ""`},
		{"unknown scenario", run + `{"kind":"step","scenario":"b","step":{}}`, `event of scenario "b" before its start`},
		{"started twice", run + start + start, `line 3: scenario "a" starts twice`},
		{"misnamed", run + `{"kind":"scenario","scenario":"b","start":{"id":"a"}}`, `scenario event of "b" starts "a"`},
		{"undeclared sample", run + start + `{"kind":"sample","scenario":"a","e":"d","sample":[1]}`, `sample of "d" before its signals`},
		{"short sample", run + start + two + `{"kind":"sample","scenario":"a","e":"d","sample":[1]}`, `line 4: sample of "d" has 1 values for 2 signals`},
		{"signal twice", run + start + `{"kind":"signals","scenario":"a","e":"d","signals":[{"name":"x"},{"name":"x"}]}`, `declares signal "x" twice`},
		{"after the end", run + `{"kind":"summary","summary":{}}` + "\n" + start, `line 3: event of kind "scenario" after the summary`},
		{"endless line", run + strings.Repeat("x", maxLine+1), "line 2: longer than 16 MiB"},
	} {
		_, err := ReadRecord(strings.NewReader(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), "read record: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.why, err, c.want)
		}
	}
}

// A payload added to Event is one the recorder, the reader and the event log
// know.
func TestEveryPayloadIsKnown(t *testing.T) {
	fields := reflect.TypeFor[Event]()
	for i := range fields.NumField() {
		f := fields.Field(i)
		var e Event
		v := reflect.ValueOf(&e).Elem().Field(i)
		switch f.Type.Kind() {
		case reflect.Pointer:
			v.Set(reflect.New(f.Type.Elem()))
		case reflect.Slice:
			v.Set(reflect.MakeSlice(f.Type, 1, 1))
		default:
			continue
		}
		e.Kind = e.payloadKind()
		if e.Kind != KindRun && e.Kind != KindSummary {
			e.Scenario = "a"
		}
		if err := e.check(); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		switch e.Kind {
		case KindRun, KindScenario, KindSignals, KindSample, KindOutcome, KindSummary: // not in the event log
		default:
			if describe(e) == string(e.Kind) {
				t.Errorf("the event log cannot tell %s", f.Name)
			}
		}
	}
}

// Whatever can be read can be rendered.
func FuzzReadRecord(f *testing.F) {
	f.Add(writeRecord(f, allScenarios()[3:]))
	day := strings.SplitAfter(writeRecord(f, allScenarios()[1:2]), "\n")
	f.Add(strings.Join(append(day[:30:30], day[len(day)-20:]...), ""))
	const head = `{"t":"2026-01-01T00:00:00Z","kind":"run","run":{}}` + "\n" +
		`{"t":"2026-01-01T00:00:00Z","kind":"scenario","scenario":"a","start":{"id":"a","begin":"2026-01-01T00:00:00Z"}}` + "\n"
	f.Add(head + `{"t":"9999-01-01T00:00:00Z","kind":"signals","scenario":"a","signals":[{"name":"x"},{"name":"y","states":["a\nb"]}]}` + "\n" +
		`{"t":"0001-01-01T00:00:00Z","kind":"sample","scenario":"a","sample":[1e308,-1e308]}` + "\n" +
		`{"t":"9999-01-01T00:00:00Z","kind":"sample","scenario":"a","sample":[1e-308,null]}` + "\n" +
		`{"t":"2026-01-01T00:00:00.000000001Z","kind":"requirement","scenario":"a","requirement":{"signal":"x","value":1e29,"worst":"2026-01-01T00:00:00Z","lower":1,"upper":-1,"margin":-1e308,"unit":"s"}}` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		rec, err := ReadRecord(strings.NewReader(text))
		if err != nil {
			return
		}
		for name, err := range map[string]error{
			"html": WriteHTML(io.Discard, rec, HTMLOptions{}), "junit": WriteJUnit(io.Discard, rec), "summary": WriteSummary(io.Discard, rec),
		} {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestMetaRoundTrip(t *testing.T) {
	want := Meta{
		Host: "build-7", OS: "linux", Arch: "arm64", CPUs: 2, GoVersion: "go1.26", Args: []string{"run", "a & b"},
		Started: morning, Ended: morning.Add(time.Minute), Workers: 2, ScenarioWall: map[string]float64{"a:1": 0.25},
	}
	var out strings.Builder
	if err := WriteMeta(&out, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadMeta(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ReadMeta(strings.NewReader("{")); err == nil || !json.Valid([]byte(out.String())) {
		t.Error("half a file was read")
	}
}
