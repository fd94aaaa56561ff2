package client_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

func TestModuleCalls(t *testing.T) {
	ctx := t.Context()
	c, seen := answering(t, 200, nil, `{"moduleId":"m","deviceId":"d","etag":"AAA=","authentication":{"type":"sas"}}`)
	m, err := c.CreateModule(ctx, client.Module{DeviceID: "d", ID: "m"})
	if err != nil || m.ETag != "AAA=" || m.Authentication.Type != "sas" {
		t.Errorf("%+v, %v", m, err)
	}
	wantRequest(t, *seen, `PUT /devices/d/modules/m?api-version=2021-04-12
{"moduleId":"m","deviceId":"d","authentication":{"symmetricKey":{"primaryKey":"","secondaryKey":""},"x509Thumbprint":{}}}
Content-Type: application/json; charset=utf-8`)
	if _, err := c.Module(ctx, "d/m"); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "GET /devices/d/modules/m?api-version=2021-04-12\n")
	if err := c.DeleteModule(ctx, "d/m"); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "DELETE /devices/d/modules/m?api-version=2021-04-12\n\nIf-Match: \"*\"")
	if err := c.DeleteModule(ctx, "d"); err == nil {
		t.Error("a device was deleted as if it were a module")
	}
	c, _ = answering(t, 200, nil, `[{"moduleId":"m","deviceId":"d"}]`)
	if all, err := c.Modules(ctx, "d"); err != nil || len(all) != 1 || all[0].ID != "m" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestDigitalTwinCalls(t *testing.T) {
	ctx := t.Context()
	c, seen := answering(t, 200, http.Header{"X-Ms-Command-Statuscode": {"207"}}, `{"done":true}`)
	if twin, err := c.DigitalTwin(ctx, "d"); err != nil || string(twin) != `{"done":true}` {
		t.Errorf("%s, %v", twin, err)
	}
	wantRequest(t, *seen, "GET /digitaltwins/d?api-version=2021-04-12\n")
	r, err := c.InvokeCommand(ctx, "d", "thermostat", client.MethodCall{Name: "reboot", Payload: 3})
	if err != nil || r.Status != 207 || string(r.Payload) != `{"done":true}` {
		t.Errorf("%+v, %v", r, err)
	}
	wantRequest(t, *seen, "POST /digitaltwins/d/components/thermostat/commands/reboot?api-version=2021-04-12&connectTimeoutInSeconds=0&responseTimeoutInSeconds=30\n3\nContent-Type: application/json; charset=utf-8")
	patch := []byte(`[{"op":"add","path":"/target","value":3}]`)
	if err := c.PatchDigitalTwin(ctx, "d", patch, ""); err != nil {
		t.Error(err)
	}
	wantRequest(t, *seen, "PATCH /digitaltwins/d?api-version=2021-04-12\n"+string(patch)+"\nIf-Match: \"*\"\nContent-Type: application/json; charset=utf-8")
	c, _ = answering(t, 200, nil, "")
	if _, err := c.InvokeCommand(ctx, "d", "", client.MethodCall{Name: "reboot"}); err == nil {
		t.Error("an answer without a status is taken for one")
	}
}

func TestStatistics(t *testing.T) {
	c, seen := answering(t, 200, nil, `{"totalDeviceCount":3,"enabledDeviceCount":2,"disabledDeviceCount":1,"connectedDeviceCount":1}`)
	if got, err := c.Statistics(t.Context()); err != nil || got != (client.Statistics{Total: 3, Enabled: 2, Disabled: 1, Connected: 1}) {
		t.Errorf("%+v, %v", got, err)
	}
	wantRequest(t, *seen, "GET /statistics/service?api-version=2021-04-12\n")
}

// Pages are fetched as they are needed, from an address the name does not lead to.
func TestQueryPages(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Host+" "+r.Header.Get("x-ms-continuation"))
		if r.Header.Get("x-ms-continuation") == "" {
			w.Header().Set("x-ms-continuation", "two")
			_, _ = w.Write([]byte(`[{"n":1},{"n":2}]`))
			return
		}
		_, _ = w.Write([]byte(`[{"n":3}]`))
	}))
	defer s.Close()
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New("HostName=hub.invalid;SharedAccessKeyName=p;SharedAccessKey=c2VjcmV0", client.Options{Scheme: "http", Address: "127.0.0.1:" + port})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var got []string
	for item, err := range c.Query(t.Context(), "SELECT n FROM devices") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(item))
	}
	if diff := cmp.Diff([]string{`{"n":1}`, `{"n":2}`, `{"n":3}`}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"hub.invalid ", "hub.invalid two"}, asked); diff != "" {
		t.Error(diff)
	}
	c, _ = answering(t, 400, nil, `{"Message":"ErrorCode:ArgumentInvalid;line 1: what"}`)
	for _, err := range c.Query(t.Context(), "?") {
		if err == nil || !strings.Contains(err.Error(), "line 1: what") {
			t.Errorf("got %v", err)
		}
	}
}
