package reports

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// describe is an event in one line.
func describe(e Event) string {
	switch e.Kind {
	case KindTelemetry:
		return describeTelemetry(e.Telemetry)
	case KindTwin:
		return fmt.Sprintf("%s version %d %s", e.Twin.Section, e.Twin.Version, short(e.Twin.Patch))
	case KindCommand:
		return describeCommand(e.Command)
	case KindAlert:
		return labelled(e.Alert.Name+either(e.Alert.Active, " raised", " cleared"), e.Alert.Text)
	case KindFault:
		return labelled(e.Fault.Name+either(e.Fault.Active, " begins", " ends")+" at "+e.Fault.Target, e.Fault.Text)
	case KindConnection:
		return labelled(either(e.Connection.Online, "online", "offline"), e.Connection.Reason)
	case KindLog:
		return clip(e.Log.Text)
	case KindStep:
		return labelled(strings.TrimSpace(e.Step.Keyword)+" "+e.Step.Text, e.Step.Verdict.words())
	case KindRequirement:
		return labelled(labelled(e.Requirement.Text, e.Requirement.Verdict.words()), marginText(e.Requirement))
	}
	return string(e.Kind)
}

func describeTelemetry(t *Telemetry) string {
	text := short(t.Body)
	if len(t.Properties) > 0 {
		var pairs []string
		for _, k := range slices.Sorted(maps.Keys(t.Properties)) {
			pairs = append(pairs, k+"="+t.Properties[k])
		}
		text += " [" + strings.Join(pairs, ", ") + "]"
	}
	return clip(text)
}

func describeCommand(c *Command) string {
	text := c.Type
	if c.Name != "" {
		text += " " + c.Name
	}
	if len(c.Payload) > 0 {
		text += " " + short(c.Payload)
	}
	if c.Status != 0 || len(c.Response) > 0 {
		text += fmt.Sprintf(" → %d %s", c.Status, short(c.Response))
	}
	if c.Error != "" {
		text += " → error: " + clip(c.Error)
	}
	if c.By != "" {
		text += " (by " + c.By + ")"
	}
	return text
}

// about is the device an event tells of, or else who told it.
func (e Event) about() string {
	switch e.Kind {
	case KindTelemetry:
		return e.Telemetry.Device
	case KindTwin:
		return e.Twin.Device
	case KindCommand:
		return e.Command.Device
	case KindAlert:
		return e.Alert.Device
	case KindFault:
		return e.Fault.Target
	case KindConnection:
		return e.Connection.Device
	}
	return e.Entity
}

// labelled is "a" or "a: b".
func labelled(a, b string) string {
	if b == "" {
		return a
	}
	return a + ": " + b
}

func either(cond bool, yes, no string) string {
	if cond {
		return yes
	}
	return no
}

func short(raw json.RawMessage) string { return clip(string(raw)) }

// clip cuts a text that is too long for one line of a table.
func clip(s string) string {
	const most = 240
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
