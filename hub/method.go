package hub

import (
	"encoding/json"
	"time"
)

// MethodCall is a direct method call from the service side.
type MethodCall struct {
	Name            string
	Payload         json.RawMessage // nil = no payload
	ResponseTimeout time.Duration   // 0 = 30 s
	ConnectTimeout  time.Duration   // 0 = the device must be connected now
}

// MethodResult is the device's answer.
type MethodResult struct {
	Status  int
	Payload json.RawMessage // nil when the device sent none
}

// MethodRequest is a call on its way to the device.
type MethodRequest struct {
	ID      string // echoed in the answer; short, safe in a topic
	Name    string
	Payload json.RawMessage // "null" when the caller gave none
}
