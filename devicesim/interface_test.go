package devicesim_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/devicesim"
	oilpumpcontrol "twinrig/devicesim/oilpump"
	reefercontrol "twinrig/devicesim/reefer"
	"twinrig/twinmodel/oilpump"
	"twinrig/twinmodel/reefer"
)

// What a controller sends and takes is what the DTDL interface of its plant says.
func TestControllersKeepTheirInterface(t *testing.T) {
	cases := []struct {
		name, dtdl, id string
		controller     devicesim.Controller
	}{
		{"reefer", reefer.DTDL, reefercontrol.ModelID, reefercontrol.New(reefercontrol.DefaultSettings())},
		{"oilpump", oilpump.DTDL, oilpumpcontrol.ModelID, oilpumpcontrol.New(oilpumpcontrol.DefaultSettings())},
	}
	for _, c := range cases {
		want := parseInterface(t, c.dtdl)
		if want.id != c.id {
			t.Errorf("%s announces %s, its interface is %s", c.name, c.id, want.id)
		}
		at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
		c.controller.Decide(devicesim.Cycle{Time: at, Boot: true})
		out := c.controller.Decide(devicesim.Cycle{Time: at, Tick: true, Desired: map[string]any{"$version": 1.0}})
		body := map[string]any{}
		for _, m := range append(out.Telemetry, devicesim.AlertMessage("any", true, "text")) {
			if err := json.Unmarshal(m.Body, &body); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want.names("Telemetry"), slices.Sorted(maps.Keys(body))); diff != "" {
			t.Errorf("%s: telemetry differs from the interface:\n%s", c.name, diff)
		}
		if diff := cmp.Diff(want.names("Property"), slices.Sorted(maps.Keys(out.Report))); diff != "" {
			t.Errorf("%s: properties differ from the interface:\n%s", c.name, diff)
		}
		for _, command := range want.names("Command") {
			answer := c.controller.Decide(devicesim.Cycle{Time: at, Call: &devicesim.Call{Name: command}}).Answer
			if answer == nil || answer.Status == 404 {
				t.Errorf("%s does not have the command %s of its interface", c.name, command)
			}
		}
	}
}

// iface is a DTDL interface as far as this test reads one.
type iface struct {
	id       string
	contents map[string][]string // names by type
}

func (i iface) names(of string) []string { return slices.Sorted(slices.Values(i.contents[of])) }

func parseInterface(t *testing.T, text string) iface {
	t.Helper()
	var doc struct {
		ID       string `json:"@id"`
		Contents []struct {
			Type any    `json:"@type"`
			Name string `json:"name"`
		} `json:"contents"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	out := iface{doc.ID, map[string][]string{}}
	for _, c := range doc.Contents {
		kind := c.Type
		if list, ok := kind.([]any); ok {
			kind = list[0]
		}
		out.contents[kind.(string)] = append(out.contents[kind.(string)], c.Name)
	}
	return out
}
