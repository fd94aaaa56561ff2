package broker

import "fmt"

// Reason codes of MQTT 5 that the broker gives.
const (
	codeSuccess               = 0x00
	codeNoMatchingSubscribers = 0x10
	codeNoSubscription        = 0x11
	codeUnspecified           = 0x80
	codeProtocolError         = 0x82
	codeClientIDInvalid       = 0x85
	codeBadUserName           = 0x86
	codeNotAuthorized         = 0x87
	codeServerUnavailable     = 0x88
	codeBadAuthentication     = 0x8c
	codeTakenOver             = 0x8e
	codeFilterInvalid         = 0x8f
	codeTopicInvalid          = 0x90
	codePacketIDNotFound      = 0x92
	codeReceiveMaximum        = 0x93
	codeQuotaExceeded         = 0x97
)

// Refusal ends a connection, or keeps it from being made.
type Refusal struct {
	Code byte // reason code of MQTT 5
	Text string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s (reason 0x%02x)", r.Text, r.Code) }

func refuse(code byte, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Text: fmt.Sprintf(format, args...)}
}
