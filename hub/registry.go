package hub

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Values of Device.Status and Device.ConnectionState.
const (
	StatusEnabled  = "enabled"
	StatusDisabled = "disabled"
	Connected      = "Connected"
	Disconnected   = "Disconnected"
)

// MaxDevices is the largest page of Devices.
const MaxDevices = 1000

const maxStatusReason = 128

// CreateDevice registers a device, or a module of a registered device, and its empty
// twin in one write. Keys are made when none are given.
func (h *Hub) CreateDevice(ctx context.Context, d Device) (Device, error) {
	return h.CreateDeviceWithTwin(ctx, d, TwinContent{})
}

// CreateDeviceWithTwin registers a device together with a twin that has content, in one
// write.
func (h *Hub) CreateDeviceWithTwin(ctx context.Context, d Device, content TwinContent) (Device, error) {
	if err := CheckIdentity(d.ID); err != nil {
		return Device{}, argumentInvalid.errorf("%v", err)
	}
	doc, err := h.newDocument(d)
	if err != nil {
		return Device{}, err
	}
	if err := doc.Twin.fill(content); err != nil {
		return Device{}, argumentInvalid.errorf("Twin of device %s: %v.", d.ID, err)
	}
	defer h.locks.lock(d.ID)()
	if err := h.admitModule(ctx, d.ID); err != nil {
		return Device{}, err
	}
	if err := h.save(ctx, doc); errors.Is(err, ErrConflict) {
		return Device{}, alreadyRegistered(d.ID)
	} else if err != nil {
		return Device{}, err
	}
	h.meters.Registry.Add("create")
	// What a crash in the middle of DeleteDevice left behind is not this device's.
	if _, err := h.dropCommands(ctx, d.ID, outcomeNone); err != nil {
		return Device{}, err
	}
	return h.present(ctx, doc)
}

func (h *Hub) newDocument(d Device) (*document, error) {
	doc := &document{Device: writable(d)}
	if err := h.normalize(&doc.Device, nil); err != nil {
		return nil, argumentInvalid.errorf("%s: %v.", subject(d.ID), err)
	}
	generation, err := number(h.random)
	if err != nil {
		return nil, fmt.Errorf("make generation id: %w", err)
	}
	etag, err := number(h.random)
	if err != nil {
		return nil, fmt.Errorf("make etag: %w", err)
	}
	doc.Device.GenerationID = strconv.FormatUint(generation, 10)
	doc.setDeviceETag(etag >> 32)
	doc.Twin = newTwinState()
	return doc, nil
}

// writable returns the fields of d that a client may set.
func writable(d Device) Device {
	return Device{ID: d.ID, Status: d.Status, StatusReason: d.StatusReason, Authentication: d.Authentication, Capabilities: d.Capabilities, ManagedBy: d.ManagedBy}
}

// UpdateDevice replaces the writable fields of a device. ifMatch "" or "*" means any
// version. A device that is disabled, or loses the credential by which it is connected,
// loses its session.
func (h *Hub) UpdateDevice(ctx context.Context, d Device, ifMatch string) (Device, error) {
	defer h.locks.lock(d.ID)()
	var reason CloseReason
	doc, err := h.update(ctx, d.ID, func(doc *document) error {
		if !matches(ifMatch, doc.Device.ETag) {
			return preconditionFailed.errorf("%s was changed by someone else.", subject(d.ID))
		}
		old, fresh := doc.Device, writable(d)
		if err := h.normalize(&fresh, &old); err != nil {
			return argumentInvalid.errorf("%s: %v.", subject(d.ID), err)
		}
		reason = consequence(old, fresh)
		fresh.GenerationID, fresh.StatusUpdated = old.GenerationID, old.StatusUpdated
		if fresh.Status != old.Status {
			fresh.StatusUpdated = now()
		}
		doc.Device = fresh
		doc.setDeviceETag(doc.ETagNumber + 1)
		return nil
	})
	if err != nil {
		return Device{}, err
	}
	h.meters.Registry.Add("update")
	switch reason {
	case 0:
	case CloseDeviceDisabled:
		err = h.endSessions(ctx, d.ID, reason)
	default:
		h.endUnfounded(d.ID, doc.Device.Authentication)
	}
	if err != nil {
		return Device{}, err
	}
	return h.present(ctx, doc)
}

// consequence says why a live session may not survive the change, 0 if it may.
func consequence(old, fresh Device) CloseReason {
	switch {
	case fresh.Status == StatusDisabled:
		return CloseDeviceDisabled
	case !reflect.DeepEqual(old.Authentication, fresh.Authentication):
		return CloseCredentialsChanged
	}
	return 0
}

// matches compares an If-Match value, with or without quotes, with an etag.
func matches(ifMatch, etag string) bool {
	ifMatch = strings.Trim(ifMatch, `"`)
	return ifMatch == "" || ifMatch == "*" || ifMatch == etag
}

// Device returns a registered device.
func (h *Hub) Device(ctx context.Context, id string) (Device, error) {
	doc, err := h.view(ctx, id)
	if err != nil {
		return Device{}, err
	}
	return h.present(ctx, doc)
}

// present adds to a stored device what is computed.
func (h *Hub) present(ctx context.Context, doc *document) (Device, error) {
	d := h.presentConnection(doc)
	count, err := h.countCommands(ctx, d.ID)
	d.CommandCount = count
	return d, err
}

func (h *Hub) presentConnection(doc *document) Device {
	d := doc.Device
	p := h.sessions.presence(d.ID)
	d.ConnectionState, d.ConnectionStateUpdated, d.LastActivity = p.state, p.updated, p.activity
	return d
}

// Devices returns up to top devices, at most MaxDevices, ordered by id. A top of 0
// means MaxDevices.
func (h *Hub) Devices(ctx context.Context, top int) ([]Device, error) {
	if top <= 0 || top > MaxDevices {
		top = MaxDevices
	}
	if err := h.whole(ctx); err != nil {
		return nil, err
	}
	ids := h.directory.page(&Selection{}, "", top)
	devices := make([]Device, 0, len(ids))
	for _, id := range ids {
		d, err := h.Device(ctx, id)
		if isRefusal(err) {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("list devices: %w", err)
		}
		devices = append(devices, d)
	}
	return devices, nil
}

// DeleteDevice removes a device with its modules, twins and commands, and ends their
// sessions.
func (h *Hub) DeleteDevice(ctx context.Context, id, ifMatch string) error {
	defer h.locks.lock(id)()
	for {
		doc, err := h.load(ctx, id)
		if err != nil {
			return err
		}
		if !matches(ifMatch, doc.Device.ETag) {
			return preconditionFailed.errorf("%s was changed by someone else.", subject(id))
		}
		if err := h.dropModules(ctx, id); err != nil {
			return err
		}
		if err = h.remove(ctx, doc); !errors.Is(err, ErrConflict) || ctx.Err() != nil {
			return err
		}
	}
}

// remove deletes a document with its commands and ends its session.
func (h *Hub) remove(ctx context.Context, doc *document) error {
	id := doc.Device.ID
	if _, err := h.store.Documents().Put(ctx, Document{Key: documentKey(id), Revision: doc.revision}); err != nil {
		h.directory.doubt(id)
		return fmt.Errorf("delete device %s: %w", id, err)
	}
	h.meters.Registry.Add("delete")
	h.directory.remove(id, doc.revision)
	h.endSession(id, CloseDeviceDeleted)
	h.sessions.forget(id)
	h.tellDeleted(id)
	if _, err := h.dropCommands(ctx, id, outcomeNone); err != nil {
		return err
	}
	if err := h.dropUploads(ctx, id); err != nil {
		return err
	}
	return h.feedback.drop(ctx, id)
}

// Statistics counts registered, enabled, disabled and connected devices.
func (h *Hub) Statistics(ctx context.Context) (total, enabled, disabled, connected int, err error) {
	if err := h.whole(ctx); err != nil {
		return 0, 0, 0, 0, err
	}
	total, disabled = h.directory.count()
	return total, total - disabled, disabled, h.sessions.count(), nil
}
