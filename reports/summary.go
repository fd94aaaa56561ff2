package reports

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
)

// summaryOrder is the order in which counts are told.
var summaryOrder = []Verdict{Pass, PassWithDeviation, Fail, Inconclusive, NotApplicable, NotRun}

// WriteSummary writes what a terminal shows after a run: each scenario that did
// not pass with the step, the reason, a hint and the margin, and the counts.
func WriteSummary(w io.Writer, rec *Record) error {
	buf := bufio.NewWriter(w)
	for _, s := range rec.Scenarios {
		if v := s.Outcome.Verdict; v == Fail || v == Inconclusive {
			summarizeScenario(buf, s)
		}
	}
	fmt.Fprintf(buf, "%s: %s\n", plural(len(rec.Scenarios), "scenario"), countsText(rec.Counts()))
	fmt.Fprintf(buf, "%s of scenario time, %s clock, seed %d\n", duration(rec.scenarioTime()), printable(rec.Run.Clock), rec.Run.Seed)
	if rec.Summary == nil {
		fmt.Fprintln(buf, "the record has no summary: the run was cut short")
	}
	fmt.Fprintf(buf, "verdict: %s\n", printable(string(rec.Verdict())))
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write summary: %w", err)
	}
	return nil
}

func summarizeScenario(w io.Writer, s *ScenarioRecord) {
	fmt.Fprintf(w, "%s  %s\n", strings.ToUpper(string(s.Outcome.Verdict)), printable(s.ID))
	entry(w, "scenario", s.Name)
	if step := s.FailedStep(); step != nil {
		entry(w, "step", strings.TrimSpace(step.Keyword)+" "+step.Text)
		entry(w, "error", step.Error)
		entry(w, "hint", step.Hint)
	}
	entry(w, "reason", s.Outcome.Reason)
	for _, e := range s.Of(KindRequirement) {
		if r := e.Requirement; r.Verdict == Fail || r.Verdict == Inconclusive {
			entry(w, "requirement", requirementText(s, r))
		}
	}
	entry(w, "repeat", s.Repeat)
	fmt.Fprintln(w)
}

// entry writes a labelled text, its further lines indented below the first.
func entry(w io.Writer, label, text string) {
	if text = strings.TrimSpace(printable(text)); text != "" {
		indented := strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 15))
		fmt.Fprintf(w, "  %-12s %s\n", label, indented)
	}
}

// requirementText is a requirement with its margin and worst moment on one line.
func requirementText(s *ScenarioRecord, r *Requirement) string {
	parts := []string{r.Text + ": " + cmp.Or(marginText(r), r.Verdict.words())}
	if !r.Worst.IsZero() {
		parts = append(parts, "worst at "+elapsed(r.Worst.Sub(s.Begin), s.Duration()))
	}
	if r.Value != nil {
		parts = append(parts, "value "+quantity(*r.Value, r.Unit))
	}
	return strings.Join(parts, ", ")
}

func countsText(counts map[Verdict]int) string {
	var parts []string
	for _, v := range summaryOrder {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.words()))
		}
	}
	if len(parts) == 0 {
		return "none ran"
	}
	return strings.Join(parts, ", ")
}

// scenarioTime is how long all scenarios took on their own clocks.
func (r *Record) scenarioTime() time.Duration {
	var total time.Duration
	for _, s := range r.Scenarios {
		if sum := total + s.Duration(); sum >= total {
			total = sum
		}
	}
	return total
}
