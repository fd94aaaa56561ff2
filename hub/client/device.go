package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Device is a registered identity. For a new one the id is enough: the hub
// makes the rest.
type Device struct {
	ID              string         `json:"deviceId"`
	GenerationID    string         `json:"generationId,omitempty"`
	ETag            string         `json:"etag,omitempty"`
	Status          string         `json:"status,omitempty"` // "enabled" or "disabled"
	StatusReason    string         `json:"statusReason,omitempty"`
	ConnectionState string         `json:"connectionState,omitempty"` // "Connected" or "Disconnected"
	LastActivity    time.Time      `json:"lastActivityTime,omitzero"`
	CommandCount    int            `json:"cloudToDeviceMessageCount,omitempty"`
	Authentication  Authentication `json:"authentication"`
}

// Authentication says how a device proves who it is. The zero value asks the
// hub for symmetric keys.
type Authentication struct {
	Type           string       `json:"type,omitempty"` // "sas", "selfSigned" or "certificateAuthority"
	SymmetricKey   SymmetricKey `json:"symmetricKey"`
	X509Thumbprint Thumbprint   `json:"x509Thumbprint"`
}

// SymmetricKey holds base64 keys.
type SymmetricKey struct {
	Primary   string `json:"primaryKey"`
	Secondary string `json:"secondaryKey"`
}

// Thumbprint holds hex digests of self-signed certificates.
type Thumbprint struct {
	Primary   string `json:"primaryThumbprint,omitempty"`
	Secondary string `json:"secondaryThumbprint,omitempty"`
}

// CreateDevice registers a device and returns it with its keys.
func (c *Client) CreateDevice(ctx context.Context, d Device) (Device, error) {
	return c.putDevice(ctx, d, "")
}

// UpdateDevice replaces status and authentication. ifMatch is the etag the
// device must still have; empty means any.
func (c *Client) UpdateDevice(ctx context.Context, d Device, ifMatch string) (Device, error) {
	if ifMatch == "" {
		ifMatch = "*"
	}
	return c.putDevice(ctx, d, ifMatch)
}

func (c *Client) putDevice(ctx context.Context, d Device, ifMatch string) (out Device, err error) {
	body, err := jsonBody(d)
	if err != nil {
		return Device{}, fmt.Errorf("put device %s: %w", d.ID, err)
	}
	err = c.do(ctx, call{method: http.MethodPut, path: []string{"devices", d.ID}, header: jsonHeader(ifMatch), body: body}, &out)
	return out, err
}

// Device reads a device.
func (c *Client) Device(ctx context.Context, id string) (out Device, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: []string{"devices", id}}, &out)
	return out, err
}

// Devices reads up to top devices in the order of their ids; a hub gives 1000
// at most.
func (c *Client) Devices(ctx context.Context, top int) (out []Device, err error) {
	query := url.Values{"top": {strconv.Itoa(top)}}
	err = c.do(ctx, call{method: http.MethodGet, path: []string{"devices"}, query: query}, &out)
	return out, err
}

// DeleteDevice removes a device with its twin and its waiting commands.
func (c *Client) DeleteDevice(ctx context.Context, id string) error {
	header := http.Header{"If-Match": {quote("*")}}
	return c.do(ctx, call{method: http.MethodDelete, path: []string{"devices", id}, header: header}, nil)
}
