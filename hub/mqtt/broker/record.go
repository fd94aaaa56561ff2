package broker

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// record is the stored form of a message for as long as somebody waits for it: clients who
// have not acknowledged it, and a publisher who has not released its packet identifier.
type record struct {
	doc *document

	mu    sync.Mutex
	entry recordEntry
}

type recordEntry struct {
	Message   *Message       `json:"message"`
	Publisher string         `json:"publisher,omitempty"` // of QoS 2, until PUBREL
	PacketID  uint16         `json:"packetId,omitempty"`
	Targets   []recordTarget `json:"targets,omitempty"`
}

// recordTarget is a client that the message waits for.
type recordTarget struct {
	Client   string `json:"client"`
	QoS      byte   `json:"qos"`
	PacketID uint16 `json:"packetId"`
	Retain   bool   `json:"retain,omitempty"`
	IDs      []int  `json:"subscriptions,omitempty"`
	Released bool   `json:"released,omitempty"` // PUBREC has come
}

func (b *Broker) newRecord(m *Message) *record {
	n := b.sequence.Add(1)
	return &record{
		doc:   &document{docs: b.docs, key: fmt.Sprintf("%s/%016x", messageKeys, n)},
		entry: recordEntry{Message: m},
	}
}

// waits adds a client. The record is stored when all are known, or earlier by one that
// does not want to wait any more.
func (r *record) waits(client string, d *delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entry.Targets = append(r.entry.Targets, recordTarget{
		Client: client, QoS: d.qos, PacketID: d.id, Retain: d.retain, IDs: d.ids,
	})
}

// store writes the record as it is now; one that nobody waits for is removed.
func (r *record) store() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.storeLocked()
}

func (r *record) storeLocked() error {
	if len(r.entry.Targets) == 0 && r.entry.Publisher == "" {
		return r.doc.put(nil)
	}
	body, err := json.Marshal(&r.entry)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	return r.doc.put(body)
}

// settle notes that a client has the message, or will never have it.
func (r *record) settle(client string, id uint16) error {
	return r.change(func(e *recordEntry) {
		e.Targets = slices.DeleteFunc(e.Targets, func(t recordTarget) bool { return t.Client == client && t.PacketID == id })
	})
}

// release notes that a client of QoS 2 has the message and only the packet identifier is
// still in use.
func (r *record) release(client string, id uint16) error {
	return r.change(func(e *recordEntry) {
		for i := range e.Targets {
			if t := &e.Targets[i]; t.Client == client && t.PacketID == id {
				t.Released = true
			}
		}
	})
}

// forget notes that the publisher has released its packet identifier.
func (r *record) forget() error {
	return r.change(func(e *recordEntry) { e.Publisher = "" })
}

func (r *record) change(change func(*recordEntry)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.entry)
	return r.storeLocked()
}
