package hub

import "time"

// Authentication types of a device.
const (
	AuthSAS        = "sas"
	AuthSelfSigned = "selfSigned"
	AuthCA         = "certificateAuthority"
	AuthNone       = "none"
)

// Device is a registered identity, in the JSON shape that devices have in the service
// REST API. A module is kept in the same form.
type Device struct {
	ID                     string         `json:"deviceId"`     // an identity
	GenerationID           string         `json:"generationId"` // new on every create
	ETag                   string         `json:"etag"`
	ConnectionState        string         `json:"connectionState"` // "Connected" or "Disconnected"; computed, not stored
	Status                 string         `json:"status"`          // "enabled" or "disabled"
	StatusReason           *string        `json:"statusReason"`
	ConnectionStateUpdated time.Time      `json:"connectionStateUpdatedTime"`
	StatusUpdated          time.Time      `json:"statusUpdatedTime"`
	LastActivity           time.Time      `json:"lastActivityTime"`
	CommandCount           int            `json:"cloudToDeviceMessageCount"` // computed, not stored
	Authentication         Authentication `json:"authentication"`
	Capabilities           Capabilities   `json:"capabilities"`
	ManagedBy              string         `json:"managedBy,omitempty"` // of a module
}

// Authentication says how a device proves who it is.
type Authentication struct {
	SymmetricKey   SymmetricKey `json:"symmetricKey"`
	X509Thumbprint Thumbprint   `json:"x509Thumbprint"`
	Type           string       `json:"type"`
}

// SymmetricKey holds base64 keys of 16 to 64 bytes. nil means not set.
type SymmetricKey struct {
	Primary   *string `json:"primaryKey"`
	Secondary *string `json:"secondaryKey"`
}

// Thumbprint holds hex digests of self-signed certificates.
type Thumbprint struct {
	Primary   *string `json:"primaryThumbprint"`
	Secondary *string `json:"secondaryThumbprint"`
}

// Capabilities of a device.
type Capabilities struct {
	IoTEdge bool `json:"iotEdge"`
}
