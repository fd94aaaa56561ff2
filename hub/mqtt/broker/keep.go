package broker

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sessionEntry is the stored form of a session; what waits for its client is in records.
type sessionEntry struct {
	Client  string          `json:"client"`
	User    string          `json:"user,omitempty"`
	Expiry  time.Duration   `json:"expiry"`
	Left    time.Time       `json:"left,omitzero"` // zero while the client is connected
	Filters []*subscription `json:"filters,omitempty"`
	Will    *Will           `json:"will,omitempty"`
	WillAt  time.Time       `json:"willAt,omitzero"`
}

// save stores the session if it outlives its connection.
func (s *session) save() error {
	return s.doc.save(func() (body []byte, wanted bool, err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.gone || !s.persistent() {
			return nil, !s.gone, nil
		}
		e := sessionEntry{Client: s.client, User: s.user, Expiry: s.expiry, Will: s.will}
		if s.link == nil {
			e.Left, e.WillAt = s.left, s.willAt
		}
		for _, sub := range s.filters {
			e.Filters = append(e.Filters, sub)
		}
		slices.SortFunc(e.Filters, func(x, y *subscription) int { return cmp.Compare(x.Filter, y.Filter) })
		body, err = json.Marshal(&e)
		return body, true, err
	})
}

// recover reads what an earlier process has left.
func (b *Broker) recover(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.recoverRetained(ctx); err != nil {
		return err
	}
	entries, err := b.recoverSessions(ctx)
	if err != nil {
		return err
	}
	if err := b.recoverMessages(ctx); err != nil {
		return err
	}
	for _, e := range entries { // clocks last: they may strike at once
		s := b.sessions[e.Client]
		s.mu.Lock()
		if s.armExpiry(); s.will != nil {
			s.armWill()
		}
		s.mu.Unlock()
	}
	return nil
}

func (b *Broker) recoverRetained(ctx context.Context) error {
	for doc, err := range b.docs.Scan(ctx, retainedKeys) {
		m := &Message{}
		if err == nil {
			err = json.Unmarshal(doc.Body, m)
		}
		if err != nil {
			return fmt.Errorf("read retained messages: %w", err)
		}
		node := b.retained.tree.at(m.Topic)
		node.value, node.set = &keptMessage{m, &document{docs: b.docs, key: doc.Key, revision: doc.Revision}}, true
		b.retained.count++
		b.retained.bytes += m.size()
	}
	return nil
}

func (b *Broker) recoverSessions(ctx context.Context) (all []sessionEntry, err error) {
	revisions := map[string]uint64{}
	for doc, err := range b.docs.Scan(ctx, sessionKeys) {
		var e sessionEntry
		if err == nil {
			err = json.Unmarshal(doc.Body, &e)
		}
		if err != nil {
			return nil, fmt.Errorf("read sessions: %w", err)
		}
		all = append(all, e)
		revisions[e.Client] = doc.Revision
	}
	slices.SortFunc(all, func(x, y sessionEntry) int { return cmp.Compare(x.Client, y.Client) })
	for _, e := range all {
		s := b.newSession(e.Client)
		s.doc.revision = revisions[e.Client]
		s.restore(e)
		b.sessions[e.Client] = s
	}
	return all, nil
}

// restore fills a session. A client that was connected when the process died has been away
// since now.
func (s *session) restore(e sessionEntry) {
	s.user, s.expiry, s.left, s.will, s.willAt = e.User, e.Expiry, e.Left, e.Will, e.WillAt
	if s.left.IsZero() {
		s.left = time.Now()
		if s.will != nil {
			s.willAt = s.left.Add(s.will.Delay)
		}
	}
	for _, sub := range e.Filters {
		s.filters[sub.Filter] = sub
		s.broker.listen(s, sub)
	}
}

func (b *Broker) recoverMessages(ctx context.Context) error {
	var all []*record
	for doc, err := range b.docs.Scan(ctx, messageKeys) {
		r := &record{doc: &document{docs: b.docs, key: doc.Key, revision: doc.Revision}}
		if err == nil {
			err = json.Unmarshal(doc.Body, &r.entry)
		}
		if err != nil {
			return fmt.Errorf("read waiting messages: %w", err)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(x, y *record) int { return cmp.Compare(x.doc.key, y.doc.key) })
	for _, r := range all {
		number, err := strconv.ParseUint(strings.TrimPrefix(r.doc.key, messageKeys+"/"), 16, 64)
		if err != nil {
			return fmt.Errorf("read waiting messages: key %s: %w", r.doc.key, err)
		}
		b.sequence.Store(max(b.sequence.Load(), number))
		if err := b.restore(r); err != nil {
			return err
		}
	}
	return nil
}

// restore puts a message where it waited. For sessions that are gone it does not wait any
// more.
func (b *Broker) restore(r *record) error {
	kept := r.entry.Targets[:0]
	for _, t := range r.entry.Targets {
		if s := b.sessions[t.Client]; s != nil {
			kept = append(kept, t)
			s.recall(r, t)
		}
	}
	changed := len(kept) < len(r.entry.Targets)
	r.entry.Targets = kept
	if s := b.sessions[r.entry.Publisher]; s != nil {
		s.received[r.entry.PacketID] = r
	} else if r.entry.Publisher != "" {
		r.entry.Publisher, changed = "", true
	}
	if !changed {
		return nil
	}
	return r.store()
}

// recall queues a stored message. Whether it was sent before is not known, so it counts as
// if it was.
func (s *session) recall(r *record, t recordTarget) {
	d := &delivery{
		message: r.entry.Message, qos: t.QoS, retain: t.Retain, ids: t.IDs, id: t.PacketID,
		sent: true, released: t.Released, record: r,
	}
	s.byID[d.id] = d
	s.last = max(s.last, d.id)
	s.held += d.message.size()
	if d.released {
		s.flight = append(s.flight, d)
	} else {
		s.queue = append(s.queue, d)
	}
}
