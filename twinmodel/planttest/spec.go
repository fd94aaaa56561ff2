package planttest

import (
	"regexp"
	"strings"
	"testing"

	"twinrig/twinmodel"
)

// faults is how many every plant can have at least.
const faults = 5

var (
	nameForm  = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	labelForm = regexp.MustCompile(`^[^A-Z]*$|[A-Z]{2}`) // lower case but for abbreviations
)

func specification(t *testing.T, spec *twinmodel.Spec) {
	if spec.Kind == "" || spec.Title == "" || len(spec.Sources) == 0 {
		t.Errorf("kind %q, title %q, sources %q: one is missing", spec.Kind, spec.Title, spec.Sources)
	}
	broken, names, labels, outputs := 0, map[string]bool{}, map[string]bool{}, false
	for _, s := range spec.Signals {
		if mistake := mistakeIn(s); mistake != "" {
			t.Errorf("%s: %s: %+v", s.Name, mistake, s)
		}
		if names[s.Name] || labels[strings.ToLower(s.Label)] {
			t.Errorf("%s: its name or its label %q is there twice", s.Name, s.Label)
		}
		if s.Direction != twinmodel.Output && outputs {
			t.Errorf("%s: inputs stand before outputs", s.Name)
		}
		names[s.Name], labels[strings.ToLower(s.Label)], outputs = true, true, s.Direction == twinmodel.Output
		if s.Fault {
			broken++
		}
	}
	if broken < faults {
		t.Errorf("%d faults, want at least %d", broken, faults)
	}
}

func mistakeIn(s twinmodel.Signal) string {
	input := s.Direction != twinmodel.Output
	switch {
	case !nameForm.MatchString(s.Name):
		return "the name is not in lowerCamelCase"
	case s.Label == "" || !labelForm.MatchString(s.Label):
		return "the label is not in lower case"
	case !(s.Min < s.Max):
		return "the range is empty"
	case input && !(s.Initial >= s.Min && s.Initial <= s.Max):
		return "the initial value is outside the range"
	case (s.Quantity == twinmodel.State) != (s.States != nil):
		return "states and only states have names for their values"
	case s.States != nil && (s.Min != 0 || s.Max != float64(len(s.States)-1)):
		return "the range is not that of the states"
	case s.States == nil && twinmodel.UnitQuantity(s.Unit) != s.Quantity && !(s.Quantity == twinmodel.TemperatureDifference && s.Unit == "K"):
		return "the unit does not measure the quantity"
	case s.Fault && (s.Min != 0 || s.Max != 1 || s.Initial != 0 || s.Direction != twinmodel.Environment):
		return "a fault is an input of the surroundings from 0, healthy, to 1"
	case s.Fault && s.Doc == "":
		return "a fault says what it does"
	}
	return ""
}
