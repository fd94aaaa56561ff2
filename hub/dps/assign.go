package dps

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"twinrig/hub"
)

// assign gives a device its hub and makes sure that it exists there.
func (s *Service) assign(ctx context.Context, who registrant, r *registration) (RegistrationState, error) {
	e := &who.enrollment
	if e.ProvisioningStatus == disabled {
		return RegistrationState{Status: statusDisabled}, nil
	}
	before := s.placeOf(r)
	m := s.move(e, before, r.Pending)
	var to allocation
	if m == stay {
		to.link, _ = s.cfg.link(before.Hub)
	} else {
		var err error
		if to, err = s.allocate(ctx, who, before, r.Pending); err != nil {
			return RegistrationState{}, err
		}
	}
	device := who.device(before, r.Pending.ID)
	substatus, err := s.settle(ctx, e, settlement{before, m, to, device})
	if err != nil {
		return RegistrationState{}, err
	}
	return RegistrationState{
		Status: assigned, Substatus: substatus,
		AssignedHub: to.link.HostName, DeviceID: device.ID, Payload: to.payload,
	}, nil
}

// placeOf is where the device is, nil when it is nowhere or in a hub that is no longer
// linked.
func (s *Service) placeOf(r *registration) *place {
	if r.Place == nil {
		return nil
	}
	if _, ok := s.cfg.link(r.Place.Hub); !ok {
		return nil
	}
	return r.Place
}

// move is what a reprovisioning policy does with a device that is assigned already.
type move int

const (
	stay move = iota + 1
	migrate
	reset
)

func (s *Service) move(e *Enrollment, before *place, wanted *request) move {
	p := e.ReprovisionPolicy
	switch {
	case before == nil:
		return reset
	case p == nil && wanted.APIVersion <= oldestPolicyLess && !wanted.Force, p != nil && !p.UpdateHubAssignment:
		return stay
	case p == nil || p.MigrateDeviceData:
		return migrate
	}
	return reset
}

// device is the identity that a registrant gets in its hub.
func (who *registrant) device(before *place, written string) hub.Device {
	d := hub.Device{ID: who.enrollment.DeviceID}
	if d.ID == "" && before != nil && fold(before.DeviceID) == fold(who.id) {
		d.ID = before.DeviceID // the same id in other letters is no other device
	}
	if d.ID == "" {
		d.ID = written
	}
	if who.enrollment.Capabilities != nil {
		d.Capabilities = *who.enrollment.Capabilities
	}
	if who.leaf != nil {
		thumbprint := fmt.Sprintf("%X", sha256.Sum256(who.leaf.Raw))
		d.Authentication = hub.Authentication{Type: hub.AuthSelfSigned, X509Thumbprint: hub.Thumbprint{Primary: &thumbprint}}
		return d
	}
	d.Authentication = hub.Authentication{
		Type: hub.AuthSAS, SymmetricKey: hub.SymmetricKey{Primary: &who.keys.Primary, Secondary: &who.keys.Secondary},
	}
	return d
}

// settlement is where a device was, where it goes, and how.
type settlement struct {
	before *place
	move   move
	to     allocation
	device hub.Device
}

// settle makes the hubs be as a settlement wants them. Done again after it was broken off,
// it ends in the same.
func (s *Service) settle(ctx context.Context, e *Enrollment, m settlement) (substatus string, err error) {
	initial := e.InitialTwin.content()
	if m.to.twin != nil {
		initial = m.to.twin.content()
	}
	if m.before == nil {
		return initialAssignment, keepOrCreate(ctx, m.to.link.Hub, m.device, initial)
	}
	from, _ := s.cfg.link(m.before.Hub)
	old, err := from.Hub.Twin(ctx, m.before.DeviceID)
	if isStatus(err, http.StatusNotFound) { // somebody deleted it
		return initialAssignment, keepOrCreate(ctx, m.to.link.Hub, m.device, initial)
	}
	if err != nil {
		return "", err
	}
	same := from == m.to.link && m.before.DeviceID == m.device.ID
	switch {
	case same && m.move == reset:
		return deviceDataReset, replace(ctx, from.Hub, m.device, initial)
	case same:
		return m.before.Substatus, keepOrCreate(ctx, from.Hub, m.device, initial)
	}
	substatus = deviceDataReset
	if m.move != reset && m.to.twin == nil {
		substatus = deviceDataMigrated
		initial = hub.TwinContent{Tags: old.Tags, Desired: old.Properties.Desired, Reported: old.Properties.Reported}
	}
	if err := replace(ctx, m.to.link.Hub, m.device, initial); err != nil {
		return "", err
	}
	return substatus, remove(ctx, from.Hub, m.before.DeviceID)
}

// keepOrCreate leaves a device that exists as it is, but for what it proves itself by.
func keepOrCreate(ctx context.Context, h *hub.Hub, d hub.Device, content hub.TwinContent) error {
	there, err := h.Device(ctx, d.ID)
	if isStatus(err, http.StatusNotFound) {
		_, err = h.CreateDeviceWithTwin(ctx, d, content)
		return err
	}
	if err != nil || reflect.DeepEqual(there.Authentication, d.Authentication) && there.Capabilities == d.Capabilities {
		return err
	}
	there.Authentication, there.Capabilities = d.Authentication, d.Capabilities
	_, err = h.UpdateDevice(ctx, there, "")
	return err
}

// replace makes a device anew.
func replace(ctx context.Context, h *hub.Hub, d hub.Device, content hub.TwinContent) error {
	if err := remove(ctx, h, d.ID); err != nil {
		return err
	}
	_, err := h.CreateDeviceWithTwin(ctx, d, content)
	return err
}

func remove(ctx context.Context, h *hub.Hub, id string) error {
	err := h.DeleteDevice(ctx, id, "")
	if isStatus(err, http.StatusNotFound) {
		return nil
	}
	return err
}

func isStatus(err error, status int) bool {
	var e *hub.Error
	return errors.As(err, &e) && e.Code/1000 == status
}
