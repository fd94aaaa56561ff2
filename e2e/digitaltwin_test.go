package e2e

import "testing"

// A Plug and Play device and a service, both on Azure's SDK.
func TestAzureDigitalTwin(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "digitaltwin.js", map[string]string{"device": h.device("heater-1"), "service": h.service})
	const start = `"$dtId":"heater-1","serialNumber":"x-1"`
	const model = `"$model":"dtmi:com:example:TemperatureController;2","serialNumber":{}`
	for _, line := range []string{
		`{"what":"before","etag":"string","twin":{` + start + `,"$metadata":{` + model + `},
			"thermostat1":{"$metadata":{"maxTempSinceLastReboot":{}},"maxTempSinceLastReboot":21.5}}}`,
		`{"what":"delta","delta":{"mode":"eco","thermostat1":{"__t":"c","targetTemperature":20},"$version":2}}`,
		`{"what":"after","twin":{` + start + `,"$metadata":{` + model + `,"mode":{"desiredValue":"eco","desiredVersion":2}},
			"thermostat1":{"maxTempSinceLastReboot":21.5,"targetTemperature":20,"$metadata":{"maxTempSinceLastReboot":{},
				"targetTemperature":{"ackCode":200,"ackDescription":"done","ackVersion":2,"desiredValue":20,"desiredVersion":2}}}}}`,
		`{"what":"stale","status":412}`,
		`{"what":"command","payload":"{\"in\":5}","status":202}`,
		`{"what":"component command","payload":"{\"max\":21.5,\"since\":\"2026-11-23T00:00:00Z\"}","status":200}`,
		`{"what":"offline","status":404}`,
	} {
		p.says(line)
	}
	p.ends()
}
