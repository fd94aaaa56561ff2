package binding_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"twinrig/devicesim/binding"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// Law: what is converted to any other unit and back is the same, to 1e-12 of the
// value or, for scales with another zero, of that zero.
func TestConversionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(twinmodel.Units("")).Draw(t, "from")
		to := rapid.SampledFrom(twinmodel.Units(twinmodel.UnitQuantity(from))).Draw(t, "to")
		v := rapid.Float64Range(-1e6, 1e6).Draw(t, "value")
		there, err := twinmodel.Convert(v, from, to)
		if err != nil {
			t.Fatal(err)
		}
		back, err := twinmodel.Convert(there, to, from)
		zero, _ := twinmodel.Convert(0, to, from)
		if err != nil || math.Abs(back-v) > 1e-12*math.Max(math.Abs(v), math.Abs(zero)) {
			t.Fatalf("%g %s is %g %s is %g %s", v, from, there, to, back, from)
		}
	})
}

// Every value that is sent has the form the interface gives it, whatever signal,
// unit, schema and rounding.
func TestEncodedValuesFitTheSchema(t *testing.T) {
	units := []string{"", "degreeCelsius", "kelvin", "degreeFahrenheit"}
	rapid.Check(t, func(t *rapid.T) {
		e := binding.Element{Name: "x", Unit: rapid.SampledFrom(units).Draw(t, "unit"),
			Schema: &dtdl.Schema{Kind: dtdl.SchemaKind(rapid.SampledFrom([]string{"double", "float", "integer", "long"}).Draw(t, "schema"))}}
		sig := twinmodel.Signal{Name: "x", Quantity: twinmodel.Temperature, Unit: "°C", Min: -1e300, Max: 1e300}
		c, err := binding.Bind(e, sig, "", rapid.IntRange(binding.Digits, 6).Draw(t, "decimals"))
		if err != nil {
			t.Fatal(err)
		}
		value, err := c.Encode(rapid.Float64().Draw(t, "value"))
		if err != nil {
			return // refused, not sent
		}
		text, _ := json.Marshal(value)
		if err := e.Schema.Check(text); err != nil {
			t.Fatalf("%s is sent: %v", text, err)
		}
	})
}

func TestBindRefuses(t *testing.T) {
	temperature := twinmodel.Signal{Name: "t", Quantity: twinmodel.Temperature, Unit: "°C", Min: -50, Max: 50}
	pump := twinmodel.Signal{Name: "pump", Quantity: twinmodel.State, Unit: "1", Max: 2, States: []string{"stopped", "running", "gas locked"}}
	enum := &dtdl.Schema{Kind: dtdl.Enum, Integer: true, Values: []dtdl.EnumValue{{Name: "stopped", Value: 7}, {Name: "running", Value: 8}}}
	for says, c := range map[string]struct {
		sig    twinmodel.Signal
		unit   string
		schema *dtdl.Schema
		wire   string
	}{
		"cannot be sent in bar":       {temperature, "bar", &dtdl.Schema{Kind: "double"}, ""},
		"no plant has the unit farad": {temperature, "farad", &dtdl.Schema{Kind: "double"}, ""},
		"the schema is string":        {temperature, "", &dtdl.Schema{Kind: "string"}, ""},
		"leave unit out":              {temperature, "kelvin", &dtdl.Schema{Kind: "double"}, "K"},
		"do not fit":                  {pump, "", &dtdl.Schema{Kind: "boolean"}, ""},
		`the state "gas locked"`:      {pump, "", enum, ""},
	} {
		_, err := binding.Bind(binding.Element{Name: "x", Unit: c.unit, Schema: c.schema}, c.sig, c.wire, 1)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

func TestStatesAndBack(t *testing.T) {
	pump := twinmodel.Signal{Name: "pump", Quantity: twinmodel.State, Unit: "1", Max: 1, States: []string{"stopped", "running"}}
	enum := &dtdl.Schema{Kind: dtdl.Enum, Integer: true, Values: []dtdl.EnumValue{{Name: "Stopped", Value: 7}, {Name: "Running", Value: 8}}}
	c, err := binding.Bind(binding.Element{Name: "x", Schema: enum}, pump, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.Encode(1); err != nil || v != json.Number("8") {
		t.Errorf("running is sent as %v, %v", v, err)
	}
	if v, err := c.Decode(8.0); err != nil || v != 1 {
		t.Errorf("8 is %v, %v", v, err)
	}
	if _, err := c.Encode(2); err == nil {
		t.Error("a state that does not exist is sent")
	}
	hot := twinmodel.Signal{Name: "t", Quantity: twinmodel.Temperature, Unit: "°C", Min: -50, Max: 50}
	k, err := binding.Bind(binding.Element{Name: "x", Unit: "degreeFahrenheit", Schema: &dtdl.Schema{Kind: "double"}}, hot, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := k.Decode(212.0); err == nil {
		t.Errorf("212 °F is outside of the signal's range, but is taken as %g °C", v)
	}
	if v, err := k.Encode(-17.78); err != nil || v != json.Number("0.0") {
		t.Errorf("-17.78 °C is sent as %v °F, %v", v, err)
	}
}
