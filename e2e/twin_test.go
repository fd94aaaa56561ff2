package e2e

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

// A device on Azure's SDK and a service share a twin.
func TestAzureTwin(t *testing.T) {
	h := startHub(t)
	connection := h.device("chiller-1")
	service := h.client()
	patch := func(text string) {
		t.Helper()
		if _, err := service.PatchTwin(t.Context(), "chiller-1", []byte(text), ""); err != nil {
			t.Fatal(err)
		}
	}
	patch(`{"tags":{"site":"depot"},"properties":{"desired":{"climate":{"setpoint":-18,"fan":"low"},"interval":300}}}`)

	p := startPlay(t, h, "twin.js", map[string]string{"device": connection})
	p.says(`{"what":"twin","desired":{"climate":{"setpoint":-18,"fan":"low"},"interval":300,"$version":2},"reported":{"$version":1}}`)
	// The SDK takes over no version before the next get, and drops every null from its
	// copy, those in arrays too. The service's view below has them.
	p.says(`{"what":"reported","firmware":{"version":"1.2","signed":true},"readings":[1,"x"],"$version":1}`)
	p.says(`{"what":"report refused","error":"Error",
		"message":"Reported properties: the patch: key \"a.b\" contains '.'; dots, dollar signs, spaces and control characters are not allowed."}`)
	p.says(`{"what":"listening","patch":{"climate":{"setpoint":-18,"fan":"low"},"interval":300,"$version":2}}`)
	p.says(`{"what":"subscribed"}`)
	patch(`{"properties":{"desired":{"climate":{"setpoint":-22},"interval":null}}}`)
	patch(`{"properties":{"desired":{"schedule":["06:00",{"until":"22:00"}]}}}`)
	p.says(`{"what":"change","patch":{"climate":{"setpoint":-22},"interval":null,"$version":3}}`)
	p.says(`{"what":"change","patch":{"schedule":["06:00",{"until":"22:00"}],"$version":4}}`)
	p.says(`{"what":"now","desired":{"climate":{"setpoint":-22,"fan":"low"},"schedule":["06:00",{"until":"22:00"}],"$version":4},"settled":[-18,-22]}`)
	p.cue()
	p.says(`{"what":"twin","desired":{"climate":{"setpoint":-22,"fan":"low"},"schedule":["06:00",{"until":"22:00"}],"$version":4},
		"reported":{"firmware":{"version":"1.2","signed":true},"readings":[1,"x"],"$version":3}}`)
	p.ends()

	twin, err := service.Twin(t.Context(), "chiller-1")
	if err != nil {
		t.Fatal(err)
	}
	wantTwin(t, twin, `{"site":"depot"}`,
		`{"climate":{"setpoint":-22,"fan":"low"},"schedule":["06:00",{"until":"22:00"}],"$version":4}`,
		`{"firmware":{"version":"1.2","signed":true},"readings":[1,null,"x"],"$version":3}`)
}

// wantTwin compares the parts of a twin, without the times in its metadata.
func wantTwin(t *testing.T, twin client.Twin, tags, desired, reported string) {
	t.Helper()
	for _, c := range []struct {
		part, want string
		got        json.RawMessage
	}{
		{"tags", tags, twin.Tags}, {"desired", desired, twin.Properties.Desired}, {"reported", reported, twin.Properties.Reported},
	} {
		got := decode(t, c.got)
		delete(got.(map[string]any), "$metadata")
		if diff := cmp.Diff(decode(t, []byte(c.want)), got); diff != "" {
			t.Errorf("%s of the twin of %s (-want +got):\n%s", c.part, twin.DeviceID, diff)
		}
	}
}
