package client

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Event is a message a device sent, with what the hub knows of it.
type Event struct {
	Partition    int
	Number       uint64 // contiguous within the partition
	Enqueued     time.Time
	Device       string
	Module       string // empty when the device itself sent it
	GenerationID string
	ModelID      string
	AuthMethod   string // JSON text; empty when the hub gave none
	Source       string // "Telemetry", "twinChangeEvents", …
	System       SystemProperties
	Properties   map[string]string
	Body         []byte
}

// SystemProperties of an event; empty means that the device gave none.
type SystemProperties struct {
	MessageID       string `json:"messageId"`
	CorrelationID   string `json:"correlationId"`
	UserID          string `json:"userId"`
	ContentType     string `json:"contentType"`
	ContentEncoding string `json:"contentEncoding"`
	CreationTime    string `json:"creationTime"`
	OutputName      string `json:"outputName"`
	Schema          string `json:"schema"`
	InterfaceID     string `json:"interfaceId"`
	Subject         string `json:"subject"`
}

// line is one line of the stream: an event, or the error that ended it.
type line struct {
	Partition    int               `json:"partition"`
	Number       uint64            `json:"number"`
	Enqueued     time.Time         `json:"enqueued"`
	Device       string            `json:"device"`
	Module       string            `json:"module"`
	GenerationID string            `json:"generationId"`
	ModelID      string            `json:"modelId"`
	AuthMethod   string            `json:"authMethod"`
	Source       string            `json:"source"`
	System       SystemProperties  `json:"systemProperties"`
	Properties   map[string]string `json:"properties"`
	Body         json.RawMessage   `json:"body"`
	BodyBase64   *string           `json:"bodyBase64"`
	Error        string            `json:"error"`
	Next         *uint64           `json:"next"` // with an error: where a new token goes on
}

func decodeEvent(text []byte) (Event, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return Event{}, fmt.Errorf("decode event: %w", err)
	}
	if l.Next != nil {
		return Event{}, expired(*l.Next)
	}
	if l.Error != "" {
		return Event{}, fmt.Errorf("the hub ended the stream: %s", l.Error)
	}
	e := Event{
		Partition: l.Partition, Number: l.Number, Enqueued: l.Enqueued, Device: l.Device, Module: l.Module,
		GenerationID: l.GenerationID, ModelID: l.ModelID, AuthMethod: l.AuthMethod, Source: l.Source,
		System: l.System, Properties: l.Properties, Body: l.Body,
	}
	if l.BodyBase64 != nil {
		body, err := base64.StdEncoding.DecodeString(*l.BodyBase64)
		if err != nil {
			return Event{}, fmt.Errorf("decode event %d: body: %w", l.Number, err)
		}
		e.Body = body
	}
	return e, nil
}
