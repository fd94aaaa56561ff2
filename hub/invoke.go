package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Limits of direct methods.
const (
	defaultResponseTimeout = 30 * time.Second
	minResponseTimeout     = 5 * time.Second
	maxMethodTimeout       = 300 * time.Second
	maxMethodPayload       = 128 << 10
)

type response struct {
	status  int
	payload []byte
}

// Invoke calls a direct method of a device and waits for its answer.
func (h *Hub) Invoke(ctx context.Context, id string, call MethodCall) (MethodResult, error) {
	result, err := h.invoke(ctx, id, call)
	h.meters.Methods.Add(methodOutcome(err))
	return result, err
}

func (h *Hub) invoke(ctx context.Context, id string, call MethodCall) (MethodResult, error) {
	if err := call.complete(); err != nil {
		return MethodResult{}, err
	}
	if err := h.Spend(OpMethod, float64(max(len(call.Payload), 1))); err != nil {
		return MethodResult{}, err
	}
	if _, err := h.view(ctx, id); err != nil {
		return MethodResult{}, err
	}
	request := MethodRequest{ID: strconv.FormatUint(h.serial.Add(1), 16), Name: call.Name, Payload: call.Payload}
	c, answer, err := h.send(ctx, id, request, call.ConnectTimeout)
	if err != nil {
		return MethodResult{}, err
	}
	defer c.forgetCall(request.ID)
	timer := time.NewTimer(call.ResponseTimeout)
	defer timer.Stop()
	select {
	case r := <-answer:
		return r.result(id)
	case <-timer.C:
		err = timedOut(gatewayTimeout, "Timed out waiting for the response from device.", call.ResponseTimeout)
	case <-c.gone:
		err = timedOut(deviceNotOnline, "Device unavailable.", call.ConnectTimeout)
	case <-ctx.Done():
		err = fmt.Errorf("invoke %s on device %s: %w", call.Name, id, context.Cause(ctx))
	}
	select { // an answer in the very same instant counts
	case r := <-answer:
		return r.result(id)
	default:
		return MethodResult{}, err
	}
}

// complete checks a call and fills in defaults.
func (call *MethodCall) complete() error {
	if call.ResponseTimeout == 0 {
		call.ResponseTimeout = defaultResponseTimeout
	}
	if call.Payload == nil {
		call.Payload = json.RawMessage("null")
	}
	switch {
	case call.Name == "":
		return argumentInvalid.errorf("methodName is missing.")
	case call.ResponseTimeout < minResponseTimeout || call.ResponseTimeout > maxMethodTimeout:
		return argumentInvalid.errorf("Response timeout of %v is outside %v to %v.", call.ResponseTimeout, minResponseTimeout, maxMethodTimeout)
	case call.ConnectTimeout < 0 || call.ConnectTimeout > maxMethodTimeout:
		return argumentInvalid.errorf("Connect timeout of %v is outside 0s to %v.", call.ConnectTimeout, maxMethodTimeout)
	case len(call.Payload) > maxMethodPayload:
		return messageTooLarge.errorf("Method payload of %d bytes; at most %d are allowed.", len(call.Payload), maxMethodPayload)
	case !json.Valid(call.Payload):
		return argumentInvalid.errorf("Method payload is not valid JSON.")
	}
	return nil
}

// send hands the request to the device's session, waiting up to patience for a device
// that is offline or does not listen yet.
func (h *Hub) send(ctx context.Context, id string, request MethodRequest, patience time.Duration) (*Connection, <-chan response, error) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		var ready <-chan struct{}
		if patience > 0 {
			ready = h.sessions.readiness(id)
		}
		if c := h.sessions.get(id); c != nil {
			answer, err := c.call(request)
			if err == nil {
				return c, answer, nil
			}
			if !errors.Is(err, ErrNotSubscribed) && !errors.Is(err, ErrClosed) {
				return nil, nil, timedOut(deviceNotOnline, fmt.Sprintf("Device unavailable: %v.", err), patience)
			}
		}
		if patience == 0 {
			return nil, nil, notOnline(patience)
		}
		select {
		case <-ready:
		case <-timer.C:
			return nil, nil, notOnline(patience)
		case <-h.closed:
			return nil, nil, ErrClosed
		case <-ctx.Done():
			return nil, nil, fmt.Errorf("invoke %s on device %s: %w", request.Name, id, context.Cause(ctx))
		}
	}
}

func notOnline(patience time.Duration) error {
	return timedOut(deviceNotOnline, "Timed out waiting for device to connect.", patience)
}

func timedOut(k kind, message string, after time.Duration) error {
	e := k.errorf("%s", message)
	s := int(after.Seconds())
	e.Info = map[string]string{"timeout": fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)}
	return e
}

// call registers a request before sending it, so that no answer comes too early.
func (c *Connection) call(request MethodRequest) (<-chan response, error) {
	answer := make(chan response, 1)
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil, ErrClosed
	}
	c.calls[request.ID] = answer
	c.mu.Unlock()
	if err := c.session.Method(request); err != nil {
		c.forgetCall(request.ID)
		return nil, err
	}
	return answer, nil
}

func (c *Connection) forgetCall(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, id)
}

// MethodResponse is the device's answer to a MethodRequest. One that is late or
// unknown is ignored.
func (c *Connection) MethodResponse(id string, status int, payload []byte) {
	if c.use() != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, ok := c.calls[id]; ok {
		delete(c.calls, id)
		answer <- response{status, payload}
	}
}

// MethodsReady says that the device has begun to listen for methods: calls that wait
// within their connect timeout are sent now.
func (c *Connection) MethodsReady() { c.hub.sessions.announce(c.id) }

func (r response) result(id string) (MethodResult, error) {
	switch {
	case len(r.payload) == 0:
		return MethodResult{Status: r.status}, nil
	case len(r.payload) > maxMethodPayload:
		return MethodResult{}, messageTooLarge.errorf("Device %s answered with %d bytes; at most %d are allowed.", id, len(r.payload), maxMethodPayload)
	case !json.Valid(r.payload):
		return MethodResult{}, badDeviceAnswer.errorf("Device %s answered with a payload that is not JSON.", id)
	}
	return MethodResult{Status: r.status, Payload: r.payload}, nil
}
