package client

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Error is a hub's refusal of a call.
type Error struct {
	Call       string // "GET /devices/d"
	Status     int    // HTTP status
	Code       int    // such as 404103; 0 when the hub sent none
	Name       string // such as "DeviceNotFound"; empty when the hub sent none
	Message    string
	TrackingID string
}

func (e *Error) Error() string {
	name := e.Name
	if name == "" && e.Code != 0 {
		name = fmt.Sprint(e.Code)
	}
	if name == "" {
		name = http.StatusText(e.Status)
	}
	return fmt.Sprintf("%s: %d %s: %s", e.Call, e.Status, name, e.Message)
}

// maxErrorText bounds what is quoted of an answer that is no hub's.
const maxErrorText = 300

// newError reads the two shapes of error bodies: "ErrorCode:Name;text" and JSON
// inside the JSON text.
func newError(call string, resp *http.Response, body []byte) *Error {
	e := &Error{Call: call, Status: resp.StatusCode, Name: resp.Header.Get("iothub-errorcode")}
	var outer struct{ Message, ExceptionMessage string }
	if json.Unmarshal(body, &outer) != nil || outer.Message == "" {
		e.Message = strings.TrimSpace(string(body[:min(len(body), maxErrorText)]))
		return e
	}
	var inner struct {
		ErrorCode  int
		TrackingID string
		Message    string
	}
	if json.Unmarshal([]byte(outer.Message), &inner) == nil {
		e.Code, e.Message, e.TrackingID = inner.ErrorCode, inner.Message, inner.TrackingID
		return e
	}
	e.Message = outer.Message
	e.TrackingID = strings.TrimPrefix(outer.ExceptionMessage, "Tracking ID:")
	if rest, ok := strings.CutPrefix(outer.Message, "ErrorCode:"); ok {
		e.Name, e.Message, _ = strings.Cut(rest, ";")
	}
	return e
}
