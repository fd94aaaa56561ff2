package mqtt

import (
	"context"
	"errors"
	"strconv"

	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
)

// Status codes of the MQTT 5 preview API.
const (
	statusBadRequest         = "0100"
	statusNotAuthorized      = "0101"
	statusNotAllowed         = "0102"
	statusConflict           = "0103"
	statusPreconditionFailed = "0104"
	statusThrottled          = "0501"
	statusQuotaExceeded      = "0502"
	statusNotFound           = "0504"
	statusServerError        = "0601"
	statusTimeout            = "0602"
	statusServerBusy         = "0603"
)

func asHubError(err error) (e *hub.Error, ok bool) {
	ok = errors.As(err, &e)
	return e, ok
}

// statusOf returns the status for an error of the hub.
func statusOf(err error) string {
	e, refused := asHubError(err)
	switch {
	case refused:
		return statusOfCode(e.Code)
	case errors.Is(err, hub.ErrClosed):
		return statusServerBusy
	case errors.Is(err, context.DeadlineExceeded):
		return statusTimeout
	}
	return statusServerError
}

func statusOfCode(code int) string {
	switch code {
	case 403002, 403004: // message quota, queue depth
		return statusQuotaExceeded
	}
	switch code / 1000 {
	case 400:
		return statusBadRequest
	case 401:
		return statusNotAuthorized
	case 403:
		return statusNotAllowed
	case 404:
		return statusNotFound
	case 409:
		return statusConflict
	case 412:
		return statusPreconditionFailed
	case 413:
		return statusBadRequest
	case 429:
		return statusThrottled
	case 503:
		return statusServerBusy
	case 504:
		return statusTimeout
	}
	return statusServerError
}

// codeOfStatus returns the reason code that goes with a status in PUBACK and DISCONNECT.
func codeOfStatus(status string) byte {
	switch status {
	case statusNotAuthorized:
		return codeNotAuthorized
	case statusThrottled, statusQuotaExceeded:
		return codeQuotaExceeded
	}
	return codeImplementationSpecific
}

func statusFault(status, text string) *fault {
	return &fault{code: codeOfStatus(status), status: status, text: text}
}

// asFault makes an error one that a client can be told.
func asFault(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return statusFault(statusOf(err), publicText(err))
}

// publicText returns what a client may read of an error: refusals in full, the hub's
// own trouble without its inside.
func publicText(err error) string {
	if e, ok := asHubError(err); ok {
		return e.Message
	}
	return "the hub could not do this now"
}

// statusProperties returns the user properties that explain a fault, and logs it under
// the id they carry.
func (c *conn) statusProperties(f *fault) []packets.UserProperty {
	if f.status == "" {
		return nil
	}
	return []packets.UserProperty{{Key: "status", Val: f.status}, {Key: "reason", Val: f.text}, {Key: "trace-id", Val: c.trace(f)}}
}

// trace returns an id under which the log tells of an error that a client is told of.
func (c *conn) trace(err error) string {
	id := c.device + "-" + strconv.FormatInt(c.traces.Add(1), 10)
	c.front.cfg.Log.Debug("MQTT request refused", "device", c.device, "trace", id, "error", err)
	return id
}
