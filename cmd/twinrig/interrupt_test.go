package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinrig/reports"
)

const interrupted = `Feature: Interrupted
  Scenario: Through
    Given a refrigeration truck "truck-7"
    When the service calls "getStatus" of "truck-7"
    Then the answer has "alerts" set to []

  Scenario: Under way
    Given a refrigeration truck "truck-7"
    When 1 hour passes

  Scenario: Never begun
    Given a refrigeration truck "truck-7"
    When 1 hour passes
`

// A run that is interrupted says so, and its record and reports are whole.
func TestInterruptedRun(t *testing.T) {
	for _, c := range []struct {
		why  string
		stop func(*process)
	}{
		{"Ctrl-C, which the workers get as well", (*process).ctrlC},
		{"interrupt", func(p *process) { p.signal(os.Interrupt) }},
		{"SIGTERM, as CI systems send it", func(p *process) { p.signal(syscall.SIGTERM) }},
	} {
		t.Run(c.why, func(t *testing.T) {
			dir := t.TempDir()
			feature := filepath.Join(dir, "interrupted.feature")
			if err := os.WriteFile(feature, []byte(interrupted), 0o666); err != nil {
				t.Fatal(err)
			}
			p := begin(t, "run", "--time", "real", "--parallel", "1", "--report", filepath.Join(dir, "out"), feature)
			p.until("ok           1/3")
			c.stop(p)
			if code := p.end(); code != 130 {
				t.Errorf("exit code %d, want 130\n%s", code, p.stderr.String())
			}
			if p.stderr.Len() > 0 {
				t.Errorf("on standard error:\n%s", p.stderr.String())
			}
			if !slices.Contains(p.said, "3 scenarios: 1 passed, 2 not run") {
				t.Errorf("the summary is\n%s", strings.Join(p.said, "\n"))
			}
			checkInterruptedRecord(t, filepath.Join(dir, "out"))
		})
	}
}

func checkInterruptedRecord(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rec, err := reports.ReadRecord(f)
	if err != nil {
		t.Fatalf("the record is not whole: %v", err)
	}
	var got []reports.Verdict
	for _, s := range rec.Scenarios {
		got = append(got, s.Outcome.Verdict)
	}
	if diff := cmp.Diff([]reports.Verdict{reports.Pass, reports.NotRun, reports.NotRun}, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
	for _, name := range []string{"report.html", "junit.xml", "run.meta.json"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
