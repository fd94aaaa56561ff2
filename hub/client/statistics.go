package client

import (
	"context"
	"net/http"
)

// Statistics counts the devices of a hub.
type Statistics struct {
	Total     int `json:"totalDeviceCount"`
	Enabled   int `json:"enabledDeviceCount"`
	Disabled  int `json:"disabledDeviceCount"`
	Connected int `json:"connectedDeviceCount"`
}

// Statistics reads both counts the service has: of identities and of connections.
func (c *Client) Statistics(ctx context.Context) (out Statistics, err error) {
	for _, kind := range []string{"devices", "service"} {
		if err := c.do(ctx, call{method: http.MethodGet, path: []string{"statistics", kind}}, &out); err != nil {
			return Statistics{}, err
		}
	}
	return out, nil
}
