package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"twinrig/reports"
)

// messageSteps are expectations on what goes between devices and the hub.
func (w *World) messageSteps() []Step {
	return []Step{
		{`the hub has received {count} telemetry messages from {device}`, `the hub has received 288 telemetry messages from "truck-7"`, "", w.received},
		{`the hub has received {count} telemetry messages from {device} in the last {duration}`, `the hub has received 20 telemetry messages from "truck-7" in the last 10 minutes`, "", w.receivedLast},
		{`{device} acknowledges the desired property {name} within {duration}`, `"truck-7" acknowledges the desired property "setpoint" within 1 minute`, "", w.acknowledges},
		{`{device} refuses the desired property {name} within {duration}`, `"truck-7" refuses the desired property "setpoint" within 1 minute`, "", w.refuses},
		{`the alert {name} of {device} is raised within {duration}`, `the alert "doorOpen" of "truck-7" is raised within 3 minutes`, "", w.alertRaised},
		{`the alert {name} of {device} is cleared within {duration}`, `the alert "doorOpen" of "truck-7" is cleared within 1 minute`, "", w.alertCleared},
		{`no alert of {device} was raised`, `no alert of "truck-7" was raised`, "", w.noAlert},
		{`{device} receives the message {text} within {duration}`, `"truck-7" receives the message "Call the depot" within 1 minute`, "", w.receives},
		{`{device} was never asked for {name}`, `"truck-7" was never asked for "startDefrost"`, "", w.neverAsked},
	}
}

func (w *World) received(count, id string) error {
	return w.receivedSince(count, id, w.begin)
}

func (w *World) receivedLast(count, id, last string) error {
	d, err := duration(last)
	if err != nil {
		return err
	}
	return w.receivedSince(count, id, time.Now().Add(-d))
}

func (w *World) receivedSince(count, id string, since time.Time) error {
	if _, err := w.device(id); err != nil {
		return err
	}
	got := 0
	w.chronicle.look(id, func(h *history) {
		for _, t := range h.telemetry {
			if t.After(since) {
				got++
			}
		}
	})
	if fmt.Sprint(got) != count {
		return unmet("the hub has received %d telemetry messages from %s, not %s", got, id, count)
	}
	return nil
}

// acknowledgement is a reported property by the Plug and Play convention.
type acknowledgement struct {
	Value   json.RawMessage `json:"value"`
	Code    int             `json:"ac"`
	Version int64           `json:"av"`
	Text    string          `json:"ad"`
}

func (w *World) acknowledges(id, name, within string) error {
	ack, err := w.acknowledgement(id, name, within)
	if err == nil && ack.Code != 200 {
		err = unmet("%s answered the desired property %s with code %d: %s", id, name, ack.Code, ack.Text)
	}
	return err
}

func (w *World) refuses(id, name, within string) error {
	ack, err := w.acknowledgement(id, name, within)
	if err == nil && ack.Code < 400 {
		err = unmet("%s took the desired property %s: code %d", id, name, ack.Code)
	}
	return err
}

// acknowledgement waits until the device has answered the newest value of a
// desired property, looking at the twin as a service would.
func (w *World) acknowledgement(id, name, within string) (acknowledgement, error) {
	limit, err := duration(within)
	if err != nil {
		return acknowledgement{}, err
	}
	deadline := time.Now().Add(limit)
	for {
		ack, done, err := w.readAcknowledgement(id, name)
		if err != nil || done {
			return ack, err
		}
		if !time.Now().Before(deadline) {
			return ack, unmet("%s has not acknowledged the desired property %s after %s", id, name, within)
		}
		time.Sleep(min(100*time.Millisecond, time.Until(deadline)))
	}
}

func (w *World) readAcknowledgement(id, name string) (ack acknowledgement, done bool, err error) {
	twin, err := w.rig.service.Twin(w.ctx, id)
	if err != nil {
		return ack, false, fmt.Errorf("get the twin of %s: %w", id, err)
	}
	desired, reported := section(twin.Properties.Desired), section(twin.Properties.Reported)
	if desired[name] == nil {
		return ack, false, usage(fmt.Errorf("no desired property %q was set on %s", name, id), "set it first: the service sets the desired property %q of %q to 1", name, id)
	}
	if json.Unmarshal(reported[name], &ack) != nil || ack.Version == 0 || ack.Version < lastUpdated(desired, name) {
		return ack, false, nil
	}
	text, err := json.Marshal(map[string]json.RawMessage{name: reported[name]})
	if err != nil {
		return ack, false, err
	}
	w.chronicle.add(reports.Event{Time: time.Now(), Entity: "service", Kind: reports.KindTwin, Twin: &reports.Twin{Device: id, Section: "reported", Version: sectionVersion(twin.Properties.Reported), Patch: text}})
	return ack, true, nil
}

// section splits one section of a twin into its properties.
func section(text json.RawMessage) map[string]json.RawMessage {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(text, &fields) // the client has parsed the document around it
	return fields
}

// sectionVersion is the "$version" of one section of a twin.
func sectionVersion(text json.RawMessage) (version int64) {
	_ = json.Unmarshal(section(text)["$version"], &version)
	return version
}

// lastUpdated is the version at which a desired property was last written.
func lastUpdated(desired map[string]json.RawMessage, name string) int64 {
	var meta map[string]json.RawMessage
	var node struct {
		Version int64 `json:"$lastUpdatedVersion"`
	}
	_ = json.Unmarshal(desired["$metadata"], &meta)
	_ = json.Unmarshal(meta[name], &node)
	return node.Version
}

func (w *World) alertRaised(name, id, within string) error {
	return w.alertBecomes(name, id, within, true)
}

func (w *World) alertCleared(name, id, within string) error {
	return w.alertBecomes(name, id, within, false)
}

func (w *World) alertBecomes(name, id, within string, active bool) error {
	if _, err := w.device(id); err != nil {
		return err
	}
	limit, err := duration(within)
	if err != nil {
		return err
	}
	begin := time.Now()
	var heard alertState
	matches := func() (yes bool) {
		w.chronicle.look(id, func(h *history) { heard, yes = h.alerts[name] })
		return yes && heard.active == active
	}
	if !w.await(limit, matches) {
		return unmet("the alert %s of %s was not %s within %s", name, id, map[bool]string{true: "raised", false: "cleared"}[active], within)
	}
	// An alert that was in force already has the whole limit for a margin.
	margin := (limit - max(0, heard.at.Sub(begin))).Seconds()
	w.judge(reports.Requirement{Entity: id, Unit: "s", Margin: &margin, From: begin, To: begin.Add(limit), Worst: heard.at})
	return nil
}

func (w *World) noAlert(id string) error {
	var names []string
	w.chronicle.look(id, func(h *history) {
		for name := range h.alerts {
			names = append(names, name)
		}
	})
	if slices.Sort(names); len(names) > 0 {
		return unmet("%s has raised %v", id, names)
	}
	return nil
}

func (w *World) receives(id, text, within string) error {
	if _, err := w.device(id); err != nil {
		return err
	}
	limit, err := duration(within)
	if err != nil {
		return err
	}
	arrived := func() (yes bool) {
		w.chronicle.look(id, func(h *history) { yes = slices.Contains(h.commands, text) })
		return yes
	}
	if !w.await(limit, arrived) {
		return unmet("%s has not received the message %q within %s", id, text, within)
	}
	return nil
}

func (w *World) neverAsked(id, name string) error {
	asked := 0
	w.chronicle.look(id, func(h *history) { asked = h.calls[name] })
	if asked > 0 {
		return unmet("%s was asked for %s %d times", id, name, asked)
	}
	return nil
}

// sameJSON compares two JSON values, numbers by value.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	ta, _ := json.Marshal(x)
	tb, _ := json.Marshal(y)
	return bytes.Equal(ta, tb)
}
