package devicefile

import (
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"twinrig/devicesim"
	"twinrig/twinmodel/dtdl"
)

const (
	examples  = "../../examples/devices"
	published = "../../../shared/data/dtdl"
)

func example(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(examples, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("device.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("device.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fits(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	j, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(j)))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestExamplesFitTheSchema(t *testing.T) {
	s := compiled(t)
	files, _ := filepath.Glob(filepath.Join(examples, "*.yaml"))
	if len(files) < 4 {
		t.Errorf("%d examples", len(files))
	}
	for _, f := range files {
		if err := fits(t, s, example(t, filepath.Base(f))); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

// What is written wrongly is refused with line and remedy, and by the schema
// where it is a matter of form.
func TestMistakes(t *testing.T) {
	s := compiled(t)
	good := string(example(t, "cold-room.yaml"))
	for _, c := range []struct {
		from, to, says string
		form           bool
	}{
		{"device: cold room", "devise: cold room", `yaml:3: unknown field "devise"`, true},
		{"plant: reefer", "plant: freezer", "yaml:6: there is no plant", false},
		{"plant: reefer\n", "", "give a plant", true},
		{"plant: reefer", "plant: {network: waterworks.inp, fmu: lag.fmu}", "and not both", true},
		{"plant: reefer", "plant: {network: sewers.inp}", "yaml:6: network sewers.inp is not there", false},
		{"plant: reefer", "plant: {network: logger.csv}", "yaml:6: logger.csv: read network: line 1: text before the first section", false},
		{"plant: reefer", "plant: {network: waterworks.inp, step: 1 s}", "yaml:6: a network has neither", true},
		{"models: [models]", "models: [model]", "yaml:5: model folder model is not there", false},
		{"ColdRoom;1", "WarmRoom;1", "yaml:4: load model", false},
		{"mean ambient temperature: 30 °C", "mean ambient temperature: 30 bar", "yaml:8: 30 bar is a pressure", false},
		{"mean ambient temperature: 30 °C", "mean ambient temperature: 300 °C", "outside the range", false},
		{"signal: return air temperature\n", "signal: oil temperature\n", `yaml:11: a refrigeration truck has no signal "oil temperature"; it has`, false},
		{"signal: return air temperature\n", "signal: box humidity\n", "cannot be sent in °F", false},
		{"decimals: 1", "decimals: 99", "write 0 to 15", true},
		{"  humidity: {signal: box humidity}\n", "", "humidity, which nothing is bound to", false},
		{"  humidity:", "  humidness:", `yaml:15: dtmi:com:example:ColdRoom;1 has no telemetry "humidness"`, false},
		{`constant: "1.4.2"`, "constant: 1.4", "a number where the interface has string", false},
		{"{signal: box humidity}", "{random: {distribution: lognormal, min: 1, max: 2}}", `yaml:15: there is no distribution "lognormal"; there are uniform, normal, choice`, true},
		{"{signal: box humidity}", "{random: {distribution: uniform, min: 1}}", "yaml:15: give its range", true},
		{"{signal: box humidity}", "{random: {distribution: uniform, min: 2, max: 1}}", "yaml:15: the range 2 to 1 is empty", false},
		{"{signal: box humidity}", "{random: {distribution: normal, mean: 7, deviation: 1, min: 8, max: 9}}", "mean 7 is outside", false},
		{"{signal: box humidity}", "{random: {distribution: normal, mean: 5, min: 0, max: 9}}", "deviation 0", true},
		{"{signal: box humidity}", "{random: {distribution: uniform, min: 0, max: 5000000000}}", "yaml:15: send humidity", false},
		{"{signal: box humidity}", "{random: {distribution: choice, values: [wet]}}", "yaml:15: humidity", false},
		{"{signal: box humidity}", "{random: {distribution: choice}}", "write the values", true},
		{"{signal: box humidity}", "{random: {distribution: uniform, min: 0, max: 1}, sensor: {lag: 1 s}}", "belong to a signal", false},
		{"{signal: box humidity}", "{random: {distribution: uniform, min: 0, max: 1}, constant: 3}", "give one of", true},
		{"{signal: box humidity}", "{decimals: 3}", "give one of", true},
		{"min: -20, max: 40", "min: cold, max: 40", `yaml:20: "cold" is not a number`, true},
		{"interval: true, value: 5", "interval: perhaps, value: 5", `yaml:19: "perhaps" is not true or false`, true},
		{"every: 30 s", "every: 30 parsecs", "not a duration", true},
		{"value: -4", "value: 100", "outside -20 to 40", false},
		{"signal: setpoint, value", "signal: cargo door, value", "set by the surroundings", false},
		{"is: open", "is: ajar", "it is one of closed, open", false},
		{"is: open", "is: open, above: 1 °C", "give one of", true},
		{"defrost request: requested", "defrost request: perhaps", "yaml:26: defrost request cannot be", false},
		{`answer: "requested"`, "answer: 7", "yaml:26: answer", false},
		{"noise: 0.05", "noise: -1", "noise", true},
		{"site: {value: \"dock 3\"}", "site: {}", "no value", true},
		{"interval: {interval: true, ", "interval: {interval: true, signal: setpoint, ", "not both", false},
	} {
		text := strings.Replace(good, c.from, c.to, 1)
		if text == good {
			t.Errorf("%q is not in the example; mend the test", c.from)
		}
		if _, err := parse(examples+"/cold-room.yaml", []byte(text), Options{}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q for %q: error %v, want one that says %q", c.to, c.from, err, c.says)
		}
		if refused := fits(t, s, []byte(text)) != nil; refused != c.form {
			t.Errorf("%q for %q: the schema refuses it: %v, want %v", c.to, c.from, refused, c.form)
		}
	}
}

// Everything a device from a file sends is what its model describes.
func TestDevicesFromFilesKeepTheirModel(t *testing.T) {
	for _, name := range []string{"cold-room.yaml", "logger.yaml", "esp32-kit.yaml", "gsgstml4s5.yaml"} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(published); err != nil && name != "cold-room.yaml" {
				t.Skip("NOT CHECKED against the published model: ", err)
			}
			k, err := Load(filepath.Join(examples, name), Options{Models: []string{published}})
			if err != nil {
				t.Fatal(err)
			}
			exercise(t, k)
		})
	}
}

func modelOf(t *testing.T, id string) *dtdl.Model {
	t.Helper()
	r := dtdl.Repository{Folders: []fs.FS{os.DirFS(filepath.Join(examples, "models")), os.DirFS(published)}, Mode: dtdl.Lenient}
	m, err := r.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func exercise(t *testing.T, k *devicesim.Kind) {
	t.Helper()
	m := modelOf(t, k.ModelID)
	at := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	plant, controller, err := k.Build(devicesim.Instance{Start: at})
	if err != nil {
		t.Fatal(err)
	}
	sensors, err := k.Instruments(1, "d")
	if err != nil {
		t.Fatal(err)
	}
	c, messages, random := controller(), 0, rand.New(rand.NewPCG(1, 2))
	for i := range 500 {
		in := devicesim.Cycle{Time: at, Boot: i == 0, Tick: i > 0, Readings: devicesim.Readings{}}
		if i == 1 {
			in.Desired = map[string]any{"$version": 1.0}
		}
		if err := plant.Advance(at); err != nil {
			t.Fatal(err)
		}
		for _, s := range plant.Spec().Faults() {
			if err := plant.Set(s.Name, random.Float64()); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range sensors {
			truth, err := plant.Value(s.Signal)
			if err != nil {
				t.Fatal(err)
			}
			in.Readings[s.Signal] = s.Instrument.Read(at, truth)
		}
		out := c.Decide(in)
		for _, telemetry := range out.Telemetry {
			messages++
			if err := m.CheckTelemetry(telemetry.Component, telemetry.Body); err != nil {
				t.Fatalf("%s: %v", telemetry.Body, err)
			}
		}
		patch, _ := json.Marshal(out.Report)
		if err := m.CheckReported(patch); out.Report != nil && err != nil {
			t.Fatalf("%s: %v", patch, err)
		}
		at = at.Add(10 * time.Second)
	}
	if messages < 10 {
		t.Errorf("%d messages in 83 minutes", messages)
	}
}

// The published board in an elevator car feels the ride: more than gravity as it
// leaves upwards, less as it stops, and thinner air above.
func TestElevatorAsPublishedBoard(t *testing.T) {
	if _, err := os.Stat(published); err != nil {
		t.Skip("NOT CHECKED against the published model: ", err)
	}
	k, err := Load(filepath.Join(examples, "gsgstml4s5.yaml"), Options{Models: []string{published}})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	plant, controller, err := k.Build(devicesim.Instance{ID: "d", Start: at, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	sensors, err := k.Instruments(1, "d")
	if err != nil {
		t.Fatal(err)
	}
	for input, v := range map[string]float64{"passengerRate": 0, "calledFloor": 12} {
		if err := plant.Set(input, v); err != nil {
			t.Fatal(err)
		}
	}
	c := controller()
	least, most, last := 9.0, 0.0, 0.0
	for i := range 30 {
		in := devicesim.Cycle{Time: at, Boot: i == 0, Tick: i > 0, Readings: devicesim.Readings{}}
		if err := plant.Advance(at); err != nil {
			t.Fatal(err)
		}
		for _, s := range sensors {
			truth, err := plant.Value(s.Signal)
			if err != nil {
				t.Fatal(err)
			}
			in.Readings[s.Signal] = s.Instrument.Read(at, truth)
		}
		for _, m := range c.Decide(in).Telemetry {
			var sent struct{ AccelerometerZ, Pressure float64 }
			if err := json.Unmarshal(m.Body, &sent); err != nil {
				t.Fatal(err)
			}
			least, most, last = min(least, sent.AccelerometerZ), max(most, sent.AccelerometerZ), sent.Pressure
		}
		at = at.Add(time.Second)
	}
	if most < 1.08 || most > 1.2 || least > 0.92 || least < 0.8 {
		t.Errorf("accelerometerZ from %.3f to %.3f g, the ride is ±0.102", least, most)
	}
	if want := 101.325 - 0.461; last < want-0.01 || last > want+0.01 {
		t.Errorf("pressure %.3f kPa at 38.5 m, want %.3f", last, want)
	}
}

func FuzzParse(f *testing.F) {
	text, err := os.ReadFile(filepath.Join(examples, "cold-room.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("device: x\nmodel: dtmi:com:twinrig:reefer;1\nplant: reefer\n")
	f.Add("telemetry: {a: {signal: [}}")
	f.Add("device: x\nmodel: dtmi:com:twinrig:reefer;1\nplant: {fmu: a.fmu, start: {u: 1 K}, signals: {a b: {variable: x, min: 3}}}\n")
	f.Add("device: x\nmodel: dtmi:com:twinrig:reefer;1\nplant: reefer\ntelemetry: {cargoTemperature: {random: {distribution: normal, mean: 1, deviation: .nan, min: 0, max: 2}}}\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = parse(examples+"/fuzz.yaml", []byte(text), Options{})
	})
}
