package devicesim

import (
	"encoding/json"
	"fmt"
	"strings"
)

// UnknownMethod answers a direct method the device does not have.
func UnknownMethod(name string, known ...string) *Answer {
	return &Answer{Status: 404, Payload: map[string]any{
		"error": fmt.Sprintf("no method %q; this device has %s", name, strings.Join(known, ", ")),
	}}
}

// BadRequest answers a call whose payload the device cannot use.
func BadRequest(format string, args ...any) *Answer {
	return &Answer{Status: 400, Payload: map[string]any{"error": fmt.Sprintf(format, args...)}}
}

func marshal(payload any) []byte {
	if payload == nil {
		return nil
	}
	text, err := json.Marshal(payload)
	if err != nil {
		panic("devicesim: method answer of plain values does not marshal: " + err.Error())
	}
	return text
}
