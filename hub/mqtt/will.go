package mqtt

import "twinrig/hub"

// takeWill returns the will, once.
func (c *conn) takeWill() *hub.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.will
	c.will = nil
	return w
}

// sendWill publishes the will of a connection that ends without DISCONNECT: by a broken
// socket, silence, a protocol error, a successor, or by the hub because the device was
// disabled, lost its credential or the hub shuts down. Whoever waits for the will wants to
// know that the device is no longer there. Only a deleted device has no last word.
func (c *conn) sendWill() {
	w := c.takeWill()
	if w == nil {
		return
	}
	log, device := c.front.cfg.Log, c.device
	c.link.Will(*w, func(err error) {
		if err != nil {
			log.Warn("will not stored", "device", device, "error", err)
		}
	})
}
