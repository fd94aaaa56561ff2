package mqtt

import (
	"context"
	"encoding/json"
	"fmt"
)

// preservedSubscription is how a subscription is kept with the device.
type preservedSubscription struct {
	Filter string `json:"filter"`
	QoS    byte   `json:"qos"`
}

// preserves says whether the subscriptions outlive the hub's process. Clients of IoT
// Hub rely on that with MQTT 3.1.1: Azure's SDK for Node.js subscribes to twin topics
// once in its life and to none of them again after a reconnect.
func (c *conn) preserves() bool { return c.version == 4 && c.persistent() }

// preserve keeps the subscriptions with the device.
func (c *conn) preserve(all []subscription) error {
	if !c.preserves() {
		return nil
	}
	var text []byte
	if len(all) > 0 {
		list := make([]preservedSubscription, 0, len(all))
		for _, s := range all {
			list = append(list, preservedSubscription{s.filter, s.qos})
		}
		text, _ = json.Marshal(list) // strings and numbers cannot fail
	}
	ctx, cancel := c.hubContext()
	defer cancel()
	if err := c.link.KeepState(ctx, text); err != nil {
		return fmt.Errorf("keep subscriptions: %w", err)
	}
	return nil
}

// recall returns the subscriptions that were kept with the device, and forgets them
// when the client wants no more of them.
func (c *conn) recall(ctx context.Context, clean bool) ([]subscription, error) {
	text := c.link.KeptState()
	if text == nil {
		return nil, nil
	}
	if clean || !c.preserves() {
		return nil, c.link.KeepState(ctx, nil)
	}
	var list []preservedSubscription
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("decode subscriptions: %w", err)
	}
	var all []subscription
	for _, p := range list {
		if s, code := c.dialect.grant(p.Filter); code == 0 { // as the filters of this version are
			s.filter, s.qos = p.Filter, p.QoS
			all = append(all, s)
		}
	}
	return all, nil
}
