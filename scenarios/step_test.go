package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"twinrig/reports"
)

// Every step's example matches its own sentence, and no other: godog would call
// the step ambiguous.
func TestVocabularyIsUnambiguous(t *testing.T) {
	vocabulary := Vocabulary()
	for _, s := range vocabulary {
		var matches []string
		for _, other := range vocabulary {
			if regexp.MustCompile(other.Pattern()).MatchString(s.Example) {
				matches = append(matches, other.Sentence)
			}
		}
		if len(matches) != 1 || matches[0] != s.Sentence {
			t.Errorf("the example %q of %q matches %q", s.Example, s.Sentence, matches)
		}
	}
}

func TestUnknownStepNamesTheNearest(t *testing.T) {
	pickles, err := ParseFeature("test.feature", []byte("Feature: f\n  Scenario: s\n    When 2 hours go by\n    Then the lid of \"truck-7\" is opened\n"))
	if err != nil {
		t.Fatal(err)
	}
	var usage *UsageError
	if !errors.As(CheckSteps(pickles), &usage) || usage.Subject != "test.feature:3" {
		t.Fatalf("error %v, want a usage error at test.feature:3", usage)
	}
	pickles[0].Steps = pickles[0].Steps[1:]
	if !errors.As(CheckSteps(pickles), &usage) || !strings.Contains(usage.Hint, `the cargo door of "truck-7" is opened`) {
		t.Errorf("hint %q does not name the nearest step", usage.Hint)
	}
}

func TestStepWithoutItsTable(t *testing.T) {
	pickles, err := ParseFeature("test.feature", []byte("Feature: f\n  Scenario: s\n    Given a refrigeration truck \"t\" with:\n"))
	if err != nil {
		t.Fatal(err)
	}
	var usage *UsageError
	if !errors.As(CheckSteps(pickles), &usage) || !strings.Contains(usage.Hint, "table") {
		t.Errorf("error %v, want one that asks for a table", usage)
	}
}

// Mistakes in a scenario's text make it inconclusive and say what to write.
func TestMistakesInSteps(t *testing.T) {
	truck := "Given a refrigeration truck \"t\"\n"
	cases := []struct{ steps, complaint, hint string }{
		{truck + `Then the cargo temperature of "t" stays below 35 bar for 1 minute`, "35 bar is a pressure", "°C"},
		{truck + `Then the cargo temperature of "t" stays below -15 for 1 minute`, "-15 is a ratio", "°C"},
		{truck + `Then the cargo temperature of "t" stays below -15 °X for 1 minute`, `unknown unit "°X"`, "°C"},
		{truck + `Then the oil level of "t" stays below 3 m for 1 minute`, `no signal "oil level"`, "cargo temperature"},
		{truck + `When the noon sunshine of "t" is set to 9000 W/m²`, "9000", "1200"},
		{`When "u" is switched off`, `no device "u"`, "introduce it first"},
		{truck + truck, `a device "t" already`, "id of its own"},
		{"Given a refrigeration truck \"t\" with:\n| colour | red |", `no "colour" to set`, "mean ambient temperature"},
		{"Given a refrigeration truck \"t\" with:\n| protocol | AMQP |", `protocol "AMQP"`, "MQTT 5 or MQTT 3.1.1"},
		{truck + `When the service sets the desired property "setpoint" of "t" to twenty`, "twenty is not JSON", "number"},
		{"Given a submersible pump \"p\"\nWhen the cargo door of \"p\" is opened", "no cargo door", "refrigeration truck"},
		{truck + `When the oil sensor of "t" is stuck`, `no signal "oil"`, "cargo temperature"},
		{truck + `When the skin temperature sensor of "t" is stuck`, "no sensor on skinTemperature", "another sensor"},
		{truck + `When the cargo temperature sensor of "t" is off by 2 bar`, "2 bar is a pressure", "difference"},
		{truck + `When the cargo door sensor of "t" is off by 2`, `one of ["closed" "open"]`, "only a number"},
		{truck + `When the engine hours sensor of "t" has an open circuit`, "needs an instrument with a range", "another way"},
		{truck + `When the speed sensor of "t" reads Fahrenheit`, "measured in km/h", "°C"},
		{"Then the call fails because the device is not online", "no call was made", "the service calls"},
	}
	for _, c := range cases {
		r := Run(t, feature(t, "Scenario: s\n"+c.steps+"\n")[0], virtual(1))
		var failed *reports.Step
		for _, e := range r.Events {
			if e.Step != nil && e.Step.Error != "" {
				failed = e.Step
			}
		}
		switch {
		case failed == nil:
			t.Errorf("%q passed", c.steps)
		case r.Verdict != reports.Inconclusive || r.Usage == "":
			t.Errorf("%q: verdict %s, usage %q", c.steps, r.Verdict, r.Usage)
		case !strings.Contains(failed.Error, c.complaint) || !strings.Contains(failed.Hint, c.hint):
			t.Errorf("%q:\nerror %q, want %q\nhint  %q, want %q", c.steps, failed.Error, c.complaint, failed.Hint, c.hint)
		}
	}
}

func TestMistakesInFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.feature", "Feature: f\n  Scenario: s\n    When 1 hour passes\n")
	cases := []struct{ path, tags, complaint string }{
		{filepath.Join(dir, "absent.feature"), "", "no such feature file"},
		{write("empty.feature", ""), "", "no feature in the file"},
		{write("syntax.feature", "Feature: f\n  Scenario: s\n    When x\n  nonsense here\n"), "", "4"},
		{write("bare.feature", "Feature: f\n  Scenario: s\n"), "", "has no steps"},
		{good + ":99", "", "no scenario"},
		{good, "@a and", "a tag is missing"},
		{good, "@absent", "no scenario"},
	}
	for _, c := range cases {
		_, err := LoadFeatures([]string{c.path}, c.tags)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.complaint) || usage.Hint == "" {
			t.Errorf("%s %s: error %v, want a usage error with a hint that says %q", c.path, c.tags, err, c.complaint)
		}
	}
}
