package server

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// dataDir is where a server keeps its files. The empty one keeps nothing.
type dataDir string

// Names within a data directory.
// Names within a data directory. The store is opened before all else and locks its
// own, so that no two hubs get at the rest.
const (
	storeDir         = "store"
	uploads          = "uploads" // as well the container's name in addresses
	uploadKey        = "upload.key"
	provisioningFile = "provisioning.json"
	policyFile       = "policies.json"
	caFile           = "ca.pem"
	caKeyFile        = "ca-key.pem"
	leafFile         = "server.pem"
	leafKeyFile      = "server-key.pem"
)

const (
	dataDirMode = fs.FileMode(0o700)
	secretMode  = fs.FileMode(0o600)
	publicMode  = fs.FileMode(0o644)
)

func (d dataDir) path(name string) string { return filepath.Join(string(d), name) }

// make makes the directory.
func (d dataDir) make() error {
	if d == "" {
		return nil
	}
	if err := os.MkdirAll(string(d), dataDirMode); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	return nil
}

// read returns fs.ErrNotExist for what was never written.
func (d dataDir) read(name string) ([]byte, error) {
	if d == "" {
		return nil, fs.ErrNotExist
	}
	return os.ReadFile(d.path(name))
}

// write replaces a file; it is there whole or not at all.
func (d dataDir) write(name string, data []byte, mode fs.FileMode) error {
	if d == "" {
		return nil
	}
	next := d.path(name) + ".new"
	if err := writeSynced(next, data, mode); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(next, d.path(name)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func writeSynced(path string, data []byte, mode fs.FileMode) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// store is the directory of the store, "" for memory.
func (d dataDir) store() string {
	if d == "" {
		return ""
	}
	return d.path(storeDir)
}
