package e2e

import "testing"

// A service on Azure's SDK manages devices and twins.
func TestAzureRegistry(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "registry.js", map[string]string{"service": h.service})
	registryDevices(p)
	registryBulk(p)
	registryTwins(p)
	p.ends()
}

func registryDevices(p *play) {
	p.t.Helper()
	// The device of registry.js with keys and an id of its own.
	given := func(rest string) string {
		return `{"deviceId":"gi:v.e+n%20_#*?!(),=@$'","generationId":"string","etag":"string",
			"connectionState":"Disconnected","connectionStateUpdatedTime":"0001-01-01T00:00:00Z","statusUpdatedTime":"string",
			"lastActivityTime":"0001-01-01T00:00:00Z","cloudToDeviceMessageCount":0,"capabilities":{"iotEdge":false},
			"authentication":{"symmetricKey":{"primaryKey":"YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=","secondaryKey":"YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="},
				"x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},"type":"sas"},` + rest + `}`
	}
	for _, line := range []string{
		`{"what":"made","bytes":[32,32],"differ":true,"canonical":true}`,
		`{"what":"given","status":200,"device":` + given(`"status":"disabled","statusReason":"not yet"`) + `,"etag":true}`,
		`{"what":"created twice","error":"DeviceAlreadyExistsError","status":409,"message":"Device made already registered."}`,
		`{"what":"bad id","error":"ArgumentError","status":400,"message":"device id \"no spaces\" contains ' '"}`,
		`{"what":"half a key pair","error":"ArgumentError","status":400,"message":"Device half: one symmetric key is given"}`,
		`{"what":"x509","authentication":{"symmetricKey":{"primaryKey":null,"secondaryKey":null},
			"x509Thumbprint":{"primaryThumbprint":"ABABABABABABABABABABABABABABABABABABABAB","secondaryThumbprint":"ABABABABABABABABABABABABABABABABABABABAB"},"type":"selfSigned"}}`,
		`{"what":"got","same":true}`,
		`{"what":"unknown","error":"DeviceNotFoundError","status":404,"message":"Device nobody not registered."}`,
		`{"what":"list","ids":["gi:v.e+n%20_#*?!(),=@$'","made","x509"]}`,
		`{"what":"statistics","body":{"totalDeviceCount":3,"enabledDeviceCount":2,"disabledDeviceCount":1}}`,
		`{"what":"updated","device":` + given(`"status":"enabled","statusReason":null`) + `,"newETag":true,"sameGeneration":true}`,
		`{"what":"update unknown","error":"DeviceNotFoundError","status":404,"message":"Device nobody not registered."}`,
	} {
		p.says(line)
	}
}

func registryBulk(p *play) {
	p.t.Helper()
	const done = `"body":{"isSuccessful":true,"errors":[],"warnings":[]}`
	for _, line := range []string{
		`{"what":"bulk add",` + done + `}`,
		`{"what":"bulk add again","error":"ArgumentError","status":400,"body":{"isSuccessful":false,"warnings":[],"errors":[
			{"deviceId":"b2","moduleId":null,"errorCode":409001,"errorStatus":"Device b2 already registered.","operation":"create"}]}}`,
		`{"what":"bulk update",` + done + `}`,
		`{"what":"bulk remove",` + done + `}`,
		`{"what":"list","ids":["b2 enabled","gi:v.e+n%20_#*?!(),=@$' enabled","made enabled","x509 enabled"]}`,
		`{"what":"deleted","status":204}`,
		`{"what":"deleted is gone","error":"DeviceNotFoundError","status":404,"message":"Device gi:v.e+n%20_#*?!(),=@$' not registered."}`,
		`{"what":"delete again","error":"DeviceNotFoundError","status":404,"message":"Device gi:v.e+n%20_#*?!(),=@$' not registered."}`,
	} {
		p.says(line)
	}
}

func registryTwins(p *play) {
	p.t.Helper()
	const untouched = `{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1}`
	for _, line := range []string{
		`{"what":"twin","twin":{"deviceId":"made","etag":"string","deviceEtag":true,"status":"enabled","statusReason":null,
			"statusUpdateTime":"0001-01-01T00:00:00Z","connectionState":"Disconnected","lastActivityTime":"0001-01-01T00:00:00Z",
			"cloudToDeviceMessageCount":0,"authenticationType":"sas","x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},
			"modelId":"","version":1,"tags":{},"properties":{"desired":` + untouched + `,"reported":` + untouched + `},"capabilities":{"iotEdge":false}}}`,
		`{"what":"patched","tags":{"site":"a"},"version":2,"newETag":true,"desired":{"x":1,"y":{"z":[null]},"$version":2,
			"$metadata":{"$lastUpdatedVersion":2,"x":{"$lastUpdatedVersion":2},"y":{"$lastUpdatedVersion":2,"z":{"$lastUpdatedVersion":2}}}}}`,
		`{"what":"stale","error":"InvalidEtagError","status":412,"message":"Twin of device made was changed by someone else."}`,
		`{"what":"again","tags":{"site":"a"},"desired":{"y":{"z":[null]},"$version":3},"times":["$lastUpdated","$lastUpdatedVersion","y"]}`,
		`{"what":"anyway","tags":{}}`,
		`{"what":"bad twin","error":"ArgumentError","status":400,"message":"Twin of device made: tags: key \"a b\" contains ' '"}`,
		`{"what":"twin of unknown","error":"DeviceNotFoundError","status":404,"message":"Device nobody not registered."}`,
	} {
		p.says(line)
	}
}
