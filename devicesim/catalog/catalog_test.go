package catalog_test

import (
	"strings"
	"testing"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/binding"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
	"twinrig/twinmodel/planttest"
)

// Every kind sends and takes what its DTDL interface says.
func TestKindsKeepTheirInterface(t *testing.T) {
	for _, k := range catalog.Kinds() {
		if _, err := binding.Check(k); err != nil {
			t.Error(err)
		}
	}
}

// Every plant keeps the contract of package twinmodel.
func TestPlantsKeepTheContract(t *testing.T) {
	for _, k := range catalog.Kinds() {
		t.Run(k.Name, func(t *testing.T) {
			planttest.Contract(t, func() twinmodel.Plant {
				p, _, err := k.Build(devicesim.Instance{ID: k.Example, Start: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), Seed: 1})
				if err != nil {
					t.Fatal(err)
				}
				return p
			})
		})
	}
}

// Every parameter of every plant says its unit and its source, and the defaults
// lie in their ranges.
func TestKindsExplainTheirParameters(t *testing.T) {
	for _, k := range catalog.Kinds() {
		list, err := twinmodel.Parameters(k.Params)
		if err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		for _, p := range list {
			if strings.Contains(p.Source, ".md") {
				t.Errorf("%s: parameter %s has the source %q, which nobody who runs twinrig can read; cite what that file cites", k.Name, p.Name, p.Source)
			}
		}
		if len(list) == 0 {
			t.Errorf("%s: no parameters; give the Kind Params: plant.DefaultParams()", k.Name)
		}
		if err := twinmodel.CheckParameters(k.Params); err != nil {
			t.Errorf("%s: default %v", k.Name, err)
		}
	}
}

// The check finds an interface that was changed and not kept.
func TestBrokenInterfacesAreFound(t *testing.T) {
	for _, c := range []struct{ from, to, says string }{
		{`"unit": "degreeCelsius"`, `"unit": "degreeFahrenheit"`, "the controller reads the signal in °C"},
		{`["Telemetry", "Temperature"], "name": "cargoTemperature", "displayName": "Cargo temperature", "description": "Surface of the cargo.", "schema": "double", "unit": "degreeCelsius"`,
			`["Telemetry", "Pressure"], "name": "cargoTemperature", "schema": "double", "unit": "bar"`, "cannot be sent in bar"},
		{`"name": "cargoTemperature", "displayName"`, `"name": "cargoWarmth", "displayName"`, `no telemetry "cargoTemperature"`},
		{`"name": "doorOpen", "displayName": "Cargo door open", "schema": "boolean"`, `"name": "doorOpen", "schema": "date"`, "do not fit the schema date"},
		{`{"name": "defrost", "enumValue": "defrost"}`, `{"name": "thaw", "enumValue": "thaw"}`, `no enum value for the state "defrost"`},
		{`"name": "startDefrost"`, `"name": "beginDefrost"`, "does not have the command beginDefrost"},
		{`"contents": [`, `"contents": [{"@type": "Telemetry", "name": "mood", "schema": "string"},`, "mood is in the interface"},
		{`{"name": "uptimeSeconds", "schema": "long"}`, `{"name": "uptimeSeconds", "schema": "string"}`, "answer of getStatus"},
	} {
		k := *find(t, "reefer")
		k.DTDL = strings.Replace(k.DTDL, c.from, c.to, 1)
		if k.DTDL == find(t, "reefer").DTDL {
			t.Errorf("%s is not in the interface; mend the test", c.from)
		}
		if _, err := binding.Check(&k); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s instead of %s: error %v, want one that says %q", c.to, c.from, err, c.says)
		}
	}
}

func find(t *testing.T, name string) *devicesim.Kind {
	for _, k := range catalog.Kinds() {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("no kind %s", name)
	return nil
}
