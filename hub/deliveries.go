package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// deliveries counts, durably, how often each waiting command of a device was
// locked. The document is written before the lock is given out, so that a command
// that kills its receiver, or the hub, is not delivered for ever.
type deliveries struct {
	revision uint64
	counts   map[uint64]int // by sequence number
}

func deliveriesKey(id string) string { return "deliveries/" + id }

func (h *Hub) loadDeliveries(ctx context.Context, id string) (*deliveries, error) {
	d := &deliveries{counts: map[uint64]int{}}
	doc, err := h.store.Documents().Get(ctx, deliveriesKey(id))
	if errors.Is(err, ErrNoDocument) {
		return d, nil
	}
	if err == nil {
		d.revision, err = doc.Revision, json.Unmarshal(doc.Body, &d.counts)
	}
	if err != nil {
		return nil, fmt.Errorf("read delivery counts of device %s: %w", id, err)
	}
	return d, nil
}

func (h *Hub) saveDeliveries(ctx context.Context, id string, d *deliveries) error {
	body, err := json.Marshal(d.counts)
	if err == nil {
		d.revision, err = h.store.Documents().Put(ctx, Document{Key: deliveriesKey(id), Revision: d.revision, Body: body})
	}
	if err != nil {
		return fmt.Errorf("write delivery counts of device %s: %w", id, err)
	}
	return nil
}

func (h *Hub) dropDeliveries(ctx context.Context, id string) error {
	for {
		d, err := h.loadDeliveries(ctx, id)
		if err != nil || d.revision == 0 {
			return err
		}
		_, err = h.store.Documents().Put(ctx, Document{Key: deliveriesKey(id), Revision: d.revision})
		if err == nil || !errors.Is(err, ErrConflict) || ctx.Err() != nil {
			return err
		}
	}
}
