package devicefile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
)

// maxFile bounds a device file.
const maxFile = 1 << 20

// Options are what a device file needs from around it.
type Options struct {
	Models  []string         // folders in the layout of device model repositories
	FMUHost func() *exec.Cmd // a process that calls host.Serve, not started; nil if there can be no FMUs
}

// Load reads a device file. Models are looked for among the devices that ship,
// in the folders the file names and then in those of the options. Errors name the
// line and the remedy.
func Load(path string, o Options) (*devicesim.Kind, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("device file %s: %w", path, err)
	}
	return parse(path, text, o)
}

// loader is one device file being read.
type loader struct {
	path    string
	options Options
	tree    *ast.File
	file    file
	spec    *twinmodel.Spec
	base    *devicesim.Kind // kind of the shipped plant; nil for a recording or an FMU
	model   *dtdl.Model
	build   func(devicesim.Instance) (twinmodel.Plant, error)
	trial   twinmodel.Plant // one that is built while the file is read
	law     law
	kind    devicesim.Kind
}

func parse(path string, text []byte, o Options) (kind *devicesim.Kind, err error) {
	l := &loader{path: path, options: o}
	if len(text) > maxFile {
		return nil, fmt.Errorf("device file %s: %d bytes; at most %d are read", path, len(text), maxFile)
	}
	tree, err := parser.ParseBytes(text, 0)
	if err == nil {
		err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&l.file)
	}
	if err != nil {
		return nil, yamlError(path, err)
	}
	l.tree = tree
	defer func() {
		if e := l.endTrial(); err == nil && e != nil {
			kind, err = nil, l.wrong(at("plant"), "%w", e)
		}
	}()
	for _, step := range []func() error{l.head, l.loadModel, l.choosePlant, l.inputs, l.telemetry, l.properties, l.alerts, l.commands, l.complete} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l.finish(), nil
}

// yamlError is a YAML error with its line, in words that know no Go, and without
// the excerpt.
func yamlError(path string, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return fmt.Errorf("device file %s: %w", path, err)
	}
	text := e.GetMessage()
	var kind *yaml.TypeError
	if errors.As(err, &kind) {
		text = fmt.Sprintf("%q is not %s", e.GetToken().Value, inWords(kind.DstType))
	}
	return fmt.Errorf("device file %s:%d: %s", path, e.GetToken().Position.Line, text)
}

// inWords is what people call a type in a file.
func inWords(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float64:
		return "a number"
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping of keys to values"
	}
	return "text"
}

// wrong is a mistake at a place in the file.
func (l *loader) wrong(place []string, format string, args ...any) error {
	return fmt.Errorf("device file %s:%d: %w", l.path, l.line(place), fmt.Errorf(format, args...))
}

// line finds a place in the file, or the nearest place around it.
func (l *loader) line(place []string) int {
	line := 1
	if len(l.tree.Docs) == 0 {
		return line
	}
	body := l.tree.Docs[0].Body
	for _, name := range place {
		var found *ast.MappingValueNode
		for _, member := range members(body) {
			if member.Key.GetToken().Value == name {
				found = member
			}
		}
		if found == nil {
			break
		}
		line, body = found.Key.GetToken().Position.Line, found.Value
	}
	return line
}

func members(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

func at(place ...string) []string { return place }

func (l *loader) head() error {
	f := &l.file
	switch {
	case f.Device == "":
		return l.wrong(nil, "no device; say what the device is called: device: cold room")
	case f.Model == "":
		return l.wrong(nil, "no model; name a DTDL interface: model: dtmi:com:example:ColdRoom;1")
	case f.Plant.kinds() > 1 || (f.Plant.kinds() == 0) == (f.Replay == nil):
		return l.wrong(nil, "give a plant (%s, or fmu: or network: with a file) or a replay with a file, and not both", names(plants()))
	}
	l.law.every = time.Minute
	return l.duration(at("every"), f.Every, time.Second, &l.law.every)
}

// duration reads a duration of at least a minimum; an empty text changes nothing.
func (l *loader) duration(place []string, text string, least time.Duration, into *time.Duration) error {
	if text == "" {
		return nil
	}
	d, err := twinmodel.ParseDuration(text)
	if err != nil {
		return l.wrong(place, "%w", err)
	}
	if d < least || d > 366*24*time.Hour {
		return l.wrong(place, "%s is not between %v and a year", text, least)
	}
	*into = d
	return nil
}

// loadModel finds the model the device announces.
func (l *loader) loadModel() error {
	r := dtdl.Repository{Known: map[string]string{}, Mode: dtdl.Lenient}
	for _, k := range catalog.Kinds() {
		if k.DTDL != "" {
			r.Known[k.ModelID] = k.DTDL
		}
	}
	for i, dir := range l.file.Models {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(l.path), dir)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return l.wrong(at("models"), "model folder %s is not there", l.file.Models[i])
		}
		r.Folders = append(r.Folders, os.DirFS(dir))
	}
	for _, dir := range l.options.Models {
		r.Folders = append(r.Folders, os.DirFS(dir))
	}
	var err error
	if l.model, err = r.Load(l.file.Model); err != nil {
		return l.wrong(at("model"), "%w", err)
	}
	return nil
}
