package hub

import (
	"bytes"
	"context"
)

// KeptState returns what a front end has last kept for the device, nil when nothing.
func (c *Connection) KeptState() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.kept)
}

// KeepState keeps a front end's state of the device beyond the connection and the
// process, until the device is deleted. The hub does not look into it; nil forgets.
func (c *Connection) KeepState(ctx context.Context, state []byte) error {
	if bytes.Equal(c.KeptState(), state) {
		return nil
	}
	defer c.hub.locks.lock(c.id)()
	if err := c.use(); err != nil { // a successor may have written meanwhile
		return err
	}
	_, err := c.hub.update(ctx, c.id, func(doc *document) error {
		doc.Kept = state
		return nil
	})
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = bytes.Clone(state)
	return nil
}
