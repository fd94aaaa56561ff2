package hub

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"
	"time"
)

// document is what the store keeps of one device or module: the identity and the twin
// together, so that creation is atomic.
type document struct {
	Device     Device    `json:"device"` // without what is computed
	ETagNumber uint64    `json:"etagNumber"`
	Twin       twinState `json:"twin"`
	Kept       []byte    `json:"kept,omitempty"` // by a front end, see Connection.KeepState

	revision uint64
}

type twinState struct {
	Version    int64           `json:"version"`
	ETagNumber uint64          `json:"etagNumber"`
	ModelID    string          `json:"modelId"`
	Tags       json.RawMessage `json:"tags"`
	Desired    json.RawMessage `json:"desired"`
	Reported   json.RawMessage `json:"reported"`
}

// Prefixes of the documents of devices and of modules.
const (
	deviceKeys = "device"
	moduleKeys = "module"
)

// documentKey is the key of an identity's document. That of "device/" is the prefix of
// the device's modules.
func documentKey(id string) string {
	if device, module, ok := strings.Cut(id, "/"); ok {
		return strings.TrimSuffix(moduleKeys+"/"+device+"/"+module, "/")
	}
	return deviceKeys + "/" + id
}

func (d *document) setDeviceETag(number uint64) {
	d.ETagNumber = number
	d.Device.ETag = base64.StdEncoding.EncodeToString(strconv.AppendUint(nil, number, 10))
}

func (t *twinState) etag() string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, t.ETagNumber))
}

func decodeDocument(d Document) (*document, error) {
	doc := &document{revision: d.Revision}
	if err := json.Unmarshal(d.Body, doc); err != nil {
		return nil, fmt.Errorf("decode document %s: %w", d.Key, err)
	}
	return doc, nil
}

func (h *Hub) load(ctx context.Context, id string) (*document, error) {
	if CheckIdentity(id) != nil {
		return nil, notRegistered(id)
	}
	d, ok, certain := h.directory.find(id)
	switch {
	case ok:
		return decodeDocument(d)
	case certain:
		return nil, notRegistered(id)
	}
	d, err := h.store.Documents().Get(ctx, documentKey(id))
	if errors.Is(err, ErrNoDocument) {
		return nil, notRegistered(id)
	}
	if err != nil {
		return nil, fmt.Errorf("read device %s: %w", id, err)
	}
	doc, err := decodeDocument(d)
	if err == nil {
		h.directory.put(doc, bytes.Clone(d.Body))
	}
	return doc, err
}

func (h *Hub) save(ctx context.Context, doc *document) (err error) {
	body, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("encode device %s: %w", doc.Device.ID, err)
	}
	doc.revision, err = h.store.Documents().Put(ctx, Document{Key: documentKey(doc.Device.ID), Revision: doc.revision, Body: body})
	if err != nil {
		h.directory.doubt(doc.Device.ID) // it may be there all the same
		return fmt.Errorf("write device %s: %w", doc.Device.ID, err)
	}
	h.directory.put(doc, body)
	h.recent.keep(doc.Device.ID, doc)
	return nil
}

// update reads a device's document, lets change alter it and writes it back, again
// from the start when it is not as it was thought to be. The caller holds the device's lock.
func (h *Hub) update(ctx context.Context, id string, change func(*document) error) (*document, error) {
	for {
		doc, err := h.load(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := change(doc); err != nil {
			return nil, err
		}
		err = h.save(ctx, doc)
		if errors.Is(err, ErrConflict) && ctx.Err() == nil {
			continue
		}
		return doc, err
	}
}

// stripes serialises what concerns one device and its modules within this hub, so that
// sessions hear of changes in the order in which they were written.
type stripes [256]sync.Mutex

func (s *stripes) lock(id string) (unlock func()) {
	m := &s[hash(deviceOf(id))%uint32(len(s))]
	m.Lock()
	return m.Unlock
}

// hash is stable for ever: it places devices into partitions.
func hash(id string) uint32 {
	f := fnv.New64a()
	f.Write([]byte(id))
	sum := f.Sum64()
	return uint32(sum>>32) ^ uint32(sum)
}

// now is the time as it is written: UTC, in the ticks of 100 ns that clients know.
func now() time.Time { return time.Now().UTC().Truncate(100 * time.Nanosecond) }

// checkLayout refuses to run on data that were written with other partitions:
// devices would change places and events vanish from sight.
func (h *Hub) checkLayout(ctx context.Context) error {
	type layout struct {
		Partitions int `json:"partitions"`
	}
	docs := h.store.Documents()
	d, err := docs.Get(ctx, "hub")
	if errors.Is(err, ErrNoDocument) {
		body, _ := json.Marshal(layout{h.cfg.Partitions}) // cannot fail
		_, err = docs.Put(ctx, Document{Key: "hub", Body: body})
		return err
	}
	if err != nil {
		return err
	}
	var l layout
	if err := json.Unmarshal(d.Body, &l); err != nil {
		return fmt.Errorf("decode layout: %w", err)
	}
	if l.Partitions != h.cfg.Partitions {
		return fmt.Errorf("the data were written with %d partitions, %d are configured; use the former or another data directory",
			l.Partitions, h.cfg.Partitions)
	}
	return nil
}
