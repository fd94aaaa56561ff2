package hub

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// MaxModules is the number of modules a device may have.
const MaxModules = 50

// Modules returns the modules of a device, ordered by id.
func (h *Hub) Modules(ctx context.Context, device string) ([]Device, error) {
	if CheckDeviceID(device) != nil {
		return nil, notRegistered(device)
	}
	if _, err := h.view(ctx, device); err != nil {
		return nil, err
	}
	docs, err := h.moduleDocuments(ctx, device)
	if err != nil {
		return nil, err
	}
	modules := make([]Device, 0, len(docs))
	for _, doc := range docs {
		m, err := h.present(ctx, doc)
		if err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	return modules, nil
}

func (h *Hub) moduleDocuments(ctx context.Context, device string) (docs []*document, err error) {
	for d, err := range h.store.Documents().Scan(ctx, documentKey(device+"/")) {
		var doc *document
		if err == nil {
			doc, err = decodeDocument(d)
		}
		if err != nil {
			return nil, fmt.Errorf("list modules of device %s: %w", device, err)
		}
		docs = append(docs, doc)
	}
	slices.SortFunc(docs, func(a, b *document) int { return cmp.Compare(a.Device.ID, b.Device.ID) })
	return docs, nil
}

// admitModule refuses a module whose device is not registered or has enough of them.
// The caller holds the device's lock.
func (h *Hub) admitModule(ctx context.Context, id string) error {
	if !strings.Contains(id, "/") {
		return nil
	}
	device := deviceOf(id)
	if _, err := h.view(ctx, device); err != nil {
		return err
	}
	docs, err := h.moduleDocuments(ctx, device)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(docs, func(d *document) bool { return d.Device.ID == id })
	if len(others) >= MaxModules {
		return tooManyModules.errorf("Device %s has %d modules already.", device, len(others))
	}
	return nil
}

// dropModules deletes the modules of a device. The caller holds its lock.
func (h *Hub) dropModules(ctx context.Context, device string) error {
	if strings.Contains(device, "/") {
		return nil
	}
	docs, err := h.moduleDocuments(ctx, device)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		if err := h.remove(ctx, doc); err != nil {
			return fmt.Errorf("delete modules of device %s: %w", device, err)
		}
	}
	return nil
}

// endSessions closes the live sessions of an identity and, when it is a device, those
// of its modules.
func (h *Hub) endSessions(ctx context.Context, id string, reason CloseReason) error {
	h.endSession(id, reason)
	if strings.Contains(id, "/") {
		return nil
	}
	docs, err := h.moduleDocuments(ctx, id)
	for _, doc := range docs {
		h.endSession(doc.Device.ID, reason)
	}
	return err
}
