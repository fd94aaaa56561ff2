package scenarios

import (
	"encoding/json"
	"sync"
	"time"

	"twinrig/hub/client"
	"twinrig/reports"
	"twinrig/scenarios/requirement"
)

// chronicle is what has happened in a scenario so far: the record, and the same
// facts in the form steps ask for them.
type chronicle struct {
	recorder *reports.Recorder

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever something is added
	devices map[string]*history
}

// history is the part of a chronicle that is about one device.
type history struct {
	columns   []reports.SignalInfo
	truth     map[string]*requirement.Series // the plant's signals
	measured  map[string]*requirement.Series // what instruments read
	reported  map[string]*requirement.Series // numbers in telemetry, by the hub's clock
	telemetry []time.Time                    // when the hub stored each telemetry message
	alerts    map[string]alertState          // alerts ever heard of
	calls     map[string]int                 // direct methods the device was asked for
	commands  []string                       // cloud-to-device messages the device took
	online    bool
}

// alertState is what the hub heard last of an alert, and when.
type alertState struct {
	active bool
	at     time.Time
}

func newChronicle(r *reports.Recorder) *chronicle {
	return &chronicle{recorder: r, changed: make(chan struct{}), devices: map[string]*history{}}
}

// device is the history of one device; call it with the lock held.
func (c *chronicle) device(id string) *history {
	h := c.devices[id]
	if h == nil {
		h = &history{
			truth: map[string]*requirement.Series{}, measured: map[string]*requirement.Series{}, reported: map[string]*requirement.Series{},
			alerts: map[string]alertState{}, calls: map[string]int{},
		}
		c.devices[id] = h
	}
	return h
}

// look runs f on one device's history.
func (c *chronicle) look(id string, f func(*history)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c.device(id))
}

// change is closed at the next addition.
func (c *chronicle) change() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// add records an event and takes from it what steps may ask.
func (c *chronicle) add(ev reports.Event) {
	c.recorder.Record(ev)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch ev.Kind {
	case reports.KindSignals:
		c.device(ev.Entity).columns = ev.Signals
	case reports.KindSample:
		c.device(ev.Entity).sample(ev)
	case reports.KindConnection:
		c.device(ev.Entity).online = ev.Connection.Online
	case reports.KindCommand:
		c.device(ev.Entity).took(ev.Command)
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

func (h *history) sample(ev reports.Event) {
	for i, column := range h.columns {
		if v := ev.Sample[i]; v != nil {
			to := h.truth
			if column.Source == "sensor" {
				to = h.measured
			}
			series(to, column.Name, column.States != nil).Add(ev.Time, *v)
		}
	}
}

func (h *history) took(c *reports.Command) {
	switch c.Type {
	case "method":
		h.calls[c.Name]++
	case "c2d":
		var text string
		if json.Unmarshal(c.Payload, &text) != nil {
			text = string(c.Payload)
		}
		h.commands = append(h.commands, text)
	}
}

// telemetry adds a message read from the hub. Its place in the record is the
// hub's: the instant it was stored, in its partition.
func (c *chronicle) telemetry(entity string, ev client.Event) {
	c.recorder.Record(reports.Event{Time: ev.Enqueued, Entity: entity, Kind: reports.KindTelemetry, Telemetry: &reports.Telemetry{
		Device: ev.Device, Partition: ev.Partition, Number: ev.Number, Enqueued: ev.Enqueued, Properties: ev.Properties, Body: reports.JSONOrText(ev.Body),
	}})
	alert, isAlert := ev.Properties["alert"]
	active := ev.Properties["active"] == "true"
	if isAlert {
		c.recorder.Record(reports.Event{Time: ev.Enqueued, Entity: entity, Kind: reports.KindAlert, Alert: &reports.Alert{
			Device: ev.Device, Name: alert, Active: active, Text: alertText(ev.Body),
		}})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.device(ev.Device)
	if isAlert {
		h.alerts[alert] = alertState{active, ev.Enqueued}
	} else {
		h.telemetry = append(h.telemetry, ev.Enqueued)
		for name, v := range numbers(ev.Body) {
			series(h.reported, name, false).Add(ev.Enqueued, v)
		}
	}
	close(c.changed)
	c.changed = make(chan struct{})
}

func alertText(body []byte) string {
	var alert struct{ Text string }
	_ = json.Unmarshal(body, &alert) // a stranger's alert need not be JSON
	return alert.Text
}

// numbers are the numeric fields of a JSON telemetry body; booleans count as 0
// and 1. Any other body has none.
func numbers(body []byte) map[string]float64 {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return nil
	}
	out := map[string]float64{}
	for name, v := range fields {
		switch v := v.(type) {
		case float64:
			out[name] = v
		case bool:
			out[name] = 0
			if v {
				out[name] = 1
			}
		}
	}
	return out
}

func series(of map[string]*requirement.Series, name string, step bool) *requirement.Series {
	s := of[name]
	if s == nil {
		s = &requirement.Series{Step: step}
		of[name] = s
	}
	return s
}
