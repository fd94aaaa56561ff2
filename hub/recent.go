package hub

import (
	"context"
	"sync"
)

// maxRecent bounds the documents kept decoded, some kilobytes each.
const maxRecent = 10_000

// recent keeps documents that were read lately, decoded. They are shared and not to be
// changed: who changes a document loads it anew.
type recent struct {
	mu   sync.Mutex
	byID map[string]*document
	ring []string // in the order they came; the oldest makes room
	next int
}

// view is load for those who only read. What is kept counts as long as the directory has
// the same revision.
func (h *Hub) view(ctx context.Context, id string) (*document, error) {
	if d, ok, _ := h.directory.find(id); ok {
		if doc := h.recent.find(id); doc != nil && doc.revision == d.Revision {
			return doc, nil
		}
	}
	doc, err := h.load(ctx, id)
	if err == nil {
		h.recent.keep(id, doc)
	}
	return doc, err
}

func (r *recent) find(id string) *document {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id]
}

func (r *recent) keep(id string, doc *document) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = map[string]*document{}
	}
	if _, known := r.byID[id]; !known {
		if len(r.ring) < maxRecent {
			r.ring = append(r.ring, id)
		} else {
			delete(r.byID, r.ring[r.next])
			r.ring[r.next] = id
			r.next = (r.next + 1) % maxRecent
		}
	}
	r.byID[id] = doc
}
