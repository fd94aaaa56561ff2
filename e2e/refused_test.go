package e2e

import (
	"strings"
	"testing"
)

// Azure's SDKs recognise a refusal: they report it as UnauthorizedError and do
// not try again.
func TestAzureRefused(t *testing.T) {
	h := startHub(t)
	good := h.device("meter-1")
	otherKey := func(s string) string {
		t.Helper()
		head, key, ok := strings.Cut(s, "SharedAccessKey=")
		if !ok {
			t.Fatalf("%s has no key", s)
		}
		if key[0] == 'A' {
			return head + "SharedAccessKey=B" + key[1:]
		}
		return head + "SharedAccessKey=A" + key[1:]
	}
	p := startPlay(t, h, "refused.js", map[string]string{
		"good":           good,
		"wrongKey":       otherKey(good),
		"unknown":        strings.Replace(good, "meter-1", "meter-2", 1),
		"wrongPolicyKey": otherKey(h.service),
		"unknownPolicy":  strings.Replace(h.service, "iothubowner", "nobody", 1),
	})
	const mqtt = `"error":"UnauthorizedError","message":"mqtt.js returned Failure on first connection (Not authorized): Connection refused: Not authorized error"`
	const rest = `"error":"UnauthorizedError","status":401`
	p.says(`{"what":"wrongKey",` + mqtt + `}`)
	p.says(`{"what":"unknown",` + mqtt + `}`)
	p.says(`{"what":"wrongPolicyKey",` + rest + `,"message":"Unauthorized: the signature fits no key of policy \"iothubowner\": check SharedAccessKey"}`)
	p.says(`{"what":"unknownPolicy",` + rest + `,"message":"Unauthorized: there is no policy \"nobody\""}`)
	p.says(`{"what":"good"}`)
	p.ends()
}
