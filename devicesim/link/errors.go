package link

import (
	"errors"
	"fmt"
	"strconv"
)

// Errors of a Link, to be tested with errors.Is.
var (
	ErrNotConnected = errors.New("not connected")
	ErrConnected    = errors.New("already connected")
	ErrClosed       = errors.New("link closed")
	ErrUnauthorized = errors.New("the hub did not accept the credentials; check the device id, its key, that it is enabled, and the clock")
	ErrKeepAlive    = errors.New("the hub did not answer a ping")
	ErrProtocol     = errors.New("protocol violation by the hub")
)

// StatusError is a request that the hub refused.
type StatusError struct {
	Status string // three decimal digits in MQTT 3.1.1 ("429"), four hexadecimal ones in MQTT 5 ("0501")
	Reason string // the hub's words, may be empty
}

func (e *StatusError) Error() string {
	if e.Reason == "" {
		return "refused with status " + e.Status
	}
	return fmt.Sprintf("refused with status %s: %s", e.Status, e.Reason)
}

// Temporary says whether the same request may succeed later.
func (e *StatusError) Temporary() bool {
	if len(e.Status) == 4 {
		code, err := strconv.ParseUint(e.Status, 16, 16)
		return err == nil && code>>8&4 != 0
	}
	code, err := strconv.Atoi(e.Status)
	return err == nil && (code == 429 || code >= 500)
}

// ReasonError is a reason code with which the hub refused or ended an MQTT
// connection.
type ReasonError struct {
	Packet string // CONNACK or DISCONNECT
	Code   byte
	Reason string
}

func (e *ReasonError) Error() string {
	s := fmt.Sprintf("%s with code %d", e.Packet, e.Code)
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	if e.Is(ErrUnauthorized) {
		s += "; " + ErrUnauthorized.Error()
	}
	return s
}

// Codes of a refused CONNECT. MQTT 3.1.1 and 5 share no value but success.
const (
	code311BadCredentials = 4
	code311NotAuthorized  = 5
	code5BadCredentials   = 134
	code5NotAuthorized    = 135
	code5BadAuthMethod    = 140
)

// Is makes errors.Is(err, ErrUnauthorized) work for both protocol versions.
func (e *ReasonError) Is(target error) bool {
	if target != ErrUnauthorized {
		return false
	}
	switch e.Code {
	case code311BadCredentials, code311NotAuthorized:
		return e.Packet == "CONNACK"
	case code5BadCredentials, code5NotAuthorized, code5BadAuthMethod:
		return true
	}
	return false
}
