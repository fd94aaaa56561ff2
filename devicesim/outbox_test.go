package devicesim

import (
	"testing"

	"twinrig/devicesim/link"
)

func telemetry(id string) parcel { return parcel{message: &link.Message{MessageID: id}} }

func TestOutboxDropsTheOldestTelemetryFirst(t *testing.T) {
	o := newOutbox(3)
	o.put(parcel{report: map[string]any{"a": 1}})
	o.put(telemetry("1"))
	o.put(telemetry("2"))
	if !o.put(telemetry("3")) {
		t.Fatal("a full outbox took a fourth parcel without dropping one")
	}
	if p, _ := o.take(); p.report == nil {
		t.Error("a reported property was dropped for telemetry")
	}
	for _, want := range []string{"2", "3"} {
		if p, ok := o.take(); !ok || p.message.MessageID != want {
			t.Errorf("took %+v, want message %s", p, want)
		}
	}
}

func TestOutboxKeepsOrderWhenAParcelComesBack(t *testing.T) {
	o := newOutbox(3)
	o.put(telemetry("1"))
	o.put(telemetry("2"))
	p, _ := o.take()
	o.putBack(p)
	if p, _ := o.take(); p.message.MessageID != "1" {
		t.Errorf("took %s first, want 1", p.message.MessageID)
	}
}
