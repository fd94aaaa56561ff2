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
		lose func(t *testing.T, h *hub, service *client.Client)
	}{
		{"the hub restarts", func(_ *testing.T, h *hub, _ *client.Client) {
			h.stop()
			h.start()
		}},
		{"the hub is killed", func(_ *testing.T, h *hub, _ *client.Client) {
			h.kill()
			h.start()
		}},
		{"the hub drops the connection", func(t *testing.T, _ *hub, service *client.Client) {
			rollSecondaryKey(t, service, "truck-1")
		}},
	} {
		t.Run(c.why, func(t *testing.T) {
			h := startHub(t)
			connection, service := h.device("truck-1"), h.client()
			p := startPlay(t, h, "reconnect.js", map[string]string{"device": connection})
			p.says(`{"what":"online","patch":{"$version":1}}`)
			c.lose(t, h, service)
			p.says(`{"what":"offline"}`)
			afterReconnect(t, h, p, service)
		})
	}
}

func afterReconnect(t *testing.T, h *hub, p *play, service *client.Client) {
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
	if diff := cmp.Diff([]string{"before", "after"}, bodies); diff != "" {
		t.Errorf("telemetry (-want +got):\n%s", diff)
	}
}

// rollSecondaryKey changes the key the device does not use, upon which the hub
// drops its connection.
func rollSecondaryKey(t *testing.T, service *client.Client, id string) {
	t.Helper()
	d, err := service.Device(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	d.Authentication.SymmetricKey.Secondary = "c2Vjb25kYXJ5LWtleS1yb2xsZWQ="
	if _, err := service.UpdateDevice(t.Context(), d, d.ETag); err != nil {
		t.Fatal(err)
	}
}
