package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"twinrig/hub/store"
	"twinrig/reports"
	"twinrig/twinmodel/fmi/host"
)

// The test binary is its own worker: the supervisor starts it with an argument.
// "crash" is a worker that dies of a panic at its first task.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "worker":
		ServeWorker(os.Stdin, os.NewFile(3, "supervisor"))
	case len(os.Args) > 1 && os.Args[1] == "fmu-host":
		if err := host.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	case len(os.Args) > 1 && os.Args[1] == "crash":
		_, _ = os.Stdin.Read(make([]byte, 1))
		panic("a goroutine of the hub met its end")
	}
	store.Register()
	os.Exit(m.Run())
}

func workerProcess() *exec.Cmd { return exec.Command(os.Args[0], "worker") }

// feature makes the pickles of one feature from its scenarios' text.
func feature(t *testing.T, scenarios string) []Pickle {
	t.Helper()
	pickles, err := ParseFeature("test.feature", []byte("Feature: Test\n"+scenarios))
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckSteps(pickles); err != nil {
		t.Fatal(err)
	}
	return pickles
}

// shipped loads scenarios of the suites that ship.
func shipped(t *testing.T, file, name string) []Pickle {
	t.Helper()
	all, err := LoadFeatures([]string{"../features/" + file}, "")
	if err != nil {
		t.Fatal(err)
	}
	var out []Pickle
	for _, p := range all {
		if strings.Contains(p.Name, name) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no scenario %q in %s", name, file)
	}
	return out
}

func virtual(seed uint64) Settings { return Settings{Clock: Virtual, Seed: seed} }

func outcome(t *testing.T, r Result) *reports.Outcome {
	t.Helper()
	for _, e := range r.Events {
		if e.Outcome != nil {
			return e.Outcome
		}
	}
	t.Fatal("no outcome in the record")
	return nil
}

// Same seed, any parallelism: the same bytes. Another seed: other noise.
func TestRecordRepeatsToTheByte(t *testing.T) {
	pickles := append(shipped(t, "cold-chain.feature", "see more"), shipped(t, "connectivity.feature", "")...)
	record := func(seed uint64, parallel int) []byte {
		var out bytes.Buffer
		s := Supervisor{Settings: virtual(seed), Version: "test", Parallel: parallel, Worker: workerProcess}
		if _, err := s.Run(t.Context(), pickles, &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	one := record(7, 1)
	if two := record(7, 2); !bytes.Equal(one, two) {
		t.Errorf("two runs with seed 7 differ first at %s", firstDifference(one, two))
	}
	if other := record(8, 2); bytes.Equal(samples(t, one), samples(t, other)) {
		t.Error("seeds 7 and 8 give the same telemetry: the noise does not depend on the seed")
	}
}

func firstDifference(a, b []byte) string {
	la, lb := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(la), len(lb)) {
		if !bytes.Equal(la[i], lb[i]) {
			return fmt.Sprintf("line %d:\n%s\n%s", i+1, la[i], lb[i])
		}
	}
	return "their end"
}

// samples is the telemetry bodies of a record.
func samples(t *testing.T, record []byte) []byte {
	rec, err := reports.ReadRecord(bytes.NewReader(record))
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, s := range rec.Scenarios {
		for _, e := range s.Of(reports.KindTelemetry) {
			out = append(out, e.Telemetry.Body...)
		}
	}
	return out
}

// The feedback loop is what keeps the well: the shipped scenario passes with its
// rule and breaks a requirement without.
func TestPumpingLoopNeedsItsRule(t *testing.T) {
	with := shipped(t, "submersible-pump.feature", "A rule sees")[0]
	if o := outcome(t, Run(t, with, virtual(1))); o.Verdict != reports.Pass {
		t.Errorf("with the rule: %s: %s", o.Verdict, o.Reason)
	}
	lines := strings.Split(string(with.Source), "\n")
	kept := lines[:0]
	for _, l := range lines {
		if text := strings.TrimSpace(l); !strings.Contains(text, "runs the rule") && !regexp.MustCompile(`^\| (when|for|call|with) `).MatchString(text) {
			kept = append(kept, l)
		}
	}
	without, err := ParseFeature("test.feature", []byte(strings.Join(kept, "\n")))
	if err != nil || len(without) != 1 {
		t.Fatalf("cut out of its rule the scenario reads %v, %v", without, err)
	}
	o := outcome(t, Run(t, without[0], virtual(1)))
	if o.Verdict != reports.Fail || !strings.Contains(o.Reason, "drive frequency") {
		t.Errorf("without the rule: %s: %s; want the drive frequency not to change", o.Verdict, o.Reason)
	}
}

func TestNegativeControl(t *testing.T) {
	cases := []struct {
		step string
		want reports.Verdict
		why  string
	}{
		{`Then the hub has received 7 telemetry messages from "truck-7"`, reports.Pass, "a broken requirement is what a negative control is for"},
		{`Then the hub has received 12 telemetry messages from "truck-7"`, reports.Fail, "one that passes has not shown that it can fail"},
		{`Then the pump of "truck-7" becomes running within 1 minute`, reports.Inconclusive, "a mistake in its text proves nothing"},
	}
	for _, c := range cases {
		p := feature(t, "@negative-control\nScenario: s\nGiven a refrigeration truck \"truck-7\"\nWhen 1 hour passes\n"+c.step+"\n")
		if o := outcome(t, Run(t, p[0], virtual(1))); o.Verdict != c.want {
			t.Errorf("%s: verdict %s (%s), want %s", c.why, o.Verdict, o.Reason, c.want)
		}
	}
}

// A requirement that is broken says by how much, and the record has the margin.
func TestBrokenRequirementHasItsMargin(t *testing.T) {
	p := feature(t, `Scenario: s
Given a refrigeration truck "truck-7" with:
| cargo temperature | -10 °C |
Then the cargo temperature of "truck-7" stays below -12 °C for 10 minutes
`)
	r := Run(t, p[0], virtual(1))
	for _, e := range r.Events {
		if e.Requirement != nil {
			if m := *e.Requirement.Margin; e.Requirement.Verdict != reports.Fail || m > -1.9 || m < -2.1 {
				t.Errorf("requirement %s with margin %g, want fail with about -2 °C", e.Requirement.Verdict, m)
			}
			if o := outcome(t, r); !strings.Contains(o.Reason, "2 °C too high") {
				t.Errorf("reason %q does not say by how much", o.Reason)
			}
			return
		}
	}
	t.Error("no requirement in the record")
}

// A worker that dies makes its scenario inconclusive, with the stack, and the
// others go on.
func TestWorkerDeath(t *testing.T) {
	pickles := feature(t, "Scenario: one\nWhen 1 hour passes\nScenario: two\nWhen 1 hour passes\n")
	started := 0
	s := Supervisor{Settings: virtual(1), Parallel: 1, Worker: func() *exec.Cmd {
		if started++; started == 1 {
			return exec.Command(os.Args[0], "crash")
		}
		return workerProcess()
	}}
	var record bytes.Buffer
	out, err := s.Run(t.Context(), pickles, &record)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := reports.ReadRecord(&record)
	if err != nil {
		t.Fatal(err)
	}
	first, second := rec.Scenarios[0].Outcome, rec.Scenarios[1].Outcome
	if first.Verdict != reports.Inconclusive || !strings.Contains(first.Reason, "met its end") || !strings.Contains(first.Reason, "run_test.go") {
		t.Errorf("the scenario whose worker died: %s: %s; want inconclusive with the stack", first.Verdict, first.Reason)
	}
	if second.Verdict != reports.Pass || out.Verdict != reports.Inconclusive {
		t.Errorf("the next scenario %s, the run %s; want pass and inconclusive", second.Verdict, out.Verdict)
	}
}

// The watchdog ends a scenario that takes too long of wall time.
func TestWatchdog(t *testing.T) {
	pickles := feature(t, "Scenario: one\nGiven a refrigeration truck \"t\"\nWhen 3000 days pass\n")
	s := Supervisor{Settings: virtual(1), Parallel: 1, Worker: workerProcess, Limit: 200 * time.Millisecond}
	var record bytes.Buffer
	out, err := s.Run(t.Context(), pickles, &record)
	if err != nil {
		t.Fatal(err)
	}
	if out.Verdict != reports.Inconclusive || !strings.Contains(record.String(), "200ms of wall time") {
		t.Errorf("verdict %s; record:\n%s", out.Verdict, record.String())
	}
}

// An interrupted run leaves a whole record.
func TestInterruptedRunLeavesAWholeRecord(t *testing.T) {
	pickles := feature(t, "Scenario: one\nWhen 1 hour passes\nScenario: two\nWhen 1 hour passes\n")
	ctx, cancel := context.WithCancel(t.Context())
	s := Supervisor{Settings: virtual(1), Parallel: 1, Worker: workerProcess, Finished: func(ScenarioDone) { cancel() }}
	var record bytes.Buffer
	if _, err := s.Run(ctx, pickles, &record); err != nil {
		t.Fatal(err)
	}
	rec, err := reports.ReadRecord(&record)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := rec.Scenarios[0].Outcome.Verdict, rec.Scenarios[1].Outcome.Verdict; a != reports.Pass || b != reports.NotRun || rec.Summary == nil {
		t.Errorf("verdicts %s and %s, summary %v; want pass, not-run and a summary", a, b, rec.Summary)
	}
}

// The same scenarios run on sockets, with TLS, in real time.
func TestRealTime(t *testing.T) {
	for _, p := range shipped(t, "connectivity.feature", "answered at once") {
		if o := outcome(t, Run(t, p, Settings{Clock: Real, Seed: 1})); o.Verdict != reports.Pass {
			t.Errorf("%s: %s: %s", p.Name, o.Verdict, o.Reason)
		}
	}
}
