package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Twin is a device's twin as the service sees it.
type Twin struct {
	DeviceID        string          `json:"deviceId"`
	ModuleID        string          `json:"moduleId,omitempty"`
	ETag            string          `json:"etag"`
	Version         int64           `json:"version"`
	ConnectionState string          `json:"connectionState"`
	ModelID         string          `json:"modelId"`
	Tags            json.RawMessage `json:"tags"`
	Properties      Properties      `json:"properties"`
}

// Properties of a twin, each a JSON object with "$version" and "$metadata".
type Properties struct {
	Desired  json.RawMessage `json:"desired"`
	Reported json.RawMessage `json:"reported"`
}

// Twin reads the twin of a device, or of the module device/module.
func (c *Client) Twin(ctx context.Context, id string) (out Twin, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: identityPath("twins", id)}, &out)
	return out, err
}

// PatchTwin merges patch, a value that encodes to a partial twin such as
// {"properties":{"desired":{"interval":30}}} or its JSON bytes, into the twin.
// ifMatch is the etag the twin must still have; empty means any.
func (c *Client) PatchTwin(ctx context.Context, id string, patch any, ifMatch string) (out Twin, err error) {
	body, err := jsonBody(patch)
	if err != nil {
		return Twin{}, fmt.Errorf("patch twin of %s: %w", id, err)
	}
	if ifMatch == "" {
		ifMatch = "*"
	}
	err = c.do(ctx, call{method: http.MethodPatch, path: identityPath("twins", id), header: jsonHeader(ifMatch), body: body}, &out)
	return out, err
}

// ReplaceTwin replaces tags and desired properties by those given, in the same form as for
// PatchTwin; what is not given becomes empty.
func (c *Client) ReplaceTwin(ctx context.Context, id string, twin any, ifMatch string) (out Twin, err error) {
	body, err := jsonBody(twin)
	if err != nil {
		return Twin{}, fmt.Errorf("replace twin of %s: %w", id, err)
	}
	if ifMatch == "" {
		ifMatch = "*"
	}
	err = c.do(ctx, call{method: http.MethodPut, path: identityPath("twins", id), header: jsonHeader(ifMatch), body: body}, &out)
	return out, err
}

// identityPath is the path of a device, or of a module named device/module.
func identityPath(collection, id string) []string {
	device, module, ok := strings.Cut(id, "/")
	if !ok {
		return []string{collection, device}
	}
	return []string{collection, device, "modules", module}
}
