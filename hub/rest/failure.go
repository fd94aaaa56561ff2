package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"twinrig/hub"
)

var (
	errClosing       = errors.New("the hub is shutting down")
	errExpired error = refuse(401002, "IotHubUnauthorizedAccess", "The token expired.")
	// errStranger is all that a device is told that may not come in. The log says more.
	errStranger error = refuse(401002, "IotHubUnauthorizedAccess", "Unauthorized")
)

// retryAfter is what clients are asked to wait when the trouble may pass, in seconds.
const retryAfter = "5"

func refuse(code int, name, format string, args ...any) *hub.Error {
	return &hub.Error{Code: code, Name: name, Message: fmt.Sprintf(format, args...)}
}

// message is the body of an error answer in both shapes.
type message struct {
	Message          string
	ExceptionMessage string
}

// A shape writes an error as its area of the API does; SDKs parse one or the other.
type shape func(e *hub.Error, tracking string, now time.Time) message

// textShape is the older one: registry, twins and our own calls.
func textShape(e *hub.Error, tracking string, now time.Time) message {
	text := e.Message
	if e.Name != "" {
		text = "ErrorCode:" + e.Name + ";" + text
	}
	return message{Message: text, ExceptionMessage: trackingText(tracking, now)}
}

func trackingText(tracking string, now time.Time) string {
	return "Tracking ID:" + tracking + "-G:0-TimeStamp:" + now.Format("01/02/2006 15:04:05")
}

// jsonShape is the newer one, JSON text inside JSON: direct methods.
func jsonShape(e *hub.Error, tracking string, now time.Time) message {
	info := e.Info
	if info == nil {
		info = map[string]string{}
	}
	inner, _ := json.Marshal(struct { // strings and numbers cannot fail
		ErrorCode  int               `json:"errorCode"`
		TrackingID string            `json:"trackingId"`
		Message    string            `json:"message"`
		Info       map[string]string `json:"info"`
		Timestamp  string            `json:"timestampUtc"`
	}{
		e.Code, tracking + "-G:0-TimeStamp:" + now.Format("01/02/2006 15:04:05"), e.Message, info,
		now.Format("2006-01-02T15:04:05.0000000Z"),
	})
	return message{Message: string(inner)}
}

// fail answers with an error.
func (x *exchange) fail(err error) {
	e, tracking, now := x.refusal(err), x.handler.trackingID(), time.Now().UTC()
	if e.Code == 500001 {
		x.handler.log.Error("call failed", "method", x.r.Method, "path", x.r.URL.Path, "tracking", tracking, "error", err)
	}
	if e.Name != "" {
		x.w.Header().Set("iothub-errorcode", e.Name)
	}
	status := e.Code / 1000
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		x.w.Header().Set("Retry-After", retryAfter)
	}
	_ = x.reply(status, "", x.shape(e, tracking, now)) // strings cannot fail to encode
}

// refusal turns any error into one that has a code.
func (x *exchange) refusal(err error) *hub.Error {
	var e *hub.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, hub.ErrClosed), errors.Is(err, errClosing):
		return refuse(503001, "ServiceUnavailable", "The hub is shutting down.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return refuse(503001, "ServiceUnavailable", "The call was broken off: %v.", err)
	}
	return refuse(500001, "ServerError", "The hub failed: %v.", err)
}

// noRoute answers a call that is not in the API. There is no code for that, so no
// header that a client could take for one.
func (x *exchange) noRoute(allowed []string) {
	status, text := http.StatusNotFound, fmt.Sprintf("This hub has no call %s %s.", x.r.Method, x.r.URL.Path)
	if len(allowed) > 0 {
		status = http.StatusMethodNotAllowed
		x.w.Header().Set("Allow", strings.Join(allowed, ", "))
	}
	_ = x.reply(status, "", message{Message: text, ExceptionMessage: trackingText(x.handler.trackingID(), time.Now().UTC())})
}

func (h *Handler) trackingID() string {
	return fmt.Sprintf("%016x%016x", h.started.UnixNano(), h.serial.Add(1))
}
