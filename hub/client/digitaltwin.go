package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// DigitalTwin reads a device by the conventions of IoT Plug and Play. The device has to
// have announced a model.
func (c *Client) DigitalTwin(ctx context.Context, device string) (out json.RawMessage, err error) {
	err = c.do(ctx, call{method: http.MethodGet, path: []string{"digitaltwins", device}}, &out)
	return out, err
}

// PatchDigitalTwin writes properties by a JSON Patch: a value that encodes to its list of
// operations, or JSON bytes. ifMatch is the etag the twin must still have; empty means any.
func (c *Client) PatchDigitalTwin(ctx context.Context, device string, patch any, ifMatch string) error {
	body, err := jsonBody(patch)
	if err != nil {
		return fmt.Errorf("patch digital twin of %s: %w", device, err)
	}
	if ifMatch == "" {
		ifMatch = "*"
	}
	return c.do(ctx, call{method: http.MethodPatch, path: []string{"digitaltwins", device}, header: jsonHeader(ifMatch), body: body}, nil)
}

// InvokeCommand calls a command of a device, or of one of its components unless that is
// empty, and waits for the device's answer.
func (c *Client) InvokeCommand(ctx context.Context, device, component string, m MethodCall) (out MethodResult, err error) {
	if m.ResponseTimeout == 0 {
		m.ResponseTimeout = defaultResponseTimeout
	}
	k := call{method: http.MethodPost, path: []string{"digitaltwins", device}, header: jsonHeader(""), query: url.Values{
		"responseTimeoutInSeconds": {strconv.Itoa(seconds(m.ResponseTimeout))},
		"connectTimeoutInSeconds":  {strconv.Itoa(seconds(m.ConnectTimeout))},
	}}
	if component != "" {
		k.path = append(k.path, "components", component)
	}
	k.path = append(k.path, "commands", m.Name)
	if m.Payload != nil {
		if k.body, err = jsonBody(m.Payload); err != nil {
			return out, fmt.Errorf("invoke %s on %s: %w", m.Name, device, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout+m.ResponseTimeout+m.ConnectTimeout)
	defer cancel()
	resp, err := c.send(ctx, k)
	if err != nil {
		return out, err
	}
	defer resp.Body.Close()
	if out.Status, err = strconv.Atoi(resp.Header.Get("x-ms-command-statuscode")); err != nil {
		return out, fmt.Errorf("%v: the answer has no status of the command", k)
	}
	if out.Payload, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return out, fmt.Errorf("%v: read answer: %w", k, err)
	}
	return out, nil
}
