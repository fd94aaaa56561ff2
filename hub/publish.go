package hub

import (
	"context"
	"fmt"
)

// Publish stores telemetry of a device that has no connection, as with HTTP, and returns
// when all of it is durable. When it fails the first of them may have been stored.
func (h *Hub) Publish(ctx context.Context, info ConnectInfo, messages []Message) error {
	doc, err := h.view(ctx, info.DeviceID)
	if err != nil {
		return err
	}
	if err := h.checkEnabled(ctx, doc); err != nil {
		return err
	}
	total := 0
	for i := range messages {
		total += messages[i].size()
	}
	if total > maxTelemetry {
		return messageTooLarge.errorf("%d bytes; at most %d are allowed at once.", total, maxTelemetry)
	}
	for i := range messages {
		if err := h.admitTelemetry(messages[i].size()); err != nil {
			return err
		}
	}
	h.sessions.touch(info.DeviceID)
	o := newOrigin(doc, info)
	done := make(chan error, len(messages))
	for _, m := range messages {
		if !h.writers[h.partition(info.DeviceID)].put(pending{origin: &o, message: m, done: func(err error) { done <- err }}) {
			return ErrClosed
		}
	}
	for range messages {
		select {
		case err = <-done:
		case <-ctx.Done():
			err = fmt.Errorf("publish for device %s: %w", info.DeviceID, context.Cause(ctx))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func newOrigin(doc *document, info ConnectInfo) origin {
	return origin{
		device: info.DeviceID, generation: doc.Device.GenerationID,
		authMethod: info.AuthMethod, modelID: info.ModelID, source: SourceTelemetry,
	}
}
