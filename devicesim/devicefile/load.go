package devicefile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
	"twinrig/twinmodel/dtdl"
	"twinrig/twinmodel/replay"
)

// maxFile bounds a device file.
const maxFile = 1 << 20

// Load reads a device file. Models are looked for among the devices that ship,
// in the folders the file names and then in models, which are laid out as device
// model repositories. Errors name the line and the remedy.
func Load(path string, models ...string) (*devicesim.Kind, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("device file %s: %w", path, err)
	}
	return parse(path, text, models)
}

// loader is one device file being read.
type loader struct {
	path  string
	tree  *ast.File
	file  file
	spec  *twinmodel.Spec
	base  *devicesim.Kind // kind of the shipped plant; nil for a recording
	model *dtdl.Model
	build func(devicesim.Instance) (twinmodel.Plant, error)
	law   law
	kind  devicesim.Kind
}

// trial is the instance plants are built for while a file is read.
var trial = devicesim.Instance{Start: time.Unix(0, 0).UTC()}

func parse(path string, text []byte, models []string) (*devicesim.Kind, error) {
	l := &loader{path: path}
	if len(text) > maxFile {
		return nil, fmt.Errorf("device file %s: %d bytes; at most %d are read", path, len(text), maxFile)
	}
	tree, err := parser.ParseBytes(text, 0)
	if err == nil {
		err = yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&l.file)
	}
	if err != nil {
		return nil, fmt.Errorf("device file %s: %w", path, yamlError(err))
	}
	l.tree = tree
	for _, step := range []func() error{l.head, func() error { return l.loadModel(models) }, l.choosePlant, l.inputs,
		l.telemetry, l.properties, l.alerts, l.commands, l.complete} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l.finish(), nil
}

// yamlError is a YAML error with its line and without the excerpt.
func yamlError(err error) error {
	var e yaml.Error
	if errors.As(err, &e) && e.GetToken() != nil {
		return fmt.Errorf("line %d: %s", e.GetToken().Position.Line, e.GetMessage())
	}
	return err
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
	case (f.Plant == "") == (f.Replay == nil):
		return l.wrong(nil, "give a plant (%s) or a replay with a file, and not both", names(plants()))
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

func plants() (out []string) {
	for _, k := range catalog.Kinds() {
		out = append(out, k.Name)
	}
	return out
}

// loadModel finds the model the device announces.
func (l *loader) loadModel(folders []string) error {
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
	for _, dir := range folders {
		r.Folders = append(r.Folders, os.DirFS(dir))
	}
	var err error
	if l.model, err = r.Load(l.file.Model); err != nil {
		return l.wrong(at("model"), "%w", err)
	}
	return nil
}

// choosePlant finds what the device measures.
func (l *loader) choosePlant() error {
	if l.file.Replay != nil {
		return l.recording()
	}
	i := slices.IndexFunc(catalog.Kinds(), func(k *devicesim.Kind) bool { return k.Name == l.file.Plant })
	if i < 0 {
		return l.wrong(at("plant"), "there is no plant %q; there are %s", l.file.Plant, names(plants()))
	}
	l.base = catalog.Kinds()[i]
	chosen := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(l.file.Options)) {
		i := slices.IndexFunc(l.base.Options, func(o devicesim.Option) bool { return o.Name == name })
		if i < 0 {
			return l.wrong(at("options", name), "a %s has no option %q; `twinrig model show %s` lists them", l.base.Title, name, l.base.Name)
		}
		o := l.base.Options[i]
		v, err := (twinmodel.Signal{Label: name, Quantity: o.Quantity, Unit: o.Unit}).Resolve(l.file.Options[name])
		if err != nil {
			return l.wrong(at("options", name), "%w", err)
		}
		chosen[name] = v
	}
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) {
		in.Chosen = chosen
		p, _, err := l.base.Build(in)
		return p, err
	}
	p, err := l.build(trial)
	if err != nil {
		return l.wrong(at("options"), "%w", err)
	}
	l.spec = p.Spec()
	return nil
}

func (l *loader) recording() error {
	path := l.file.Replay.File
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(l.path), path)
	}
	if len(l.file.Options) > 0 || len(l.file.Inputs) > 0 {
		return l.wrong(at("replay"), "a recording has neither options nor inputs; take them out")
	}
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("recording %s is not there; its path counts from the device file", l.file.Replay.File)
		}
		return l.wrong(at("replay", "file"), "%w", err)
	}
	defer func() { _ = f.Close() }()
	table, err := replay.Read(f)
	if err != nil {
		return l.wrong(at("replay", "file"), "%s: %w", l.file.Replay.File, err)
	}
	l.spec = table.Spec()
	repeat := l.file.Replay.Repeat
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) {
		return replay.New(in.Start, table, repeat), nil
	}
	return nil
}
