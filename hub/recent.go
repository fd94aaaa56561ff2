package hub

import (
	"context"
	"sync"
)

// maxRecent bounds the documents kept decoded, some kilobytes each.
const maxRecent = 10_000

// recent keeps documents that were read or written lately, decoded. They are shared and
// not to be changed: who changes a document loads it from the store.
type recent struct {
	mu    sync.Mutex
	byID  map[string]*document
	ring  []string // in the order they came; the oldest makes room
	next  int
	wrote [256]uint64 // counts writes, by the hash of their identities
}

// view is load for those who only read.
func (h *Hub) view(ctx context.Context, id string) (*document, error) {
	doc, wrote := h.recent.find(id)
	if doc != nil {
		return doc, nil
	}
	doc, err := h.load(ctx, id)
	if err == nil {
		h.recent.keep(id, doc, wrote)
	}
	return doc, err
}

func (r *recent) slot(id string) *uint64 { return &r.wrote[hash(id)%uint32(len(r.wrote))] }

// find returns a document, or else the number of writes so far, for keep.
func (r *recent) find(id string) (doc *document, wrote uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id], *r.slot(id)
}

// keep takes what was read, unless it was written meanwhile and may be out of date.
func (r *recent) keep(id string, doc *document, wrote uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if *r.slot(id) == wrote {
		r.put(id, doc)
	}
}

// written takes what was written; nil means removed.
func (r *recent) written(id string, doc *document) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*r.slot(id)++
	if doc == nil {
		delete(r.byID, id)
		return
	}
	r.put(id, doc)
}

// put is called with mu held.
func (r *recent) put(id string, doc *document) {
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
