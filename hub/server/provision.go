package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"twinrig/hub"
)

// provision creates the devices that do not exist. Those that do are left as they are, for
// what services wrote since is worth more than the file.
func provision(ctx context.Context, h *hub.Hub, specs []DeviceSpec) error {
	for _, s := range specs {
		if err := s.provision(ctx, h); err != nil {
			if s.origin != "" {
				return fmt.Errorf("%s: %w", s.origin, err)
			}
			return fmt.Errorf("create device %s: %w", s.ID, err)
		}
	}
	return nil
}

func (s DeviceSpec) provision(ctx context.Context, h *hub.Hub) error {
	_, err := h.CreateDevice(ctx, s.device())
	var refusal *hub.Error
	if errors.As(err, &refusal) && refusal.Name == "DeviceAlreadyExists" {
		err = s.sameKeys(ctx, h)
	}
	if err != nil {
		return err
	}
	body, err := s.twinPatch()
	if err != nil || body == nil {
		return err
	}
	// A start that was cut short may have left a device whose twin is still empty.
	t, err := h.Twin(ctx, s.ID)
	if err != nil || !untouched(t) {
		return err
	}
	_, err = h.PatchTwin(ctx, s.ID, body, t.ETag)
	return err
}

func (s DeviceSpec) device() hub.Device {
	d := hub.Device{ID: s.ID}
	if s.Keys != nil {
		d.Authentication = hub.Authentication{
			Type:         hub.AuthSAS,
			SymmetricKey: hub.SymmetricKey{Primary: &s.Keys.Primary, Secondary: &s.Keys.Secondary},
		}
	}
	return d
}

// sameKeys refuses a file whose keys would not be the ones that work.
func (s DeviceSpec) sameKeys(ctx context.Context, h *hub.Hub) error {
	d, err := h.Device(ctx, s.ID)
	if err != nil || s.Keys == nil {
		return err
	}
	k := d.Authentication.SymmetricKey
	if k.Primary == nil || k.Secondary == nil || *k.Primary != s.Keys.Primary || *k.Secondary != s.Keys.Secondary {
		return fmt.Errorf("device %s exists with other keys: delete it, or take the keys out of the file", s.ID)
	}
	return nil
}

// untouched says whether nobody has written tags or desired properties yet.
func untouched(t hub.Twin) bool {
	var tags, desired map[string]json.RawMessage
	if json.Unmarshal(t.Tags, &tags) != nil || json.Unmarshal(t.Properties.Desired, &desired) != nil {
		return false
	}
	for key := range desired {
		if !strings.HasPrefix(key, "$") {
			return false
		}
	}
	return len(tags) == 0 && string(desired["$version"]) == "1"
}
