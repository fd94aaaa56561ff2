package dps

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	"twinrig/hub"
)

// registrationID is the form of registration and group ids. They are not case-sensitive.
var registrationID = regexp.MustCompile(`^[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]$`)

func checkID(what, id string) error {
	if !registrationID.MatchString(id) {
		return fmt.Errorf("%s %q is not 1 to 128 of the characters a-z, 0-9 and -._: with a letter, a digit or a dash at the end", what, id)
	}
	return nil
}

// normalize completes and checks what a client wrote. old is what is stored, nil for a
// new enrollment.
func (e *Enrollment) normalize(group bool, old *Enrollment, cfg *Config, random io.Reader) error {
	var attestation *Attestation
	if old != nil {
		attestation = &old.Attestation
	}
	e.RegistrationState = nil
	if err := e.Attestation.normalize(group, attestation, random); err != nil {
		return err
	}
	for _, check := range []func() error{
		e.checkDevice, e.checkStatus, e.checkTwin, func() error { return e.checkAllocation(cfg) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (e *Enrollment) checkDevice() error {
	if e.DeviceID == "" {
		return nil
	}
	if e.GroupID != "" {
		return errors.New("deviceId is for individual enrollments")
	}
	return hub.CheckDeviceID(e.DeviceID)
}

func (e *Enrollment) checkStatus() error {
	switch e.ProvisioningStatus {
	case "":
		e.ProvisioningStatus = enabled
	case enabled, disabled:
	default:
		return fmt.Errorf("provisioningStatus %q is neither enabled nor disabled", e.ProvisioningStatus)
	}
	return nil
}

func (e *Enrollment) checkTwin() error {
	if err := e.InitialTwin.content().Check(); err != nil {
		return fmt.Errorf("initialTwin: %w", err)
	}
	e.OptionalInfo = given(e.OptionalInfo)
	var info map[string]json.RawMessage
	if e.OptionalInfo != nil && json.Unmarshal(e.OptionalInfo, &info) != nil {
		return errors.New("optionalDeviceInformation is not an object")
	}
	return nil
}

func (e *Enrollment) checkAllocation(cfg *Config) error {
	for _, host := range append([]string{e.HubHostName}, e.Hubs...) {
		if _, ok := cfg.link(host); !ok && host != "" {
			return fmt.Errorf("hub %q is not linked to this service", host)
		}
	}
	switch e.AllocationPolicy {
	case "", AllocateHashed, AllocateLatency:
	case AllocateStatic:
		if e.HubHostName == "" && len(e.Hubs) == 0 {
			return errors.New("allocationPolicy static needs a hub in iotHubs or iotHubHostName")
		}
	case AllocateCustom:
		return e.CustomAllocation.check()
	default:
		return fmt.Errorf("allocationPolicy %q is unknown; hashed, geoLatency, static and custom are known", e.AllocationPolicy)
	}
	return nil
}

func (c *CustomAllocation) check() error {
	if c == nil {
		return errors.New("allocationPolicy custom needs a customAllocationDefinition")
	}
	u, err := url.Parse(c.WebhookURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errors.New("customAllocationDefinition has no webhookUrl with https or http")
	}
	return nil
}

// fold brings an id into the form under which it is kept.
func fold(id string) string { return strings.ToLower(id) }
