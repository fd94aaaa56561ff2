package hub

import "sync"

// recipients are the identities that had commands since the hub was started, or then. Of
// all others the hub knows, without reading the store, that nothing waits for them.
type recipients struct {
	mu    sync.Mutex
	whole bool // what waited at the start has been read
	ids   map[string]struct{}
}

// add notes an identity before a command is queued for it.
func (r *recipients) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = map[string]struct{}{}
	}
	r.ids[id] = struct{}{}
}

// complete says that all that waited at the start has been added.
func (r *recipients) complete() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.whole = true
}

// may says whether commands may wait for an identity.
func (r *recipients) may(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.ids[id]
	return known || !r.whole
}

// remove forgets an identity whose queue was emptied. The caller holds its lock, so that
// nothing is queued meanwhile.
func (r *recipients) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, id)
}
