package dtdl

import (
	"fmt"
	"strings"
	"testing"
)

// with is an interface with one content.
func with(content string) string {
	return `{"@context":"dtmi:dtdl:context;2","@id":"dtmi:com:example:X;1","@type":"Interface","contents":[` + content + `]}`
}

func repeat(n int, f func(i int) string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = f(i)
	}
	return strings.Join(out, ",")
}

func nested(n int) string {
	return strings.Repeat(`{"@type":"Array","elementSchema":`, n) + `"double"` + strings.Repeat("}", n)
}

// Rules of the language's versions 2 and 3: each text breaks one of them.
func TestRules(t *testing.T) {
	cases := []struct {
		why, text, path, says string
		lenient               bool // only a warning in lenient mode
	}{
		{"names are letters, digits and underscores", with(`{"@type":"Telemetry","name":"a-b","schema":"double"}`), "$.contents[0].name", "not a name", false},
		{"no underscore last", with(`{"@type":"Telemetry","name":"a_","schema":"double"}`), "$.contents[0].name", "not a name", false},
		{"names have at most 64 characters", with(`{"@type":"Telemetry","name":"` + strings.Repeat("a", 65) + `","schema":"double"}`), "$.contents[0].name", "at most 64", false},
		{"display names have at most 64 characters", with(`{"@type":"Telemetry","name":"a","schema":"double","displayName":"` + strings.Repeat("é", 65) + `"}`), "$.contents[0].displayName", "at most 64", true},
		{"descriptions have at most 512", with(`{"@type":"Telemetry","name":"a","schema":"double","description":{"en":"` + strings.Repeat("x", 513) + `"}}`), "$.contents[0].description.en", "at most 512", true},
		{"telemetry has a schema", with(`{"@type":"Telemetry","name":"a"}`), "$.contents[0]", "without a schema", false},
		{"schemas are those of the language", with(`{"@type":"Telemetry","name":"a","schema":"decimal"}`), "$.contents[0].schema", `unknown schema "decimal"`, false},
		{"names are unique", with(`{"@type":"Telemetry","name":"a","schema":"double"},{"@type":"Property","name":"a","schema":"double"}`), "$.contents[1]", "exists already", false},
		{"at most 300 contents", with(repeat(301, func(i int) string { return fmt.Sprintf(`{"@type":"Telemetry","name":"a%d","schema":"double"}`, i) })), "$.contents", "at most 300", false},
		{"complex schemas nest at most 5 deep", with(`{"@type":"Telemetry","name":"a","schema":` + nested(6) + `}`), "$.contents[0].schema" + strings.Repeat(".elementSchema", 5), "nested deeper", false},
		{"units are those of the language", with(`{"@type":["Telemetry","Pressure"],"name":"a","schema":"double","unit":"hPa"}`), "$.contents[0].unit", "millibar", true},
		{"a unit belongs to its semantic type", with(`{"@type":["Telemetry","Pressure"],"name":"a","schema":"double","unit":"metre"}`), "$.contents[0].unit", "not a unit of Pressure", false},
		{"a unit needs a semantic type", with(`{"@type":"Telemetry","name":"a","schema":"double","unit":"metre"}`), "$.contents[0].unit", "semantic type", true},
		{"semantic types are those of the language", with(`{"@type":["Telemetry","Mood"],"name":"a","schema":"double"}`), "$.contents[0]", `"Mood"`, true},
		{"semantic types belong to numbers", with(`{"@type":["Telemetry","Pressure"],"name":"a","schema":"string"}`), "$.contents[0]", "numbers", true},
		{"properties of version 2 hold no arrays", with(`{"@type":"Property","name":"a","schema":` + nested(1) + `}`), "$.contents[0]", "cannot hold Array", true},
		{"elements have no other members", with(`{"@type":"Telemetry","name":"a","schema":"double","writable":true}`), "$.contents[0].writable", `no "writable"`, true},
		{"enum values fit valueSchema", with(`{"@type":"Telemetry","name":"a","schema":{"@type":"Enum","valueSchema":"integer","enumValues":[{"name":"x","enumValue":"1"}]}}`), "$.contents[0].schema.enumValues[0].enumValue", "valueSchema", false},
		{"map keys are strings", with(`{"@type":"Telemetry","name":"a","schema":{"@type":"Map","mapKey":{"name":"k","schema":"integer"},"mapValue":{"name":"v","schema":"double"}}}`), "$.contents[0].schema.mapKey", "keys are strings", false},
		{"components have a schema", with(`{"@type":"Component","name":"a"}`), "$.contents[0]", "without a schema", false},
		{"contents have a type", with(`{"@type":"Sensor","name":"a"}`), "$.contents[0]", "is not Telemetry", false},
		{"a context is needed", `{"@id":"dtmi:a;1","@type":"Interface"}`, "$", "@context", false},
		{"version 4 is not read", `{"@context":"dtmi:dtdl:context;4","@id":"dtmi:a;1","@type":"Interface"}`, "$['@context']", "versions 2 and 3", false},
		{"identifiers have a version in version 2", `{"@context":"dtmi:dtdl:context;2","@id":"dtmi:a","@type":"Interface"}`, "$['@id']", "has no version", false},
		{"at most two interfaces are extended", `{"@context":"dtmi:dtdl:context;2","@id":"dtmi:a;1","@type":"Interface","extends":["dtmi:b;1","dtmi:c;1","dtmi:d;1"]}`, "$.extends", "at most 2", false},
		{"an interface says that it is one", `{"@context":"dtmi:dtdl:context;2","@id":"dtmi:a;1"}`, "$", "Interface", false},
		{"shared schemas end somewhere", `{"@context":"dtmi:dtdl:context;2","@id":"dtmi:a;1","@type":"Interface","schemas":[{"@id":"dtmi:a:s;1","@type":"Array","elementSchema":"dtmi:a:s;1"}]}`, "$.schemas[0]", "nested deeper", false},
	}
	for _, c := range cases {
		for _, mode := range []Mode{Strict, Lenient} {
			_, findings, err := Parse([]byte(c.text), mode)
			if err != nil {
				t.Errorf("%s: %v", c.why, err)
				continue
			}
			if len(findings) != 1 || findings[0].Path != c.path || !strings.Contains(findings[0].Message, c.says) || findings[0].Warning != (c.lenient && mode == Lenient) {
				t.Errorf("%s (mode %d): findings %v; want one at %s that says %q", c.why, mode, findings, c.path, c.says)
			}
		}
	}
}

func TestVersion3(t *testing.T) {
	text := strings.Replace(with(`{"@type":"Property","name":"`+strings.Repeat("a", 65)+`","schema":{"@type":"Array","elementSchema":"double"}},
		{"@type":"Command","name":"c","request":{"@type":"CommandRequest","name":"r","schema":"double"}}`), "context;2", "context;3", 1)
	i, err := ParseOne([]byte(text), Strict)
	if err != nil || i.Language != 3 || len(i.Contents) != 2 || i.Contents[1].Request.Schema.Kind != "double" {
		t.Errorf("longer names, arrays in properties and CommandRequest are version 3's: %+v, %v", i, err)
	}
}

func TestDTMI(t *testing.T) {
	for id, ok := range map[string]bool{
		"dtmi:com:example:Thermostat;1": true, "dtmi:a;999999999": true, "dtmi:com:_x1;2": true,
		"dtmi:a;0": false, "dtmi:a;1000000000": false, "dtmi:1a;1": false, "dtmi:a_;1": false, "dtmi:a::b;1": false,
		"DTMI:a;1": false, "dtmi:a;1.2": false, "dtmi:a": false, "dtmi:a;1 ": false, "dtmi:;1": false,
	} {
		if err := CheckDTMI(id, 2); (err == nil) != ok {
			t.Errorf("%s: %v, want legal %v", id, err, ok)
		}
	}
	for _, id := range []string{"dtmi:a", "dtmi:a;1.2"} {
		if err := CheckDTMI(id, 3); err != nil {
			t.Errorf("version 3 allows %s: %v", id, err)
		}
	}
	if got := RepositoryPath("dtmi:com:Example:Thermostat;1"); got != "dtmi/com/example/thermostat-1.json" {
		t.Errorf("path %s", got)
	}
}

func TestNotAnInterface(t *testing.T) {
	for text, says := range map[string]string{
		"": "EOF", "[]": "no interface", "7": "not an interface", `{"a":1,"a":2}`: "occurs twice",
		"{}x": "after", "\xff": "UTF-8", strings.Repeat("[", 100): "nested deeper", "{\n\n]": "line 3",
	} {
		if _, _, err := Parse([]byte(text), Lenient); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error %v, want one that says %q", text, err, says)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(with(`{"@type":["Telemetry","Pressure"],"name":"a","schema":"double","unit":"bar"}`)), []byte(`{"a":1}`))
	f.Add([]byte(with(`{"@type":"Telemetry","name":"a","schema":`+nested(4)+`}`)), []byte(`{"a":[[[[1]]]]}`))
	f.Add([]byte(`[{"@context":["x","dtmi:dtdl:context;3"],"@type":"Interface","@id":"dtmi:a;1","extends":{"@id":"dtmi:b;1"}}]`), []byte(`[]`))
	f.Add([]byte(with(`{"@type":"Component","name":"c","schema":{"@type":"Interface","@id":"dtmi:c;1","contents":7}}`)), []byte(`{"x":null}`))
	f.Fuzz(func(t *testing.T, text, body []byte) {
		for _, mode := range []Mode{Strict, Lenient} {
			all, findings, err := Parse(text, mode)
			if err != nil {
				continue
			}
			repository := Repository{Known: map[string]string{}, Mode: mode}
			for _, i := range all {
				repository.Known[i.ID] = string(text)
			}
			if m, err := repository.Load(all[0].ID); err == nil && findings.Err() == nil {
				_ = m.CheckTelemetry("", body)
				_ = m.CheckReported(body)
			}
		}
	})
}
