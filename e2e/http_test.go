package e2e

import (
	"maps"
	"slices"
	"testing"

	"twinrig/hub/client"
)

// A device on Azure's SDK over HTTP, which polls for its commands every second.
func TestAzureHTTP(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "http.js", map[string]string{"device": h.device("meter-1")})
	p.says(`{"what":"sent"}`)
	events := h.events("meter-1")
	var bodies []string
	for _, e := range events {
		bodies = append(bodies, string(e.Body))
	}
	if !slices.Equal(bodies, []string{`{"level":3}`, "one", "two"}) {
		t.Fatalf("stored %q", bodies)
	}
	if s := events[0].System; s.MessageID != "m-1" || s.ContentType != "application/json" || s.ContentEncoding != "utf-8" || !maps.Equal(events[0].Properties, map[string]string{"urgent": "no"}) {
		t.Errorf("%+v with %v", s, events[0].Properties)
	}

	service := h.client()
	for _, id := range []string{"keep", "later", "never"} {
		if _, err := service.SendCommand(t.Context(), "meter-1", client.Command{MessageID: id, Body: []byte("do " + id)}); err != nil {
			t.Fatal(err)
		}
	}
	p.cue()
	for _, line := range []string{
		`{"what":"got","id":"keep","body":"do keep","again":false}`,
		`{"what":"got","id":"later","body":"do later","again":false}`,
		`{"what":"got","id":"later","body":"do later","again":true}`,
		`{"what":"got","id":"never","body":"do never","again":false}`,
		`{"what":"closed"}`,
	} {
		p.says(line)
	}
	p.ends()
	wantWaiting(t, service, "meter-1", 0)
}
