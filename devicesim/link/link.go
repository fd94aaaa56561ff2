package link

import "context"

// Link is one device's connection to its hub. Its methods may be called from
// several goroutines. No method may be called from within a Handler callback
// except Connect from Lost; from another goroutine they may, while the callback
// waits.
type Link interface {
	// Connect dials, authenticates and subscribes to methods, desired properties
	// and commands. h is used until Lost or Close. After either, Connect may be
	// called again.
	Connect(ctx context.Context, h Handler) error
	// Send sends telemetry and returns when the hub acknowledged it.
	Send(ctx context.Context, m Message) error
	// Twin fetches both sections of the twin, "$version" included.
	Twin(ctx context.Context) (desired, reported map[string]any, err error)
	// Report merges patch into the reported properties and returns their version.
	Report(ctx context.Context, patch map[string]any) (version int64, err error)
	// Close disconnects; ctx bounds the farewell, not the clearing up. Every
	// goroutine has ended when it returns nil. It is idempotent.
	Close(ctx context.Context) error
}

// Handler receives what the hub sends. Callbacks of one kind come one at a time
// and in order; different kinds may overlap.
type Handler interface {
	// Method answers a direct method. It may take its time.
	Method(name string, payload []byte) (status int, response []byte)
	// Desired is told of changed desired properties, "$version" included.
	Desired(patch map[string]any)
	// Command takes a cloud-to-device message, which is acknowledged on return.
	Command(c Command)
	// Lost is called once, and last, when the connection ends without Close.
	// A callback of another kind that was running may still be on its way back.
	Lost(err error)
}

// Message is one telemetry message.
type Message struct {
	Body            []byte
	ContentType     string            // such as "application/json"
	ContentEncoding string            // such as "utf-8"
	MessageID       string            // optional
	Component       string            // Plug and Play component, empty for the default one
	Properties      map[string]string // application properties, sent in key order
}

// Command is a cloud-to-device message.
type Command struct {
	Body          []byte
	Properties    map[string]string // application properties
	MessageID     string
	CorrelationID string
	ContentType   string
}
