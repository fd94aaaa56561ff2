package hub

import (
	"context"
	"time"
)

// Provisioner tells devices which hub is theirs. Front ends that devices ask for it (MQTT,
// AMQP, HTTP) drive it; sub-package dps implements it. A device registers, gets the id of
// an operation, and asks for its state until that is final.
type Provisioner interface {
	// AuthenticateRegistrant checks, where a connection begins, who a device is. The
	// error is an *Error of class 4 if the device is at fault.
	AuthenticateRegistrant(context.Context, Registrant) (expires time.Time, err error)
	// Register begins a registration. body is the JSON a device sends with it, or empty.
	Register(ctx context.Context, r Registrant, body []byte) ProvisioningReply
	// Operation tells what has become of a registration.
	Operation(ctx context.Context, r Registrant, operation string) ProvisioningReply
}

// Registrant is a device that asks for its hub, as it presents itself. Each call proves
// anew that it is the one.
type Registrant struct {
	Scope      string // idScope of the provisioning service
	ID         string // registration id
	APIVersion string
	Force      bool // asks to be assigned anew
	Credential Credential
}

// ProvisioningReply is an answer in the terms of HTTP, which the other protocols borrow.
type ProvisioningReply struct {
	Status     int
	Body       []byte        // JSON
	RetryAfter time.Duration // whole seconds; 0 = say nothing
}
