package client

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"
)

// defaultResponseTimeout is the hub's own when a call names none.
const defaultResponseTimeout = 30 * time.Second

// MethodCall is a direct method call. Times are sent in whole seconds.
type MethodCall struct {
	Name            string
	Payload         any           // a value that encodes to JSON, or JSON bytes; nil = none
	ResponseTimeout time.Duration // 0 = 30 s
	ConnectTimeout  time.Duration // 0 = the device has to be connected now
}

// MethodResult is the device's answer.
type MethodResult struct {
	Status  int             `json:"status"`
	Payload json.RawMessage `json:"payload"`
}

// Invoke calls a direct method of a device, or of the module device/module, and waits for the device's answer.
func (c *Client) Invoke(ctx context.Context, id string, m MethodCall) (out MethodResult, err error) {
	if m.ResponseTimeout == 0 {
		m.ResponseTimeout = defaultResponseTimeout
	}
	body, err := m.encode()
	if err != nil {
		return MethodResult{}, fmt.Errorf("invoke %s on %s: %w", m.Name, id, err)
	}
	err = c.do(ctx, call{
		method: http.MethodPost, path: append(identityPath("twins", id), "methods"), header: jsonHeader(""), body: body,
		timeout: m.ResponseTimeout + m.ConnectTimeout,
	}, &out)
	return out, err
}

func (m MethodCall) encode() ([]byte, error) {
	wire := struct {
		Name            string          `json:"methodName"`
		Payload         json.RawMessage `json:"payload,omitempty"`
		ResponseTimeout int             `json:"responseTimeoutInSeconds"`
		ConnectTimeout  int             `json:"connectTimeoutInSeconds"`
	}{Name: m.Name, ResponseTimeout: seconds(m.ResponseTimeout), ConnectTimeout: seconds(m.ConnectTimeout)}
	if m.Payload != nil {
		payload, err := jsonBody(m.Payload)
		if err != nil {
			return nil, err
		}
		wire.Payload = payload
	}
	return jsonBody(wire)
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
