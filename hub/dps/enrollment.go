package dps

import (
	"encoding/json"

	"twinrig/hub"
)

// Enrollment says which device, or which group of devices, may register, and what
// becomes of it. It is the IndividualEnrollment or the EnrollmentGroup of the service API.
type Enrollment struct {
	RegistrationID     string             `json:"registrationId,omitempty"`    // of an individual enrollment
	GroupID            string             `json:"enrollmentGroupId,omitempty"` // of a group
	DeviceID           string             `json:"deviceId,omitempty"`
	RegistrationState  *RegistrationState `json:"registrationState,omitempty"` // computed, not stored
	OptionalInfo       json.RawMessage    `json:"optionalDeviceInformation,omitempty"`
	Attestation        Attestation        `json:"attestation"`
	Capabilities       *hub.Capabilities  `json:"capabilities,omitempty"`
	HubHostName        string             `json:"iotHubHostName,omitempty"`
	InitialTwin        *InitialTwin       `json:"initialTwin,omitempty"`
	ETag               etag               `json:"etag"`
	ProvisioningStatus string             `json:"provisioningStatus"`
	ReprovisionPolicy  *ReprovisionPolicy `json:"reprovisionPolicy,omitempty"`
	Created            stamp              `json:"createdDateTimeUtc"`
	Updated            stamp              `json:"lastUpdatedDateTimeUtc"`
	AllocationPolicy   string             `json:"allocationPolicy,omitempty"`
	Hubs               []string           `json:"iotHubs,omitempty"`
	CustomAllocation   *CustomAllocation  `json:"customAllocationDefinition,omitempty"`
}

// InitialTwin is what the twin of a new device begins with.
type InitialTwin struct {
	Tags       json.RawMessage `json:"tags,omitempty"`
	Properties struct {
		Desired json.RawMessage `json:"desired,omitempty"`
	} `json:"properties"`
}

func (t *InitialTwin) content() hub.TwinContent {
	if t == nil {
		return hub.TwinContent{}
	}
	return hub.TwinContent{Tags: given(t.Tags), Desired: given(t.Properties.Desired)}
}

// given makes of JSON null what it is: nothing.
func given(text json.RawMessage) json.RawMessage {
	if string(text) == "null" {
		return nil
	}
	return text
}

// ReprovisionPolicy says what happens when a device registers that is assigned already.
type ReprovisionPolicy struct {
	UpdateHubAssignment bool `json:"updateHubAssignment"`
	MigrateDeviceData   bool `json:"migrateDeviceData"`
}

// CustomAllocation names the webhook that chooses a hub.
type CustomAllocation struct {
	WebhookURL string `json:"webhookUrl"`
	APIVersion string `json:"apiVersion"`
}

// Values of Enrollment.ProvisioningStatus.
const (
	enabled  = "enabled"
	disabled = "disabled"
)

// Values of Enrollment.AllocationPolicy.
const (
	AllocateHashed  = "hashed"     // evenly, by weight
	AllocateLatency = "geoLatency" // to the nearest hub
	AllocateStatic  = "static"     // to the one hub the enrollment names
	AllocateCustom  = "custom"     // to the one a webhook names
)

// id is the registration or group id.
func (e *Enrollment) id() string {
	if e.GroupID != "" {
		return e.GroupID
	}
	return e.RegistrationID
}

// public is e as the service API shows it: without secrets.
func (e Enrollment) public() Enrollment {
	e.Attestation = e.Attestation.public()
	return e
}
