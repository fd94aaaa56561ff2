package hub

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Application properties by which a telemetry message asks the hub to misbehave towards
// its sender. IoT Hub has them for the tests of Azure's SDKs; users' tests rely on them.
const (
	faultType     = "AzIoTHub_FaultOperationType"
	faultDelay    = "AzIoTHub_FaultOperationDelayInSecs"
	faultDuration = "AzIoTHub_FaultOperationDurationInSecs"
)

// Bounds of what a message may ask for.
const (
	maxFaultDelay    = 10 * time.Minute
	maxFaultDuration = 10 * time.Minute
)

// injection is a fault that a device has asked for.
type injection struct {
	operation       string
	delay, duration time.Duration
}

// parseInjection reads the properties of a message; false when it asks for nothing. The
// acknowledgement of the message has a second to get away: a client that missed it would
// ask again.
func parseInjection(properties []Property) (f injection, ok bool) {
	f.delay = time.Second
	for _, p := range properties {
		switch p.Key {
		case faultType:
			f.operation, ok = p.Value, true
		case faultDelay:
			f.delay = faultSeconds(p.Value, maxFaultDelay)
		case faultDuration:
			f.duration = faultSeconds(p.Value, maxFaultDuration)
		}
	}
	return f, ok
}

func faultSeconds(text string, most time.Duration) time.Duration {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0) {
		return 0
	}
	return min(time.Duration(min(n, most.Seconds())*float64(time.Second)), most)
}

// misbehaviour is what the hub does to devices that have asked for it.
type misbehaviour struct {
	any     atomic.Bool // something was ever refused; spares the lock where nothing is
	mu      sync.Mutex
	refused map[string]refusal // by identity
	pending map[*time.Timer]struct{}
	closed  bool
}

// refusal is what a device gets until it ends.
type refusal struct {
	kind  kind
	until time.Time
}

// inject does what a message asks for, after the delay it asks for.
func (c *Connection) inject(f injection) {
	m := &c.hub.misbehaviour
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	if m.pending == nil {
		m.pending, m.refused = map[*time.Timer]struct{}{}, map[string]refusal{}
	}
	var timer *time.Timer
	timer = time.AfterFunc(f.delay, func() {
		m.mu.Lock()
		delete(m.pending, timer)
		m.mu.Unlock()
		c.misbehave(f)
	})
	m.pending[timer] = struct{}{}
}

func (c *Connection) misbehave(f injection) {
	log := c.hub.cfg.Log
	switch {
	case strings.HasPrefix(f.operation, "Kill"), strings.HasPrefix(f.operation, "ShutDown"):
		log.Info("connection is closed as its device asked", "device", c.id, "fault", f.operation)
		c.end(CloseFault)
	case f.operation == "InvokeThrottling":
		c.hub.misbehaviour.refuse(c.id, throttled, f.duration)
	case f.operation == "InvokeMaxMessageQuota":
		c.hub.misbehaviour.refuse(c.id, quotaExceeded, f.duration)
	case f.operation == "InvokeAuthError":
		c.hub.misbehaviour.refuse(c.id, unauthorizedAccess, f.duration)
		c.end(CloseFault)
	default:
		log.Warn("device asks for an unknown fault", "device", c.id, "fault", f.operation)
	}
}

func (m *misbehaviour) refuse(id string, k kind, duration time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[id] = refusal{k, time.Now().Add(duration)}
	m.any.Store(true)
}

// check refuses what a device has asked to be refused: telemetry, or connections.
func (m *misbehaviour) check(id string, connecting bool) error {
	if !m.any.Load() {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.refused[id]
	if !ok {
		return nil
	}
	if !time.Now().Before(r.until) {
		delete(m.refused, id)
		return nil
	}
	if (r.kind == unauthorizedAccess) != connecting {
		return nil
	}
	return r.kind.errorf("Device %s asked for this refusal, until %s.", id, r.until.UTC().Format(time.RFC3339))
}

// close stops what has not happened yet.
func (m *misbehaviour) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for t := range m.pending {
		t.Stop()
	}
}
