package hub

import "time"

// Message is one device-to-cloud message as it came in.
type Message struct {
	Body       []byte
	System     SystemProperties
	Properties []Property // application properties, in the order they came
}

// Property is one application property.
type Property struct{ Key, Value string }

// SystemProperties of a message in either direction; the zero value of a field
// means not given.
type SystemProperties struct {
	MessageID       string    `json:"messageId,omitempty"`
	CorrelationID   string    `json:"correlationId,omitempty"`
	UserID          string    `json:"userId,omitempty"`
	To              string    `json:"to,omitempty"`
	ContentType     string    `json:"contentType,omitempty"`
	ContentEncoding string    `json:"contentEncoding,omitempty"`
	CreationTime    string    `json:"creationTime,omitempty"`
	Expiry          time.Time `json:"expiry,omitzero"`
	OutputName      string    `json:"outputName,omitempty"`
	Schema          string    `json:"schema,omitempty"`
	InterfaceID     string    `json:"interfaceId,omitempty"`
	Subject         string    `json:"subject,omitempty"`   // Plug and Play component
	Ack             string    `json:"ack,omitempty"`       // cloud-to-device: none, positive, negative, full
	InputName       string    `json:"inputName,omitempty"` // of the module a message is sent to
}

// Event is a stored message in the Event Hubs-compatible stream.
type Event struct {
	Partition int
	Number    uint64 // contiguous within the partition
	Enqueued  time.Time
	Device    string
	Module    string // empty when the device itself sent it
	// what the hub knows of the sender
	GenerationID string
	AuthMethod   string // JSON text, reference section 3.5; empty for MQTT 5
	ModelID      string
	Source       string // "Telemetry", "twinChangeEvents", …
	Message
}
