package server

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// dataVersion is the layout of data directories this program writes. It grows when an
// older program could not read, or would damage, what a newer one wrote.
const dataVersion = 1

const versionFile = "version"

// migrations turn a directory of the version that is the key into the next one. What a
// migration is killed in the middle of, it must be able to do again.
var migrations = map[int]func(dataDir) error{
	0: adopt,
}

// adopt takes over a directory from before there were versions: its files are those of
// version 1. Events in the one format that is not are refused when the hub opens them.
func adopt(dataDir) error { return nil }

// settle checks who wrote the directory and brings it to the version of this program. The
// store is locked by then: no two programs do this at the same time.
func (d dataDir) settle(found int) error {
	if d == "" {
		return nil
	}
	for v := found; v < dataVersion; v++ {
		if err := migrations[v](d); err != nil {
			return fmt.Errorf("data directory %s: migrate from version %d: %w", d, v, err)
		}
		if err := d.write(versionFile, fmt.Appendf(nil, "%d\n", v+1), publicMode); err != nil {
			return err
		}
	}
	return nil
}

// version reads the version of the directory: that of this program for an empty one, 0
// for one from before there were versions. A newer one is refused before anything in it
// is touched.
func (d dataDir) version() (int, error) {
	text, err := d.read(versionFile)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read version of the data directory: %w", err)
	}
	v, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil || v < 1:
		return 0, fmt.Errorf("data directory %s: %s is damaged: it holds %.20q, not a number such as %d (restore it from a backup)",
			d, versionFile, text, dataVersion)
	case v > dataVersion:
		return 0, fmt.Errorf("data directory %s has version %d, of a newer twinrig; this one knows up to %d: run the newer program, or choose another directory",
			d, v, dataVersion)
	}
	return v, nil
}
