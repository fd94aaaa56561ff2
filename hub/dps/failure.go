package dps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"twinrig/hub"
)

// code is a row of the table of error codes; code/1000 is the HTTP status.
type code int

const (
	badVersion       code = 400001
	argumentInvalid  code = 400004
	allocationFailed code = 400207 // custom webhook
	unauthorized     code = 401002
	forbidden        code = 401003
	quotaExceeded    code = 403201
	authorityMissing code = 404000 // package hub's
	notFound         code = 404201 // enrollment or group
	unknownOperation code = 404203
	notRegistered    code = 404204
	noHub            code = 404205 // none of the hubs of an enrollment is linked
	alreadyExists    code = 409201
	etagMismatch     code = 412201
	tooLarge         code = 413001
	throttled        code = 429001
	serverError      code = 500001
	unavailable      code = 503001
)

func (c code) errorf(format string, args ...any) *hub.Error {
	return &hub.Error{Code: int(c), Message: fmt.Sprintf(format, args...)}
}

// asUnauthorized gives what checks of credentials say the code this service has for it.
func asUnauthorized(err error) error {
	var e *hub.Error
	if errors.As(err, &e) && e.Code/1000 == http.StatusUnauthorized {
		return unauthorized.errorf("%s", e.Message)
	}
	return err
}

// refusal turns any error into one that has a code.
func refusal(err error) *hub.Error {
	var e *hub.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, hub.ErrClosed), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return unavailable.errorf("The call was broken off.")
	}
	return serverError.errorf("The provisioning service failed: %v.", err)
}

// failure is the body of an error answer.
type failure struct {
	Code     int    `json:"errorCode"`
	Tracking string `json:"trackingId"`
	Message  string `json:"message"`
	At       stamp  `json:"timestampUtc"`
}

// failure writes err for a client, and logs it when the fault is the service's own.
func (s *Service) failure(err error, subject string) (status int, body []byte) {
	e := refusal(err)
	f := failure{Code: e.Code, Tracking: s.trackingID(), Message: e.Message, At: stamp(time.Now())}
	if e.Code == int(serverError) {
		s.cfg.Log.Error("provisioning call failed", "subject", subject, "tracking", f.Tracking, "error", err)
	}
	body, _ = json.Marshal(f) // strings and numbers cannot fail
	return e.Code / 1000, body
}

// trackingID is unique over restarts, and the same in each run in virtual time.
func (s *Service) trackingID() string {
	return fmt.Sprintf("%016x%016x", s.started.UnixNano(), s.serial.Add(1))
}
