package rest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"twinrig/hub"
)

// eventLine is one line of the event stream.
type eventLine struct {
	Partition    int                  `json:"partition"`
	Number       uint64               `json:"number"`
	Enqueued     time.Time            `json:"enqueued"`
	Device       string               `json:"device"`
	Module       string               `json:"module,omitempty"`
	GenerationID string               `json:"generationId,omitempty"`
	ModelID      string               `json:"modelId,omitempty"`
	AuthMethod   string               `json:"authMethod,omitempty"`
	Source       string               `json:"source"`
	System       hub.SystemProperties `json:"systemProperties"`
	Properties   map[string]string    `json:"properties,omitempty"`
	Body         json.RawMessage      `json:"body,omitempty"`       // a body that is JSON
	BodyBase64   *string              `json:"bodyBase64,omitempty"` // any other
}

// encodeEvent writes an event as a line. Of properties with one name the last
// counts, as in the Event Hubs-compatible stream.
func encodeEvent(e hub.Event) ([]byte, error) {
	l := eventLine{
		Partition: e.Partition, Number: e.Number, Enqueued: e.Enqueued, Device: e.Device, Module: e.Module,
		GenerationID: e.GenerationID, ModelID: e.ModelID, AuthMethod: e.AuthMethod, Source: e.Source,
		System: e.System,
	}
	if len(e.Properties) > 0 {
		l.Properties = make(map[string]string, len(e.Properties))
	}
	for _, p := range e.Properties {
		l.Properties[p.Key] = p.Value
	}
	if utf8.Valid(e.Body) && json.Valid(e.Body) {
		l.Body = e.Body
	} else {
		text := base64.StdEncoding.EncodeToString(e.Body)
		l.BodyBase64 = &text
	}
	return encodeLine(l)
}

func encodeLine(v any) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("encode event line: %w", err)
	}
	return line.Bytes(), nil
}
