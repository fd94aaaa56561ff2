package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"twinrig/hub/client"
)

// A device on Azure's SDK sends telemetry, and a service finds all of it in the
// event stream.
func TestAzureTelemetry(t *testing.T) {
	h := startHub(t)
	begin := time.Now()
	p := startPlay(t, h, "telemetry.js", map[string]string{"device": h.device("thermostat-1")})
	for _, line := range []string{
		`{"what":"open","result":"Connected"}`,
		`{"what":"sent","result":"MessageEnqueued"}`,
		`{"what":"sent binary"}`,
		`{"what":"sent nothing"}`,
		`{"what":"sent burst"}`,
		`{"what":"closed"}`,
	} {
		p.says(line)
	}
	p.ends()
	d, err := h.client().Device(t.Context(), "thermostat-1")
	if err != nil {
		t.Fatal(err)
	}
	got := h.events("thermostat-1")
	for i, e := range got {
		if e.Enqueued.Before(begin) || e.Enqueued.After(time.Now()) {
			t.Errorf("event %d was enqueued at %v, not during the test", i, e.Enqueued)
		}
		if e.Number != got[0].Number+uint64(i) || e.Partition != got[0].Partition {
			t.Errorf("event %d is number %d of partition %d, but the first was number %d of partition %d", i, e.Number, e.Partition, got[0].Number, got[0].Partition)
		}
	}
	want := wantedTelemetry()
	for i := range want {
		want[i].Device, want[i].GenerationID = "thermostat-1", d.GenerationID
		want[i].ModelID, want[i].Source = "dtmi:com:example:Thermostat;1", "Telemetry"
		want[i].AuthMethod = `{"scope":"device","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}`
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(client.Event{}, "Partition", "Number", "Enqueued"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("event stream (-want +got):\n%s", diff)
	}
}

// wantedTelemetry is what telemetry.js sends, in order.
func wantedTelemetry() []client.Event {
	events := []client.Event{
		{
			Body: []byte(`{"temperature":-18.5}`),
			System: client.SystemProperties{
				MessageID: "m-1", CorrelationID: "c-1", UserID: "u-1", ContentType: "application/json", ContentEncoding: "utf-8",
			},
			Properties: map[string]string{"alert": "true", "key with ä": "a&b=c/d+e%20 f", "empty": ""},
		},
		{Body: []byte{0, 255, 128, 10}},
		{},
	}
	for n := range 50 {
		events = append(events, client.Event{Body: fmt.Append(nil, n), System: client.SystemProperties{MessageID: fmt.Sprintf("burst-%d", n)}})
	}
	return events
}
