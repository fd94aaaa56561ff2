package hub

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/tidwall/btree"
)

// directory holds what the store keeps of all identities, in memory: their documents,
// their order, which of them are disabled, and which have which tags. It is read from
// the store when the hub starts and follows every write; the hub is the only one that
// writes.
type directory struct {
	ready chan struct{} // closed when reading has ended

	mu       sync.RWMutex
	complete bool                      // all has been read: what is not here is not in the store
	removed  map[string]uint64         // while reading: revisions that are gone
	doubtful map[string]bool           // a write failed, and may have been made all the same
	devices  btree.Map[string, uint32] // identity to place
	modules  btree.Map[string, uint32]
	entries  []entry // by place
	free     []uint32
	disabled *roaring.Bitmap
	tags     map[uint64]*roaring.Bitmap // places by term
}

// entry is one identity; an empty id marks a free place.
type entry struct {
	id       string
	revision uint64
	terms    []uint64 // its tags
	body     []byte   // its document
}

func (d *directory) init() {
	d.ready = make(chan struct{})
	d.disabled = roaring.New()
	d.tags = map[uint64]*roaring.Bitmap{}
	d.removed, d.doubtful = map[string]uint64{}, map[string]bool{}
}

func (d *directory) tree(id string) *btree.Map[string, uint32] {
	if strings.Contains(id, "/") {
		return &d.modules
	}
	return &d.devices
}

// find returns the document of an identity. Without one, certain says whether the store
// has none either.
func (d *directory) find(id string) (doc Document, ok, certain bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.doubtful[id] {
		return doc, false, false
	}
	place, ok := d.tree(id).Get(id)
	if !ok {
		return doc, false, d.complete
	}
	e := &d.entries[place]
	return Document{Key: documentKey(id), Revision: e.revision, Body: e.body}, true, true
}

// doubt has the store read again before an identity is believed in.
func (d *directory) doubt(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.doubtful[id] = true
}

// put takes over what was written or read of an identity, unless something newer is
// known. It keeps body.
func (d *directory) put(doc *document, body []byte) {
	id, terms := doc.Device.ID, termsOf(doc.Twin.Tags)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.removed[id] >= doc.revision {
		return
	}
	tree := d.tree(id)
	place, known := tree.Get(id)
	if !known {
		place = d.place()
		tree.Set(id, place)
		d.entries[place].id = id
	}
	e := &d.entries[place]
	if known && e.revision > doc.revision {
		return
	}
	delete(d.doubtful, id)
	d.untag(place)
	e.revision, e.terms, e.body = doc.revision, terms, body
	for _, t := range terms {
		if d.tags[t] == nil {
			d.tags[t] = roaring.New()
		}
		d.tags[t].Add(place)
	}
	if doc.Device.Status == StatusDisabled {
		d.disabled.Add(place)
	} else {
		d.disabled.Remove(place)
	}
}

func (d *directory) place() uint32 {
	if n := len(d.free); n > 0 {
		place := d.free[n-1]
		d.free = d.free[:n-1]
		return place
	}
	d.entries = append(d.entries, entry{})
	return uint32(len(d.entries) - 1)
}

func (d *directory) untag(place uint32) {
	for _, t := range d.entries[place].terms {
		set := d.tags[t]
		if set.Remove(place); set.IsEmpty() {
			delete(d.tags, t)
		}
	}
	d.entries[place].terms = nil
}

// remove forgets an identity that had the revision given.
func (d *directory) remove(id string, revision uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.complete {
		d.removed[id] = revision
	}
	delete(d.doubtful, id)
	place, known := d.tree(id).Delete(id)
	if !known {
		return
	}
	d.untag(place)
	d.disabled.Remove(place)
	d.entries[place] = entry{}
	d.free = append(d.free, place)
}

// count returns the number of devices, and of disabled ones among them.
func (d *directory) count() (devices, disabled int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.devices.Len(), int(d.disabled.GetCardinality())
}

// sparse is up to how many candidates are collected and sorted rather than looked for
// among all identities in order.
const sparse = 20_000

// page returns up to n identities behind after, in order, that may have what the
// selection asks for.
func (d *directory) page(s *Selection, after string, n int) (ids []string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	tree := &d.devices
	if s.Modules {
		tree = &d.modules
	}
	if s.IDs != nil {
		for _, id := range s.IDs {
			if _, ok := tree.Get(id); ok && id > after {
				ids = append(ids, id)
			}
		}
		return firstInOrder(ids, n)
	}
	candidates := d.candidates(s.Tags)
	if candidates != nil && candidates.GetCardinality() <= sparse {
		for it := candidates.Iterator(); it.HasNext(); {
			if id := d.entries[it.Next()].id; id > after && strings.Contains(id, "/") == s.Modules {
				ids = append(ids, id)
			}
		}
		return firstInOrder(ids, n)
	}
	tree.Ascend(after, func(id string, place uint32) bool {
		if id != after && (candidates == nil || candidates.Contains(place)) {
			ids = append(ids, id)
		}
		return len(ids) < n
	})
	return ids
}

func firstInOrder(ids []string, n int) []string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(n, len(ids))]
}

// candidates returns the places where all terms hold; nil when there are no terms.
func (d *directory) candidates(tags []TagTerm) (set *roaring.Bitmap) {
	for _, t := range tags {
		any := roaring.New()
		for _, v := range t.Values {
			if s := d.tags[term(t.Path, v)]; s != nil {
				any.Or(s)
			}
		}
		if set == nil {
			set = any
		} else {
			set.And(any)
		}
	}
	return set
}

// termsOf returns the terms of tags: one for each string, number and boolean that is not
// within an array.
func termsOf(tags []byte) (terms []uint64) {
	if len(tags) <= len("{}") {
		return nil
	}
	root, err := parseJSON(tags)
	if err != nil {
		return nil // what cannot be read has no tags to look for
	}
	root.eachTerm("", func(t uint64) { terms = append(terms, t) })
	return terms
}

func (n *node) eachTerm(path string, yield func(uint64)) {
	switch n.kind {
	case jsonObject:
		for key, field := range n.fields {
			if path != "" {
				key = path + "." + key
			}
			field.eachTerm(key, yield)
		}
	case jsonString:
		yield(term(path, n.text))
	case jsonBool:
		yield(term(path, n.text == "true"))
	case jsonNumber:
		if f, err := strconv.ParseFloat(n.text, 64); err == nil {
			yield(term(path, f))
		}
	}
}

// term is the hash of a tag with a value. Two that meet cost a comparison, no more: what
// the directory finds is read and looked at.
func term(path string, value any) uint64 {
	f := fnv.New64a()
	f.Write([]byte(path))
	switch v := value.(type) {
	case string:
		f.Write([]byte{0, 's'})
		f.Write([]byte(v))
	case bool:
		f.Write([]byte{0, 'b'})
		f.Write(strconv.AppendBool(nil, v))
	case float64:
		f.Write([]byte{0, 'n'})
		f.Write(strconv.AppendFloat(nil, v, 'g', -1, 64))
	}
	return f.Sum64()
}

// readDirectory runs once, when the hub starts.
func (h *Hub) readDirectory() {
	defer close(h.directory.ready)
	for _, prefix := range []string{deviceKeys, moduleKeys} {
		for d, err := range h.store.Documents().Scan(h.ctx, prefix) {
			var doc *document
			if err == nil {
				doc, err = decodeDocument(d)
			}
			if err != nil {
				if h.ctx.Err() == nil {
					h.cfg.Log.Error("directory of devices is incomplete", "error", err)
				}
				return
			}
			h.directory.put(doc, bytes.Clone(d.Body))
			select {
			case <-h.closed:
				return
			default:
			}
		}
	}
	d := &h.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	d.complete, d.removed = true, nil
}

// whole waits until the directory has been read.
func (h *Hub) whole(ctx context.Context) error {
	select {
	case <-h.directory.ready:
		return nil
	case <-h.closed:
		return ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("wait for the directory of devices: %w", context.Cause(ctx))
	}
}

// Selection says which twins are wanted. Tags narrow down what has to be read; whoever
// selects looks at what comes.
type Selection struct {
	Modules bool      // of modules, not of devices
	After   string    // only identities behind this one
	IDs     []string  // only these, when not nil
	Tags    []TagTerm // all of them hold
}

// TagTerm wants a tag to have one of several values: strings, float64s or booleans.
type TagTerm struct {
	Path   string // below tags, segments parted by dots
	Values []any
}

const selectPage = 256

// Select yields the twins of a selection, ordered by identity, and maybe others. Their
// CommandCount is not counted.
func (h *Hub) Select(ctx context.Context, s Selection) iter.Seq2[Twin, error] {
	return func(yield func(Twin, error) bool) {
		if err := h.whole(ctx); err != nil {
			yield(Twin{}, err)
			return
		}
		after := s.After
		for {
			ids := h.directory.page(&s, after, selectPage)
			for _, id := range ids {
				doc, err := h.load(ctx, id)
				if isRefusal(err) {
					continue // deleted meanwhile
				}
				if err != nil {
					yield(Twin{}, err)
					return
				}
				if !yield(h.twinOf(doc), nil) {
					return
				}
				after = id
			}
			if len(ids) < selectPage {
				return
			}
			after = ids[len(ids)-1]
		}
	}
}

// Count fills in the number of commands that wait.
func (h *Hub) Count(ctx context.Context, t *Twin) (err error) {
	t.CommandCount, err = h.countCommands(ctx, Identity(t.DeviceID, t.ModuleID))
	return err
}
