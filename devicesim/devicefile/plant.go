package devicefile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"twinrig/devicesim"
	"twinrig/devicesim/catalog"
	"twinrig/twinmodel"
	"twinrig/twinmodel/replay"
)

func plants() (out []string) {
	for _, k := range catalog.Kinds() {
		out = append(out, k.Name)
	}
	return out
}

// choosePlant finds what the device measures.
func (l *loader) choosePlant() (err error) {
	place := at("options")
	switch {
	case l.file.Replay != nil:
		place, err = at("replay"), l.recording()
	case l.file.Plant.FMU != "":
		place, err = at("plant", "fmu"), l.imported()
	case l.file.Plant.Network != "":
		place, err = at("plant", "network"), l.network()
	default:
		err = l.shipped()
	}
	if err != nil {
		return err
	}
	if l.trial, err = l.build(devicesim.Instance{Start: time.Unix(0, 0).UTC()}); err != nil {
		return l.wrong(place, "%w", err)
	}
	l.spec = l.trial.Spec()
	return nil
}

// endTrial ends the plant that was built while the file was read.
func (l *loader) endTrial() error {
	if l.trial == nil {
		return nil
	}
	return twinmodel.Close(l.trial)
}

func (l *loader) shipped() error {
	i := slices.IndexFunc(catalog.Kinds(), func(k *devicesim.Kind) bool { return k.Name == l.file.Plant.Name })
	if i < 0 {
		return l.wrong(at("plant"), "there is no plant %q; there are %s", l.file.Plant.Name, names(plants()))
	}
	l.base = catalog.Kinds()[i]
	chosen := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(l.file.Options)) {
		i := slices.IndexFunc(l.base.Options, func(o devicesim.Option) bool { return o.Name == name })
		if i < 0 {
			return l.wrong(at("options", name), "a %s has no option %q; `twinrig model show %s` lists them", l.base.Title, name, l.base.Name)
		}
		o := l.base.Options[i]
		v, err := o.Signal().Resolve(l.file.Options[name])
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
	return nil
}

// beside is a path that counts from the device file.
func (l *loader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(l.path), path)
}

func (l *loader) recording() error {
	if len(l.file.Options) > 0 || len(l.file.Inputs) > 0 {
		return l.wrong(at("replay"), "a recording has neither options nor inputs; take them out")
	}
	f, err := os.Open(l.beside(l.file.Replay.File))
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
	repeat := l.file.Replay.Repeat
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) { return replay.New(in.Start, table, repeat), nil }
	return nil
}
