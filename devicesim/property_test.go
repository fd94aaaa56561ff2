package devicesim

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPropertiesAcknowledge(t *testing.T) {
	interval := func() Properties {
		return Properties{{Name: "interval", Value: 300, Min: 1, Max: 3600, Unit: "s"}}
	}
	cases := []struct {
		why     string
		desired []string // one document after the other; the last answer counts
		want    string
		value   float64
	}{
		{"a property nobody asked for is reported once as the firmware's", []string{`{"$version":1}`}, `{"interval":{"value":300,"ac":203,"av":0,"ad":"firmware default"}}`, 300},
		{"and not a second time", []string{`{"$version":1}`, `{"$version":1}`}, `{}`, 300},
		{"a legal value is taken", []string{`{"interval":30,"$version":2}`}, `{"interval":{"value":30,"ac":200,"av":2}}`, 30},
		{"a value out of range is refused and the old one stays", []string{`{"interval":0,"$version":2}`}, `{"interval":{"value":300,"ac":400,"av":2,"ad":"interval must lie between 1 and 3600 s"}}`, 300},
		{"a value of the wrong type is refused", []string{`{"interval":"30","$version":2}`}, `{"interval":{"value":300,"ac":400,"av":2,"ad":"interval must be a number in s"}}`, 300},
		{"null goes back to the default", []string{`{"interval":30,"$version":2}`, `{"interval":null,"$version":3}`}, `{"interval":{"value":300,"ac":200,"av":3,"ad":"back to the firmware's default"}}`, 300},
		{"a patch about something else is not answered", []string{`{"interval":30,"$version":2}`, `{"other":1,"$version":3}`}, `{}`, 30},
		{"the twin read again after a reconnect at the same version is not answered again", []string{`{"interval":30,"$version":2}`, `{"interval":30,"$version":2}`}, `{}`, 30},
	}
	for _, c := range cases {
		p := interval()
		var got map[string]any
		for _, text := range c.desired {
			var desired map[string]any
			if err := json.Unmarshal([]byte(text), &desired); err != nil {
				t.Fatal(err)
			}
			got = p.Apply(desired)
		}
		if diff := cmp.Diff(canonical(t, c.want), canonical(t, string(marshal(got)))); diff != "" {
			t.Errorf("%s:\n%s", c.why, diff)
		}
		if v := p.Get("interval"); v != c.value {
			t.Errorf("%s: value in force %g, want %g", c.why, v, c.value)
		}
	}
}

func canonical(t *testing.T, text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
