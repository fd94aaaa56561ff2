package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const showcase = `Feature: Doors
  Scenario: A door left open is noticed
    Given a refrigeration truck "truck-7"
    When 1 hour passes
    And the cargo door of "truck-7" is opened
    Then the alert "doorOpen" of "truck-7" is raised within 3 minutes
    When the cargo door of "truck-7" is closed
    And 30 minutes pass
    And the service calls "getStatus" of "truck-7"
    Then the answer has "alerts" set to []

  Scenario: A truck is no deep-freeze
    Given a refrigeration truck "truck-7"
    When 1 hour passes
    Then the cargo temperature of "truck-7" stayed below -40 °C
`

const second = `Feature: Two
  @negative-control
  Scenario: averylongnamewithoutanyplacewhereabrowsercouldbreakitwhichhappenswhennamesaremadebyprograms
    Given a refrigeration truck "truck-7"
    And a refrigeration truck "truck-8" with:
      | protocol | MQTT 3.1.1 |
    When 20 minutes pass
    Then the cargo temperature of "truck-8" stayed below -40 °C

  Scenario: A mistake in a unit
    Given a refrigeration truck "truck-7"
    When 10 minutes pass
    Then the cargo temperature of "truck-7" stayed below 3 bar
`

// A report is read in Chromium, at desktop and at phone width: it needs nothing
// from outside, complains of nothing, fits, shows every scenario with its verdict
// and plots, and can be used by keyboard.
func TestReportInBrowser(t *testing.T) {
	node, chromium := requireNode(t, "playwright-core"), requireChromium(t)
	page := makeReport(t)
	p := startScript(t, node, filepath.Join("browser", "report.js"), map[string]string{"chromium": chromium, "report": page})
	for _, width := range []int{1280, 390} {
		const plots = `{"several":true,"inside":true,"drawn":true,"told":true}`
		p.says(fmt.Sprintf(`{"what":"page","width":%d,"title":"1 of 4 scenarios failed – twinrig report",
			"complaints":[],"requests":[],"overflow":{"folded":0,"unfolded":0},
			"scenarios":[
				{"id":"s1","listed":1,"verdict":"pass","name":"passed: A door left open is noticed"},
				{"id":"s2","listed":1,"verdict":"fail","name":"failed: A truck is no deep-freeze"},
				{"id":"s3","listed":1,"verdict":"pass","name":"passed: averylongnamewithoutanyplacewhereabrowsercouldbreakitwhichhappenswhennamesaremadebyprograms"},
				{"id":"s4","listed":1,"verdict":"inconclusive","name":"inconclusive: A mistake in a unit"}],
			"keyboard":[true,false,true],"closed":0,"plots":[`+plots+`,`+plots+`,`+plots+`,`+plots+`],"headings":true}`, width))
	}
	p.ends()
}

// makeReport runs two features and returns the report.
func makeReport(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"doors.feature": showcase, "two.feature": second} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), twinrig, "run", "--report", "out", "doors.feature", "two.feature")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 2 { // for the unit
		t.Fatalf("twinrig run: %v\n%s", err, out)
	}
	return filepath.Join(dir, "out", "report.html")
}
