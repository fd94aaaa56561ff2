package hub

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func texts() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"", "", "application/json", "utf-8"}), rapid.String())
}

func messages() *rapid.Generator[Message] {
	return rapid.Custom(func(t *rapid.T) (m Message) {
		for i, s := range m.System.systemTexts() {
			*s = texts().Draw(t, fmt.Sprint("system", i))
		}
		if rapid.Bool().Draw(t, "expires") {
			// From the year 1 to far beyond what nanoseconds since 1970 can tell.
			m.System.Expiry = time.Unix(rapid.Int64Range(-62135596799, 253402300799).Draw(t, "expiry"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
		}
		if body := rapid.SliceOf(rapid.Byte()).Draw(t, "body"); len(body) > 0 {
			m.Body = body
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "properties") {
			m.Properties = append(m.Properties, Property{texts().Draw(t, fmt.Sprint("key", i)), texts().Draw(t, fmt.Sprint("value", i))})
		}
		return m
	})
}

// Law: unpack(pack(events)) = events.
func TestPackRoundTrip(t *testing.T) {
	var p packer
	rapid.Check(t, func(t *rapid.T) {
		p.begin()
		first := rapid.Uint64Range(0, math.MaxUint64-100).Draw(t, "first")
		start := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "start"), 0).UTC()
		var want []Event
		at := start
		for i := range rapid.IntRange(0, 20).Draw(t, "count") {
			o := origin{source: SourceTelemetry}
			for _, s := range o.texts() {
				*s = texts().Draw(t, "origin")
			}
			gap := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "gap"))
			m := messages().Draw(t, "message")
			at = at.Add(gap)
			p.event(gap, &o, &m)
			device, module := SplitIdentity(o.device)
			want = append(want, Event{
				Number: first + uint64(i), Enqueued: at, Device: device, Module: module, GenerationID: o.generation,
				AuthMethod: o.authMethod, ModelID: o.modelID, Source: o.source, Message: m,
			})
		}
		record := p.record(first, len(want), start)
		got, err := unpackRecord(record)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if n, count, err := unpackHeader(record); n != first || count != len(want) || err != nil {
			t.Errorf("header: %d, %d, %v; want %d, %d", n, count, err, first, len(want))
		}
	})
}

func TestCommandRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := messages().Draw(t, "message")
		at := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "at"), 0).UTC()
		got, err := unpackCommand(Record{Sequence: 7, Body: packCommand(&m, at)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Command{Message: m, Sequence: 7, Enqueued: at}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNumberingAgainChangesTheHeaderOnly(t *testing.T) {
	var p packer
	p.begin()
	o := origin{device: "d", source: SourceTelemetry}
	for i := range 3 {
		p.event(0, &o, &Message{Body: fmt.Append(nil, i)})
	}
	for _, first := range []uint64{0, 1 << 20, 127, 1 << 60, 3} {
		events, err := unpackRecord(p.record(first, 3, time.Unix(1, 0)))
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			if e.Number != first+uint64(i) || string(e.Body) != fmt.Sprint(i) {
				t.Errorf("first %d: event %d has number %d and body %s", first, i, e.Number, e.Body)
			}
		}
	}
}

// What a text costs the second time is its reference.
func TestRepeatedTextIsWrittenOnce(t *testing.T) {
	var p packer
	o := origin{device: "device", authMethod: `{"scope":"device"}`, source: SourceTelemetry}
	m := Message{Properties: []Property{{"alert", "1"}}}
	m.System.ContentType = "application/json"
	p.event(0, &o, &m)
	first := len(p.buf)
	p.event(0, &o, &m)
	if second := len(p.buf) - first; second > 15 {
		t.Errorf("the first event takes %d bytes, the same again %d", first, second)
	}
}

func TestUnpackRefusesMalformedRecords(t *testing.T) {
	for _, row := range []struct {
		why    string
		record []byte
	}{
		{"nothing", nil},
		{"an unknown version", []byte{9, 0, 0, 0, 0}},
		{"no end of an integer", []byte{packVersion, 0x80}},
		{"more events than there can be", []byte{packVersion, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0}},
		{"a billion nanoseconds", []byte{packVersion, 0, 0, 0, 0x80, 0x94, 0xeb, 0xdc, 0x03}},
		{"a reference to text that was not written", []byte{packVersion, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0}},
		{"a string longer than the record", []byte{packVersion, 0, 1, 0, 0, 0, 0, 0x7f}},
		{"a system property of the future", []byte{packVersion, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0x80, 0x80, 1, 0, 0}},
		{"bytes behind the last event", []byte{packVersion, 0, 0, 0, 0, 1}},
	} {
		if events, err := unpackRecord(row.record); !errors.Is(err, errPack) {
			t.Errorf("%s: %v, %v", row.why, events, err)
		}
	}
}

// Law: no bytes make the decoder panic or reserve memory out of proportion.
func FuzzUnpackRecord(f *testing.F) {
	var p packer
	p.begin()
	m := Message{Body: []byte("body"), Properties: []Property{{"k", "v"}}}
	m.System.Expiry = time.Unix(1, 2)
	p.event(5, &origin{device: "d", source: SourceTelemetry}, &m)
	p.event(7, &origin{device: "d", source: SourceTelemetry}, &m)
	f.Add(p.record(3, 2, time.Unix(1, 0)))
	f.Add([]byte{packVersion, 0, 0, 0, 0})
	f.Add([]byte{packVersion, 0, 1, 0, 0, 0, 7, 0})
	f.Fuzz(func(t *testing.T, record []byte) {
		events, err := unpackRecord(record)
		if err != nil && events != nil {
			t.Error("events with an error")
		}
		if len(events) > len(record) {
			t.Errorf("%d events out of %d bytes", len(events), len(record))
		}
	})
}

func FuzzUnpackCommand(f *testing.F) {
	m := Message{Body: []byte("body"), Properties: []Property{{"k", "v"}}}
	f.Add(packCommand(&m, time.Unix(1, 0)))
	f.Add([]byte{packVersion})
	f.Fuzz(func(t *testing.T, body []byte) {
		c, err := unpackCommand(Record{Body: body})
		if err != nil {
			return
		}
		again, err := unpackCommand(Record{Body: packCommand(&c.Message, c.Enqueued)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Error(diff)
		}
	})
}
