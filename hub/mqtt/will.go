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

// sendWill publishes the will of a connection that ends without DISCONNECT. The hub
// lets go of a connection that was taken over before this one hears of it, so that
// the will is left to the successor.
func (c *conn) sendWill() {
	c.mu.Lock()
	takenOver := c.takenOver
	c.mu.Unlock()
	if !takenOver {
		c.bequeathWill(c)
	}
}

// bequeathWill publishes c's will in the name of heir.
func (c *conn) bequeathWill(heir *conn) {
	w := c.takeWill()
	if w == nil {
		return
	}
	log, device := c.front.cfg.Log, c.device
	heir.link.Telemetry(*w, func(err error) {
		if err != nil {
			log.Warn("will not stored", "device", device, "error", err)
		}
	})
}
