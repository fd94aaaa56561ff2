package twinmodel_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"twinrig/twinmodel"
	"twinrig/twinmodel/oilpump"
	"twinrig/twinmodel/reefer"
)

// element is what the test looks at in a DTDL content.
type element struct {
	Type   any    `json:"@type"`
	Name   string `json:"name"`
	Schema any    `json:"schema"`
	Unit   string `json:"unit"`
}

var (
	dtdlName = regexp.MustCompile(`^[A-Za-z](?:[A-Za-z0-9_]*[A-Za-z0-9])?$`)
	dtmi     = regexp.MustCompile(`^dtmi:com:twinrig:[a-z]+;[1-9][0-9]*$`)
)

// dtdlUnits are semantic type and unit by a signal's unit.
var dtdlUnits = map[string][2]string{
	"°C": {"Temperature", "degreeCelsius"}, "bar": {"Pressure", "bar"}, "m": {"Length", "metre"},
	"A": {"Current", "ampere"}, "Hz": {"Frequency", "hertz"},
}

// TestInterfaces: the interfaces keep DTDL version 2's rules on names, and where
// telemetry bears a signal's name it has the signal's unit and states.
func TestInterfaces(t *testing.T) {
	truck, err := reefer.New(noon, reefer.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	well, err := oilpump.New(noon, oilpump.DefaultParams())
	if err != nil {
		t.Fatal(err)
	}
	for text, spec := range map[string]*twinmodel.Spec{reefer.DTDL: truck.Spec(), oilpump.DTDL: well.Spec()} {
		var i struct {
			Context  string    `json:"@context"`
			ID       string    `json:"@id"`
			Contents []element `json:"contents"`
		}
		if err := json.Unmarshal([]byte(text), &i); err != nil {
			t.Fatalf("%s: %v", spec.Kind, err)
		}
		if i.Context != "dtmi:dtdl:context;2" || !dtmi.MatchString(i.ID) || len(i.Contents) == 0 || len(i.Contents) > 300 {
			t.Errorf("%s: context %q, id %q, %d contents", spec.Kind, i.Context, i.ID, len(i.Contents))
		}
		seen, bound := map[string]bool{}, 0
		for _, e := range i.Contents {
			if seen[e.Name] || !dtdlName.MatchString(e.Name) || len(e.Name) > 64 {
				t.Errorf("%s: %q is not a name, or there twice", spec.Kind, e.Name)
			}
			seen[e.Name] = true
			if s, ok := spec.Signal(e.Name); ok {
				bound++
				checkBinding(t, spec.Kind, s, e)
			}
		}
		if bound < 6 {
			t.Errorf("%s: only %d contents are signals of the plant", spec.Kind, bound)
		}
	}
}

func checkBinding(t *testing.T, kind string, s twinmodel.Signal, e element) {
	t.Helper()
	if want, ok := dtdlUnits[s.Unit]; ok {
		types, _ := e.Type.([]any)
		if len(types) != 2 || types[1] != want[0] || e.Unit != want[1] {
			t.Errorf("%s: %s is %v in %q, want %v", kind, e.Name, e.Type, e.Unit, want)
		}
	}
	switch schema := e.Schema.(type) {
	case map[string]any:
		values, _ := schema["enumValues"].([]any)
		if len(values) != len(s.States) {
			t.Fatalf("%s: %s has %d values, the signal %d states", kind, e.Name, len(values), len(s.States))
		}
		for k, v := range values {
			if v.(map[string]any)["enumValue"] != s.States[k] {
				t.Errorf("%s: %s value %d is %v, want %s", kind, e.Name, k, v, s.States[k])
			}
		}
	case string:
		if state := s.Quantity == twinmodel.State; state != (schema == "boolean") {
			t.Errorf("%s: %s has schema %s", kind, e.Name, schema)
		}
	}
}
