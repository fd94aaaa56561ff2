package mqtt

import "fmt"

// Reason codes of MQTT 5 that this package sends.
const (
	codeSuccess                  = 0x00
	codeDisconnectWithWill       = 0x04
	codeNoSubscriptionExisted    = 0x11
	codeContinueAuthentication   = 0x18
	codeReauthenticate           = 0x19
	codeUnspecified              = 0x80
	codeMalformed                = 0x81
	codeProtocolError            = 0x82
	codeImplementationSpecific   = 0x83
	codeUnsupportedVersion       = 0x84
	codeClientIDInvalid          = 0x85
	codeBadUserName              = 0x86
	codeNotAuthorized            = 0x87
	codeServerUnavailable        = 0x88
	codeShuttingDown             = 0x8b
	codeBadAuthenticationMethod  = 0x8c
	codeKeepAliveTimeout         = 0x8d
	codeSessionTakenOver         = 0x8e
	codeTopicFilterInvalid       = 0x8f
	codeTopicNameInvalid         = 0x90
	codeReceiveMaximumExceeded   = 0x93
	codeTopicAliasInvalid        = 0x94
	codePacketTooLarge           = 0x95
	codeQuotaExceeded            = 0x97
	codeRetainNotSupported       = 0x9a
	codeQoSNotSupported          = 0x9b
	codeSharedNotSupported       = 0x9e
	codeSubscriptionIDNotSupport = 0xa1
	codeWildcardNotSupported     = 0xa2
)

// A fault ends a connection. An MQTT 5 client is told its code and text, in a
// CONNACK or a DISCONNECT; an MQTT 3.1.1 client sees the socket close.
type fault struct {
	code   byte
	status string // of the MQTT 5 preview API; may be empty
	text   string
	detail string // for the log only
}

func (f *fault) Error() string {
	text := f.text
	if f.detail != "" {
		text += ": " + f.detail
	}
	if f.status != "" {
		return fmt.Sprintf("%s (reason 0x%02x, status %s)", text, f.code, f.status)
	}
	return fmt.Sprintf("%s (reason 0x%02x)", text, f.code)
}

func malformed(format string, args ...any) *fault {
	return &fault{code: codeMalformed, text: fmt.Sprintf(format, args...)}
}

func protocolError(format string, args ...any) *fault {
	return &fault{code: codeProtocolError, text: fmt.Sprintf(format, args...)}
}

func faultf(code byte, format string, args ...any) *fault {
	return &fault{code: code, text: fmt.Sprintf(format, args...)}
}
