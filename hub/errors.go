package hub

import (
	"fmt"
	"strings"
)

// Error is a refusal with the code and name that Azure clients look for. Code/1000
// is the HTTP status.
type Error struct {
	Code    int    // 404001
	Name    string // "DeviceNotFound"; empty when no header may be sent
	Message string
	Info    map[string]string // details of method errors, such as "timeout"
}

func (e *Error) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("%d: %s", e.Code, e.Message)
	}
	return e.Name + ": " + e.Message
}

type sentinel string

func (s sentinel) Error() string { return string(s) }

// Sentinel errors.
const (
	// ErrNotSubscribed is returned by Session.Method when the device does not
	// listen for methods.
	ErrNotSubscribed = sentinel("device does not listen for methods")
	// ErrClosed means that the hub or the connection was closed.
	ErrClosed = sentinel("closed")
)

// A kind is a row of the table of error codes.
type kind struct {
	code int
	name string
}

var (
	invalidOperation   = kind{400003, "InvalidOperation"}
	argumentInvalid    = kind{400004, "ArgumentInvalid"}
	unauthorizedAccess = kind{401002, "IotHubUnauthorizedAccess"}
	quotaExceeded      = kind{403002, "IotHubQuotaExceeded"}
	queueDepthExceeded = kind{403004, "DeviceMaximumQueueDepthExceeded"}
	deviceNotFound     = kind{404001, "DeviceNotFound"}
	deviceNotOnline    = kind{404103, "DeviceNotOnline"}
	moduleNotFound     = kind{404010, "ModuleNotFound"}
	deviceExists       = kind{409001, "DeviceAlreadyExists"}
	moduleExists       = kind{409301, "ModuleAlreadyExistsOnDevice"}
	preconditionFailed = kind{412001, "PreconditionFailed"}
	messageLockLost    = kind{412002, "DeviceMessageLockLost"}
	messageTooLarge    = kind{413001, "MessageTooLarge"}
	tooManyModules     = kind{413003, "TooManyModulesOnDevice"}
	throttled          = kind{429001, "ThrottlingException"}
	badDeviceAnswer    = kind{500001, "ServerError"}
	partitionNotFound  = kind{503003, "PartitionNotFound"}
	// No name: .NET knows none for this code and trips over a header it cannot map.
	gatewayTimeout = kind{504101, ""}
	// Of a plane of Azure's that device SDKs do not know.
	authorityNotFound = kind{404000, ""}
	authorityExists   = kind{409000, ""}
)

func (k kind) errorf(format string, args ...any) *Error {
	return &Error{Code: k.code, Name: k.name, Message: fmt.Sprintf(format, args...)}
}

func notRegistered(id string) *Error {
	k := deviceNotFound
	if strings.Contains(id, "/") {
		k = moduleNotFound
	}
	return k.errorf("%s not registered.", subject(id))
}

func alreadyRegistered(id string) *Error {
	k := deviceExists
	if strings.Contains(id, "/") {
		k = moduleExists
	}
	return k.errorf("%s already registered.", subject(id))
}
