package e2e

import (
	"testing"

	"twinrig/hub/client"
)

// A module on Azure's SDK and a service on Azure's SDK. Only an edge hub sends to
// inputs in Azure, so that message comes by our own API.
func TestAzureModule(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "module.js", map[string]string{"device": h.device("gate-1"), "service": h.service})
	for _, line := range []string{
		`{"what":"no device","error":"DeviceNotFoundError","status":404,"message":"Device nobody not registered."}`,
		`{"what":"made","deviceId":"gate-1","moduleId":"reader","managedBy":"twinrig","type":"sas"}`,
		`{"what":"made twice","error":"DeviceAlreadyExistsError","status":409,"message":"Module gate-1/reader already registered."}`,
		`{"what":"list","ids":["reader"]}`,
		`{"what":"twin","desired":{"$version":1}}`,
		`{"what":"open"}`,
	} {
		p.says(line)
	}
	if _, err := h.client().SendCommand(t.Context(), "gate-1/reader", client.Command{
		InputName: "door", MessageID: "m-1", Body: []byte("open sesame"), Properties: map[string]string{"a": "b"},
	}); err != nil {
		t.Fatal(err)
	}
	p.says(`{"what":"input","input":"door","body":"open sesame","id":"m-1","properties":[{"key":"a","value":"b"}]}`)
	p.says(`{"what":"completed"}`)
	p.cue()
	p.says(`{"what":"method","result":{"status":200,"payload":{"was":3}}}`)
	p.says(`{"what":"seen","moduleId":"reader","state":"Connected","firmware":"2"}`)
	p.says(`{"what":"changed","tags":{"lane":2}}`)
	p.cue()
	p.says(`{"what":"updated","managedBy":"nobody"}`)
	p.says(`{"what":"removed","error":"Error","status":404,"message":"Not found"}`) // the SDK knows no missing modules
	p.ends()

	events := h.events("gate-1")
	if len(events) != 1 || events[0].Module != "reader" || events[0].System.OutputName != "cards" || string(events[0].Body) != `{"card":7}` {
		t.Errorf("events %+v", events)
	}
}
