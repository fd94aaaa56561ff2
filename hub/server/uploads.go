package server

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"twinrig/hub/blob"
)

const uploadKeySize = 32

// blobs opens what devices upload. The key that signs their rights is kept, so that a
// restart does not break off an upload.
func (d dataDir) blobs(random io.Reader) (*blob.Store, error) {
	key, err := d.read(uploadKey)
	if errors.Is(err, fs.ErrNotExist) {
		key = make([]byte, uploadKeySize)
		if _, err = io.ReadFull(random, key); err == nil {
			err = d.write(uploadKey, key, secretMode)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key of uploads: %w", err)
	}
	if len(key) != uploadKeySize {
		return nil, fmt.Errorf("key of uploads: %s is damaged; remove it to have a new one made", d.path(uploadKey))
	}
	dir := ""
	if d != "" {
		dir = d.path(uploads)
	}
	return blob.Open(dir, uploads, key)
}
