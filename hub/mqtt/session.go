package mqtt

import (
	"fmt"

	"twinrig/hub"
)

var _ hub.Session = (*conn)(nil)

// Method sends a method call to the device.
func (c *conn) Method(r hub.MethodRequest) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.subscription(channelMethods, r.Name)
	if s == nil || !c.ready || c.ending {
		return hub.ErrNotSubscribed
	}
	pk, err := c.dialect.method(r)
	if err != nil {
		return err
	}
	if err := c.deliverLocked(&pk, s); err != nil {
		return fmt.Errorf("send to device: %w", err)
	}
	return nil
}

// Desired tells the device about a change, if it listens for such.
func (c *conn) Desired(version int64, patch []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.subscription(channelDesired, "")
	if s == nil || !c.ready {
		return
	}
	pk := c.dialect.desired(version, patch)
	if err := c.deliverLocked(&pk, s); err != nil {
		c.front.cfg.Log.Warn("desired properties not sent", "device", c.device, "version", version, "error", err)
	}
}

// CommandsWaiting starts fetching commands.
func (c *conn) CommandsWaiting() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetchLocked(true)
}

// closeFaults is what an MQTT 5 client hears when the hub ends its session.
var closeFaults = map[hub.CloseReason]*fault{
	hub.CloseTakenOver:          {code: codeSessionTakenOver, text: "another connection of this device took over"},
	hub.CloseDeviceDisabled:     {code: codeNotAuthorized, status: statusNotAuthorized, text: "device was disabled"},
	hub.CloseDeviceDeleted:      {code: codeNotAuthorized, status: statusNotAuthorized, text: "device was deleted"},
	hub.CloseCredentialsChanged: {code: codeNotAuthorized, status: statusNotAuthorized, text: "credentials of the device were changed"},
	hub.CloseTokenExpired:       {code: codeNotAuthorized, status: statusNotAuthorized, text: "credential expired"},
	hub.CloseFault:              {code: codeUnspecified, text: "the device asked for this fault"},
	hub.CloseShutdown:           {code: codeShuttingDown, status: statusServerBusy, text: "hub is shutting down"},
}

// Close ends the connection from the hub's side.
func (c *conn) Close(reason hub.CloseReason) {
	f := closeFaults[reason]
	if f == nil {
		f = &fault{code: codeUnspecified, text: fmt.Sprintf("closed for reason %d", reason)}
	}
	if c.front.broker != nil {
		f = &fault{code: f.code, text: "the broker is shutting down"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shutLocked(f, f)
	if reason == hub.CloseDeviceDeleted { // nobody is left in whose name to keep or say anything
		c.sessionExpiry, c.will = 0, nil
	}
}
