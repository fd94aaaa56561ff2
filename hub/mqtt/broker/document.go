package broker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"twinrig/hub"
)

// storeTimeout bounds what the store may take for one document.
const storeTimeout = 30 * time.Second

// Keys of the broker's documents. Names that clients choose may be longer than the store's
// keys: they are hashed, and stand in the document.
const (
	sessionKeys  = "broker/session"
	messageKeys  = "broker/message"
	retainedKeys = "broker/retained"
)

// document is a stored document that only this process writes.
type document struct {
	docs hub.Documents
	key  string

	mu       sync.Mutex
	revision uint64 // 0 = not there
}

// put stores body, or removes the document when it is nil.
func (d *document) put(body []byte) error {
	return d.save(func() ([]byte, bool, error) { return body, true, nil })
}

// save stores what snapshot returns, unless that says not to. Snapshots are taken in the
// order in which they are stored.
func (d *document) save(snapshot func() (body []byte, wanted bool, err error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), storeTimeout)
	defer cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	body, wanted, err := snapshot()
	if err == nil && wanted {
		err = d.write(ctx, body)
	}
	if errors.Is(err, hub.ErrConflict) {
		err = d.reconcile(ctx, body)
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", d.key, err)
	}
	return nil
}

func (d *document) write(ctx context.Context, body []byte) error {
	if body == nil && d.revision == 0 {
		return nil
	}
	revision, err := d.docs.Put(ctx, hub.Document{Key: d.key, Revision: d.revision, Body: body})
	if err == nil {
		d.revision = revision // 0 after a removal
	}
	return err
}

// reconcile follows a write that met another revision: one of our own whose answer was
// lost, or one of a session of the same client that came before or after. What is to be
// removed then is somebody else's by now.
func (d *document) reconcile(ctx context.Context, body []byte) error {
	if body == nil {
		return nil
	}
	now, err := d.docs.Get(ctx, d.key)
	if err != nil && !errors.Is(err, hub.ErrNoDocument) {
		return err
	}
	d.revision = now.Revision
	return d.write(ctx, body)
}

// hashedKey is the key of what a client has named.
func hashedKey(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + "/" + hex.EncodeToString(sum[:])
}
