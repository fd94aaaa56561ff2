package e2e

import "testing"

// A service on Azure's SDK queries twins.
func TestAzureQuery(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "query.js", map[string]string{"service": h.service})
	for _, line := range []string{
		`{"what":"twins","ids":["d1","d3"],"update":"function"}`,
		`{"what":"twins","ids":["d5"],"update":"function"}`,
		`{"what":"groups","items":[{"site":"odd","n":3,"most":5},{"site":"even","n":2,"most":4}],"more":false}`,
		`{"what":"wrong","error":"ArgumentError","status":400,"message":"query, column 23: IoT Hub's queries have no ORDER BY"}`,
	} {
		p.says(line)
	}
	p.ends()
}
