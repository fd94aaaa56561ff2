package hub

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// A packed record holds the events of one append:
//
//	version 2 | first event number | count | time of the first event | events
//
// and per event: time since the one before | sender | message. Integers are varints.
// Text that is likely to come again (device, content type, property names) is
// written once per record and referred to by its place afterwards.
const packVersion = 2

var errPack = errors.New("malformed record")

// origin is what a connection knows about the sender of its events.
type origin struct {
	device, generation, authMethod, modelID, source string
}

func (o *origin) texts() [5]*string {
	return [...]*string{&o.device, &o.generation, &o.authMethod, &o.modelID, &o.source}
}

// systemTexts returns the textual system properties in the order of their bits in a
// packed message. Those that are unique to a message are not worth remembering.
func (s *SystemProperties) systemTexts() [13]*string {
	return [...]*string{&s.ContentType, &s.ContentEncoding, &s.UserID, &s.To, &s.OutputName, &s.Schema,
		&s.InterfaceID, &s.Subject, &s.Ack, &s.InputName, &s.MessageID, &s.CorrelationID, &s.CreationTime}
}

const (
	firstUniqueText = 10 // MessageID
	expiryBit       = 13
)

type packer struct {
	buf  []byte
	seen map[string]uint64 // text to its place + 1
}

func (p *packer) uint(v uint64) { p.buf = binary.AppendUvarint(p.buf, v) }

func (p *packer) bytes(b []byte) {
	p.uint(uint64(len(b)))
	p.buf = append(p.buf, b...)
}

func (p *packer) text(s string) {
	p.uint(uint64(len(s)))
	p.buf = append(p.buf, s...)
}

// shared writes text that may come again.
func (p *packer) shared(s string) {
	if place, ok := p.seen[s]; ok {
		p.uint(place)
		return
	}
	if p.seen == nil {
		p.seen = make(map[string]uint64)
	}
	p.seen[s] = uint64(len(p.seen)) + 1
	p.uint(0)
	p.text(s)
}

func (p *packer) time(t time.Time) {
	p.buf = binary.AppendVarint(p.buf, t.Unix())
	p.uint(uint64(t.Nanosecond()))
}

func (p *packer) message(m *Message) {
	var given uint64
	texts := m.System.systemTexts()
	for bit, s := range texts {
		if *s != "" {
			given |= 1 << bit
		}
	}
	if !m.System.Expiry.IsZero() {
		given |= 1 << expiryBit
	}
	p.uint(given)
	for bit, s := range texts {
		switch {
		case *s == "":
		case bit < firstUniqueText:
			p.shared(*s)
		default:
			p.text(*s)
		}
	}
	if !m.System.Expiry.IsZero() {
		p.time(m.System.Expiry)
	}
	p.bytes(m.Body)
	p.uint(uint64(len(m.Properties)))
	for _, property := range m.Properties {
		p.shared(property.Key)
		p.text(property.Value)
	}
}

// event writes an event that came gap after the one before.
func (p *packer) event(gap time.Duration, o *origin, m *Message) {
	p.uint(uint64(gap))
	for _, s := range o.texts() {
		p.shared(*s)
	}
	p.message(m)
}

// headerRoom is what the largest header takes.
const headerRoom = 1 + 4*binary.MaxVarintLen64

// begin makes p ready for the events of another record, keeping its memory.
func (p *packer) begin() {
	p.buf = append(p.buf[:0], make([]byte, headerRoom)...)
	clear(p.seen)
}

// record puts the header before the events and returns the record, which is valid until
// the next call of begin. It may be called again with another number.
func (p *packer) record(first uint64, count int, at time.Time) []byte {
	var header [headerRoom]byte
	h := packer{buf: append(header[:0], packVersion)}
	h.uint(first)
	h.uint(uint64(count))
	h.time(at)
	start := headerRoom - len(h.buf)
	copy(p.buf[start:], h.buf)
	return p.buf[start:]
}

// unpacker reads what a packer wrote. Its first error sticks; what is read
// afterwards is zero.
type unpacker struct {
	in    []byte
	table []string
	err   error
}

func (u *unpacker) fail(what string) {
	if u.err == nil {
		u.err = fmt.Errorf("%w: %s", errPack, what)
	}
	u.in = nil
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.in)
	if n <= 0 {
		u.fail("bad integer")
		return 0
	}
	u.in = u.in[n:]
	return v
}

func (u *unpacker) bytes() []byte {
	n := u.uint()
	if n > uint64(len(u.in)) {
		u.fail("cut short")
		return nil
	}
	if n == 0 {
		return nil
	}
	b := u.in[:n:n]
	u.in = u.in[n:]
	return b
}

func (u *unpacker) text() string { return string(u.bytes()) }

func (u *unpacker) shared() string {
	place := u.uint()
	if place == 0 {
		s := u.text()
		u.table = append(u.table, s)
		return s
	}
	if place > uint64(len(u.table)) {
		u.fail("reference to unknown text")
		return ""
	}
	return u.table[place-1]
}

func (u *unpacker) time() time.Time {
	seconds, n := binary.Varint(u.in)
	if n <= 0 {
		u.fail("bad time")
		return time.Time{}
	}
	u.in = u.in[n:]
	nanos := u.uint()
	if nanos >= uint64(time.Second) {
		u.fail("bad time")
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}

func (u *unpacker) message() (m Message) {
	given := u.uint()
	if given >= 1<<(expiryBit+1) {
		u.fail("unknown system property")
	}
	for bit, s := range m.System.systemTexts() {
		switch {
		case given&(1<<bit) == 0:
		case bit < firstUniqueText:
			*s = u.shared()
		default:
			*s = u.text()
		}
	}
	if given&(1<<expiryBit) != 0 {
		m.System.Expiry = u.time()
	}
	m.Body = u.bytes()
	n := u.uint()
	if n > uint64(len(u.in)) { // each takes a byte at least
		u.fail("cut short")
		return m
	}
	for range n {
		m.Properties = append(m.Properties, Property{Key: u.shared(), Value: u.text()})
	}
	return m
}

// unknownVersion says why a record of another format cannot be read.
func unknownVersion(record []byte) string {
	if len(record) > 0 && record[0] == 1 {
		return "written by a version from before the first release, whose data are not read any more: begin with an empty data directory"
	}
	return "unknown version"
}

// header reads the beginning of a record.
func (u *unpacker) header() (first uint64, count int, at time.Time) {
	if len(u.in) == 0 || u.in[0] != packVersion {
		u.fail(unknownVersion(u.in))
		return 0, 0, time.Time{}
	}
	u.in = u.in[1:]
	first, n, at := u.uint(), u.uint(), u.time()
	if n > uint64(len(u.in)) { // each takes several bytes
		u.fail("cut short")
		return 0, 0, time.Time{}
	}
	return first, int(n), at
}

// unpackRecord returns the events of a record.
func unpackRecord(record []byte) ([]Event, error) {
	u := unpacker{in: record}
	first, count, at := u.header()
	var events []Event
	for i := range count {
		at = at.Add(time.Duration(u.uint()))
		e := Event{Number: first + uint64(i), Enqueued: at}
		var o origin
		for _, s := range o.texts() {
			*s = u.shared()
		}
		e.Device, e.Module = SplitIdentity(o.device)
		e.GenerationID, e.AuthMethod, e.ModelID, e.Source = o.generation, o.authMethod, o.modelID, o.source
		e.Message = u.message()
		if u.err != nil {
			return nil, u.err
		}
		events = append(events, e)
	}
	if len(u.in) > 0 {
		u.fail("bytes behind the last event")
	}
	if u.err != nil {
		return nil, u.err
	}
	return events, nil
}

// unpackHeader returns the number of a record's first event and how many it holds.
func unpackHeader(record []byte) (first uint64, count int, err error) {
	u := unpacker{in: record}
	first, count, _ = u.header()
	return first, count, u.err
}

// packCommand encodes a command for the queue.
func packCommand(m *Message, enqueued time.Time) []byte {
	p := packer{buf: []byte{packVersion}}
	p.time(enqueued)
	p.message(m)
	return p.buf
}

func unpackCommand(r Record) (Command, error) {
	if len(r.Body) == 0 || r.Body[0] != packVersion {
		return Command{}, fmt.Errorf("%w: %s", errPack, unknownVersion(r.Body))
	}
	u := unpacker{in: r.Body[1:]}
	c := Command{Sequence: r.Sequence, Enqueued: u.time(), Message: u.message()}
	return c, u.err
}
