package dtdl

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// published is the folder of published models, where it is there.
func published(t *testing.T) fs.FS {
	t.Helper()
	dir := "../../../shared/data/dtdl"
	if _, err := os.Stat(filepath.Join(dir, "dtmi")); err != nil {
		t.Skip("NOT CHECKED against published models: ", err)
	}
	return os.DirFS(dir)
}

// Every published model can be read in lenient mode, with everything it refers
// to, but for those that refer to models outside of the folder.
func TestPublishedModels(t *testing.T) {
	folder := published(t)
	files, whole, warnings := 0, 0, 0
	outside := regexp.MustCompile(`no dtmi/\S+ in the model folders`)
	err := fs.WalkDir(folder, "dtmi", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".json") {
			return err
		}
		files++
		text, err := fs.ReadFile(folder, path)
		if err != nil {
			return err
		}
		all, findings, err := Parse(text, Lenient)
		if err != nil || findings.Err() != nil {
			t.Errorf("%s: %v %v", path, err, findings.Err())
			return nil
		}
		warnings += len(findings.Warnings())
		r := Repository{Folders: []fs.FS{folder}, Mode: Lenient}
		if _, err := r.Load(all[0].ID); err == nil {
			whole++
		} else if !outside.MatchString(err.Error()) {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d models whole, %d warnings", files, whole, warnings)
	if files < 90 || whole < 80 {
		t.Errorf("%d files and %d whole models; the folder has 95 files", files, whole)
	}
}

func folder(files map[string]string) Repository {
	m := fstest.MapFS{}
	for name, text := range files {
		m["dtmi/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Repository{Folders: []fs.FS{m}}
}

func iface(id, rest string) string {
	return `{"@context":"dtmi:dtdl:context;2","@id":"` + id + `","@type":"Interface"` + rest + `}`
}

func TestExtendsAndComponents(t *testing.T) {
	r := folder(map[string]string{
		"a-1.json":    iface("dtmi:A;1", `,"extends":["dtmi:b;1","dtmi:c;1"],"contents":[{"@type":"Telemetry","name":"own","schema":"double"},{"@type":"Component","name":"part","schema":"dtmi:part;1"}]`),
		"b-1.json":    iface("dtmi:b;1", `,"extends":"dtmi:root;1"`),
		"c-1.json":    iface("dtmi:c;1", `,"extends":"dtmi:root;1"`),
		"root-1.json": iface("dtmi:root;1", `,"contents":[{"@type":"Telemetry","name":"deep","schema":"integer"}]`),
		"part-1.json": iface("dtmi:part;1", `,"contents":[{"@type":"Telemetry","name":"inner","schema":"boolean"}]`),
	})
	m, err := r.Load("dtmi:A;1")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.CheckTelemetry("", []byte(`{"own":1.5,"deep":3}`)); err != nil {
		t.Error(err)
	}
	if err := m.CheckTelemetry("part", []byte(`{"inner":true}`)); err != nil {
		t.Error(err)
	}
}

func TestModelsThatDoNotLoad(t *testing.T) {
	r := folder(map[string]string{
		"self-1.json":  iface("dtmi:self;1", `,"extends":"dtmi:self;1"`),
		"loop-1.json":  iface("dtmi:loop;1", `,"contents":[{"@type":"Component","name":"x","schema":"dtmi:loop;1"}]`),
		"outer-1.json": iface("dtmi:outer;1", `,"contents":[{"@type":"Component","name":"x","schema":"dtmi:mid;1"}]`),
		"mid-1.json":   iface("dtmi:mid;1", `,"contents":[{"@type":"Component","name":"y","schema":"dtmi:leaf;1"}]`),
		"leaf-1.json":  iface("dtmi:leaf;1", ``),
		"name-1.json":  iface("dtmi:other;1", ``),
		"clash-1.json": iface("dtmi:clash;1", `,"extends":"dtmi:base;1","contents":[{"@type":"Telemetry","name":"t","schema":"double"}]`),
		"base-1.json":  iface("dtmi:base;1", `,"contents":[{"@type":"Telemetry","name":"t","schema":"double"}]`),
	})
	for id, says := range map[string]string{
		"dtmi:self;1": "extends itself", "dtmi:loop;1": "holds itself", "dtmi:outer;1": "lies in a component",
		"dtmi:name;1": "holds dtmi:other;1 instead", "dtmi:clash;1": `"t" comes from`, "dtmi:gone;1": "--models", "nonsense": "not a model identifier",
	} {
		if _, err := r.Load(id); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %q", id, err, says)
		}
	}
}

func TestValues(t *testing.T) {
	m, err := (&Repository{Known: map[string]string{"dtmi:com:example:X;1": with(`
		{"@type":"Telemetry","name":"d","schema":"double"},{"@type":"Telemetry","name":"i","schema":"integer"},
		{"@type":"Telemetry","name":"l","schema":"long"},{"@type":"Telemetry","name":"f","schema":"float"},
		{"@type":"Telemetry","name":"b","schema":"boolean"},{"@type":"Telemetry","name":"s","schema":"string"},
		{"@type":"Telemetry","name":"at","schema":"dateTime"},{"@type":"Telemetry","name":"day","schema":"date"},
		{"@type":"Telemetry","name":"tm","schema":"time"},{"@type":"Telemetry","name":"dur","schema":"duration"},{"@type":"Telemetry","name":"pt","schema":"point"},
		{"@type":"Telemetry","name":"e","schema":{"@type":"Enum","valueSchema":"integer","enumValues":[{"name":"on","enumValue":1}]}},
		{"@type":"Telemetry","name":"o","schema":{"@type":"Object","fields":[{"name":"x","schema":"double"}]}},
		{"@type":"Telemetry","name":"m","schema":{"@type":"Map","mapKey":{"name":"k","schema":"string"},"mapValue":{"name":"v","schema":"integer"}}},
		{"@type":"Property","name":"w","schema":"double","writable":true}`)}}).Load("dtmi:com:example:X;1")
	if err != nil {
		t.Fatal(err)
	}
	for body, ok := range map[string]bool{
		`{"d":1.5,"i":-2147483648,"l":3000000000,"f":1e38,"b":true,"s":""}`: true,
		`{"d":1e999}`: false, `{"d":"1"}`: false, `{"i":2147483648}`: false, `{"i":1.5}`: false, `{"l":1e19}`: false, `{"f":1e39}`: false,
		`{"b":0}`: false, `{"s":null}`: false, `{"unknown":1}`: false, `[1]`: false, `{"i":1.0}`: true,
		`{"at":"2026-06-01T12:00:00Z","day":"2026-06-01","tm":"12:00:00","dur":"PT1H30M"}`: true,
		`{"at":"2026-06-01"}`: false, `{"day":"2026-02-30"}`: false, `{"dur":"P"}`: false, `{"dur":"PT"}`: false, `{"tm":"25:00:00"}`: false,
		`{"e":1}`: true, `{"e":2}`: false, `{"o":{"x":1}}`: true, `{"o":{"y":1}}`: false, `{"m":{"a":1}}`: true, `{"m":{"a":1.5}}`: false,
		`{"pt":{"type":"Point","coordinates":[1,2]}}`: true, `{"pt":{"type":"Polygon","coordinates":[]}}`: false,
	} {
		if err := m.CheckTelemetry("", []byte(body)); (err == nil) != ok {
			t.Errorf("%s: %v, want legal %v", body, err, ok)
		}
	}
	for body, ok := range map[string]bool{`{"w":{"value":1,"ac":200,"av":1}}`: true, `{"w":2}`: true, `{"w":{"ac":200}}`: false, `{"w":"x"}`: false, `{"d":1}`: false} {
		if err := m.CheckReported([]byte(body)); (err == nil) != ok {
			t.Errorf("reported %s: %v, want legal %v", body, err, ok)
		}
	}
}
