package client

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Module is a registered module of a device. For a new one the two ids are enough.
type Module struct {
	ID              string         `json:"moduleId"`
	DeviceID        string         `json:"deviceId"`
	ManagedBy       string         `json:"managedBy,omitempty"`
	GenerationID    string         `json:"generationId,omitempty"`
	ETag            string         `json:"etag,omitempty"`
	ConnectionState string         `json:"connectionState,omitempty"`
	LastActivity    time.Time      `json:"lastActivityTime,omitzero"`
	CommandCount    int            `json:"cloudToDeviceMessageCount,omitempty"`
	Authentication  Authentication `json:"authentication"`
}

// CreateModule registers a module and returns it with its keys.
func (c *Client) CreateModule(ctx context.Context, m Module) (out Module, err error) {
	body, err := jsonBody(m)
	if err != nil {
		return Module{}, fmt.Errorf("put module %s/%s: %w", m.DeviceID, m.ID, err)
	}
	path := []string{"devices", m.DeviceID, "modules", m.ID}
	err = c.do(ctx, call{method: http.MethodPut, path: path, header: jsonHeader(""), body: body}, &out)
	return out, err
}

// Module reads the module device/module.
func (c *Client) Module(ctx context.Context, id string) (out Module, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: identityPath("devices", id)}, &out)
	return out, err
}

// Modules reads all modules of a device.
func (c *Client) Modules(ctx context.Context, device string) (out []Module, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: []string{"devices", device, "modules"}}, &out)
	return out, err
}

// DeleteModule removes the module device/module with its twin.
func (c *Client) DeleteModule(ctx context.Context, id string) error {
	if !strings.Contains(id, "/") { // would be the device
		return fmt.Errorf("delete module %s: want device/module", id)
	}
	header := http.Header{"If-Match": {quote("*")}}
	return c.do(ctx, call{method: http.MethodDelete, path: identityPath("devices", id), header: header}, nil)
}
