package e2e

import (
	"maps"
	"sync"

	"twinrig/hub/client"
)

// ledger is what devices and services have asked of a hub, and what the hub has
// acknowledged of it.
type ledger struct {
	mu       sync.Mutex
	sent     map[string]bool // telemetry, by "device/message id"
	acked    map[string]bool
	reported map[string]*counter // by device
	desired  map[string]*counter
	devices  map[string]client.Device // created, as the hub returned them
	queued   map[string]int           // commands acknowledged for a device that never connects
	commands map[string]bool          // acknowledged for devices that do, by message id
	received map[string]bool          // by those devices
}

// counter is a property that one writer counts up, a step with each patch.
type counter struct {
	tried   int
	acked   int
	version int64 // of the section, as acknowledged
}

func newLedger() *ledger {
	return &ledger{
		sent: map[string]bool{}, acked: map[string]bool{},
		reported: map[string]*counter{}, desired: map[string]*counter{},
		devices: map[string]client.Device{}, queued: map[string]int{},
		commands: map[string]bool{}, received: map[string]bool{},
	}
}

// note changes the ledger.
func (l *ledger) note(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// progress is the amount of each kind of work that is acknowledged.
func (l *ledger) progress() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := func(counters map[string]*counter) (n int) {
		for c := range maps.Values(counters) {
			n += c.acked
		}
		return n
	}
	return map[string]int{
		"telemetry": len(l.acked), "reported properties": sum(l.reported), "desired properties": sum(l.desired),
		"devices": len(l.devices), "waiting commands": len(l.queued), "commands": len(l.commands), "commands received": len(l.received),
	}
}
