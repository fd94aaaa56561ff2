package e2e

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A service on Azure's SDK calls direct methods of a device on Azure's SDK. The
// SDK makes a plain "Error" of a 404 whose body is in the newer shape, as Azure's
// is for methods; applications look into the body.
func TestAzureMethods(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "methods.js", map[string]string{"device": h.device("pump-1"), "service": h.service})
	p.says(`{"what":"open"}`)
	p.says(`{"what":"asked","method":"reboot","payload":{"delay":10,"ä":[null]}}`)
	p.says(`{"what":"reboot","result":{"status":202,"payload":{"in":"10 s","echo":{"delay":10,"ä":[null]}}}}`)
	p.says(`{"what":"asked","method":"reboot","payload":null}`)
	p.says(`{"what":"without payload","result":{"status":202,"payload":{"in":"10 s","echo":null}}}`)
	p.says(`{"what":"nothing","result":{"status":204,"payload":null}}`)
	p.says(`{"what":"refuse","result":{"status":500,"payload":"jammed"}}`)
	p.says(`{"what":"component","result":{"status":200,"payload":true}}`)
	p.saysFailure("unknown device", "Error", 404, "DeviceNotFound", `{"errorCode":404001,"message":"Device pump-9 not registered.","info":{}}`)
	p.saysFailure("timeout too short", "ArgumentError", 400, "ArgumentInvalid", ``)
	p.saysFailure("no answer", "GatewayTimeoutError", 504, "", `{"errorCode":504101,"message":"Timed out waiting for the response from device.","info":{"timeout":"00:00:05"}}`)
	p.saysFailure("offline", "Error", 404, "DeviceNotOnline", `{"errorCode":404103,"message":"Timed out waiting for device to connect.","info":{"timeout":"00:00:00"}}`)
	p.cue()
	p.says(`{"what":"waited for","result":{"status":200,"payload":"here I am"}}`)
	p.ends()
}

// guid forms of what changes from call to call.
var (
	trackingID = regexp.MustCompile(`^[0-9a-f]{32}-G:\d+-TimeStamp:\d\d/\d\d/\d{4} \d\d:\d\d:\d\d$`)
	timestamp  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$`)
)

// saysFailure checks how a method call failed: what the SDK makes of it, and the
// answer on the wire. An empty message is not compared.
func (p *play) saysFailure(what, sdkError string, status int, header, message string) {
	p.t.Helper()
	var got struct {
		What, Error, Header string
		Status              int
		Message             map[string]any
	}
	p.reads(&got)
	if got.What != what || got.Error != sdkError || got.Status != status || got.Header != header {
		p.t.Errorf("%s failed as %+v; want %s, status %d, header %q", what, got, sdkError, status, header)
	}
	for field, form := range map[string]*regexp.Regexp{"trackingId": trackingID, "timestampUtc": timestamp} {
		if text, ok := got.Message[field].(string); !ok || !form.MatchString(text) {
			p.t.Errorf("%s: %s is %v", what, field, got.Message[field])
		}
		delete(got.Message, field)
	}
	if message == "" {
		return
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(message), &want); err != nil {
		p.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Message); diff != "" {
		p.t.Errorf("%s: body (-want +got):\n%s", what, diff)
	}
}
