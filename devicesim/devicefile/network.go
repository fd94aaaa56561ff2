package devicefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"twinrig/devicesim"
	"twinrig/twinmodel"
	"twinrig/twinmodel/pipenet"
)

// network makes the plant of a pipe network in EPANET's format.
func (l *loader) network() error {
	here, p := at("plant", "network"), &l.file.Plant
	if len(l.file.Options) > 0 || p.Step != "" || len(p.Start) > 0 || len(p.Signals) > 0 {
		return l.wrong(here, "a network has neither options nor step, start and signals; its signals have the names of its elements")
	}
	f, err := os.Open(l.beside(p.Network))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("network %s is not there; its path counts from the device file", p.Network)
		}
		return l.wrong(here, "%w", err)
	}
	defer func() { _ = f.Close() }()
	n, err := pipenet.Read(f)
	if err != nil {
		return l.wrong(here, "%s: %w", p.Network, err)
	}
	l.build = func(in devicesim.Instance) (twinmodel.Plant, error) {
		return pipenet.New(in.Start, n, pipenet.FileParams(n))
	}
	return nil
}
