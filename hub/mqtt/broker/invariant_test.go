package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"
	"pgregory.net/rapid"

	"twinrig/hub"
)

// shelf is a store in memory.
type shelf struct {
	last uint64
	docs map[string]hub.Document
}

func (s *shelf) Get(_ context.Context, key string) (hub.Document, error) {
	if d, ok := s.docs[key]; ok {
		return d, nil
	}
	return hub.Document{}, hub.ErrNoDocument
}

func (s *shelf) Put(_ context.Context, d hub.Document) (uint64, error) {
	if s.docs[d.Key].Revision != d.Revision {
		return 0, hub.ErrConflict
	}
	if len(d.Body) == 0 {
		delete(s.docs, d.Key)
		return 0, nil
	}
	s.last++
	d.Revision = s.last
	s.docs[d.Key] = d
	return s.last, nil
}

func (s *shelf) Scan(_ context.Context, prefix string) iter.Seq2[hub.Document, error] {
	return func(yield func(hub.Document, error) bool) {
		for key, d := range s.docs {
			if strings.HasPrefix(key, prefix+"/") && !yield(d, nil) {
				return
			}
		}
	}
}

// wire is a connection that takes everything but what is too large, when it has room.
type wire struct{ full bool }

func (w *wire) Send(pk *packets.Packet) error {
	if len(pk.Payload) > 8 {
		return ErrTooLarge
	}
	return nil
}
func (w *wire) Room() bool         { return !w.full }
func (w *wire) Close(byte, string) {}

// machine is a broker with three clients that do whatever they like.
type machine struct {
	docs    *shelf
	broker  *Broker
	members map[string]*Member
}

func newMachine(t *rapid.T) *machine {
	m := &machine{docs: &shelf{docs: map[string]hub.Document{}}}
	m.restart(t)
	return m
}

// restart begins with what is stored, as after a kill.
func (m *machine) restart(t *rapid.T) {
	if m.broker != nil {
		m.broker.Close()
	}
	b, err := New(context.Background(), Config{MaxQueued: 3, MaxQueuedBytes: 20, MaxInflight: 2, MaxRetained: 2}, m.docs)
	if err != nil {
		t.Fatal(err)
	}
	m.broker, m.members = b, map[string]*Member{}
}

func (m *machine) connect(t *rapid.T, client string) {
	pk := &packets.Packet{ProtocolVersion: 5}
	pk.Connect.ClientIdentifier, pk.Connect.Clean = client, rapid.Bool().Draw(t, "clean")
	pk.Properties.SessionExpiryInterval = rapid.SampledFrom([]uint32{0, 1<<32 - 1}).Draw(t, "expiry")
	member, err := m.broker.Connect(pk, Peer{Link: &wire{}, Local: true, ReceiveMaximum: 3})
	if err != nil {
		t.Fatal(err)
	}
	member.Start()
	m.members[client] = member
}

func (m *machine) act(t *rapid.T, client string) {
	c := m.members[client]
	pk := &packets.Packet{ProtocolVersion: 5, PacketID: rapid.Uint16Range(1, 6).Draw(t, "id")}
	switch kind := rapid.SampledFrom([]byte{0, 1, packets.Publish, packets.Publish, packets.Puback, packets.Pubrec, packets.Pubrel, packets.Pubcomp, packets.Subscribe, packets.Unsubscribe}).Draw(t, "kind"); kind {
	case 0:
		c.Leave()
		delete(m.members, client)
		return
	case 1:
		c.link.(*wire).full = !c.link.(*wire).full
		c.Resume()
		return
	default:
		pk.FixedHeader.Type = kind
	}
	pk.FixedHeader.Qos, pk.FixedHeader.Retain = rapid.ByteRange(0, 2).Draw(t, "qos"), rapid.Bool().Draw(t, "retain")
	pk.TopicName = rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "topic")
	pk.Payload = make([]byte, rapid.IntRange(0, 9).Draw(t, "size"))
	filter := rapid.SampledFrom([]string{"a", "#", "$share/g/b"}).Draw(t, "filter")
	pk.Filters = packets.Subscriptions{{Filter: filter, Qos: pk.FixedHeader.Qos}}
	_ = c.Handle(pk) // a refusal would end the connection; here the client goes on regardless
}

// check compares what the broker counts and stores with what it holds.
func (m *machine) check(t *rapid.T) {
	waiting := map[string]bool{}
	for client, s := range m.broker.sessions {
		held, ids := 0, 0
		for _, d := range slices.Concat(s.queue, s.flight) {
			held += d.message.size()
			if d.qos == 0 {
				continue
			}
			ids++
			if s.byID[d.id] != d {
				t.Fatalf("%s: packet identifier %d leads elsewhere", client, d.id)
			}
			if d.record == nil && s.persistent() {
				t.Fatalf("%s: the session is stored, but not message %d", client, d.id)
			}
			if d.record != nil {
				waiting[fmt.Sprintf("%s %s %d %v", d.record.doc.key, client, d.id, d.released)] = true
			}
		}
		if held != s.held || ids != len(s.byID) || s.link != nil && len(s.flight) > s.size {
			t.Fatalf("%s: %d of %d bytes, %d of %d identifiers, %d in flight", client, held, s.held, ids, len(s.byID), len(s.flight))
		}
	}
	m.checkStored(t, waiting)
}

func (m *machine) checkStored(t *rapid.T, waiting map[string]bool) {
	stored := 0
	for key, doc := range m.docs.docs {
		if !strings.HasPrefix(key, messageKeys) {
			continue
		}
		var e recordEntry
		if err := json.Unmarshal(doc.Body, &e); err != nil {
			t.Fatal(err)
		}
		for _, target := range e.Targets {
			stored++
			if name := fmt.Sprintf("%s %s %d %v", key, target.Client, target.PacketID, target.Released); !waiting[name] {
				t.Fatalf("stored, but nobody waits: %s of %v", name, waiting)
			}
		}
		if len(e.Targets) == 0 && e.Publisher == "" {
			t.Fatalf("%s is stored for nobody", key)
		}
	}
	if stored != len(waiting) {
		t.Fatalf("%d deliveries wait, %d are stored", len(waiting), stored)
	}
}

// Whatever clients do, and whenever the process is killed, what is stored is what waits, and
// counters tell the truth.
func TestStoredIsWhatWaits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		defer func() { m.broker.Close() }()
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			client := rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "client")
			switch {
			case rapid.IntRange(0, 29).Draw(t, "kill") == 0:
				m.restart(t)
			case m.members[client] == nil || rapid.IntRange(0, 9).Draw(t, "again") == 0:
				m.connect(t, client)
			default:
				m.act(t, client)
			}
			m.check(t)
		}
	})
}
