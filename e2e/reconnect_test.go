package e2e

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

// A device on Azure's SDK finds back to a hub that was restarted, and one that
// dropped its connection, and everything it had subscribed to works again.
func TestAzureReconnects(t *testing.T) {
	for _, c := range []struct {
		why  string
		lose func(h *hub)
		sent []string // telemetry that is stored
	}{
		{"the hub restarts", func(h *hub) { h.stop(); h.start() }, []string{"before", "after"}},
		{"the hub is killed", func(h *hub) { h.kill(); h.start() }, []string{"before", "after"}},
		{"the hub drops the connection, as the device asks", nil, []string{"before", "drop me", "after"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			h := startHub(t)
			connection, service := h.device("truck-1"), h.client()
			settings := map[string]string{"device": connection}
			if c.lose == nil {
				settings["fault"] = "KillTcp"
			}
			p := startPlay(t, h, "reconnect.js", settings)
			p.says(`{"what":"online","patch":{"$version":1}}`)
			if c.lose != nil {
				c.lose(h)
			}
			p.says(`{"what":"offline"}`)
			afterReconnect(t, h, p, service, c.sent)
		})
	}
}

func afterReconnect(t *testing.T, h *hub, p *play, service *client.Client, sent []string) {
	t.Helper()
	result, err := service.Invoke(t.Context(), "truck-1", client.MethodCall{Name: "status", ConnectTimeout: patience})
	if diff := cmp.Diff(client.MethodResult{Status: 200, Payload: json.RawMessage(`"fine"`)}, result); err != nil || diff != "" {
		t.Fatalf("calling afterwards: %v\n%s", err, diff)
	}
	p.says(`{"what":"called"}`)
	p.cue() // the script sends, and the hub answers that after its SUBSCRIBEs
	p.says(`{"what":"sent"}`)
	if _, err := service.SendCommand(t.Context(), "truck-1", client.Command{Body: []byte("welcome back")}); err != nil {
		t.Fatal(err)
	}
	p.says(`{"what":"message","body":"welcome back"}`)
	if _, err := service.PatchTwin(t.Context(), "truck-1", []byte(`{"properties":{"desired":{"interval":30}}}`), ""); err != nil {
		t.Fatal(err)
	}
	p.says(`{"what":"desired","patch":{"interval":30,"$version":2}}`)
	p.says(`{"what":"twin","desired":{"interval":30,"$version":2}}`)
	p.ends()
	var bodies []string
	for _, e := range h.events("truck-1") {
		bodies = append(bodies, string(e.Body))
	}
	if diff := cmp.Diff(sent, bodies); diff != "" {
		t.Errorf("telemetry (-want +got):\n%s", diff)
	}
}
