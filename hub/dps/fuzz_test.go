package dps

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

func decodeInto(t testing.TB, text []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// FuzzEnrollment: what passes the checks can be stored, read again, and then passes them
// unchanged.
func FuzzEnrollment(f *testing.F) {
	f.Add([]byte(`{"registrationId":"r",`+symmetric+`}`), false)
	f.Add([]byte(`{"attestation":{"type":"symmetricKey"},"initialTwin":{"tags":{"a":1},"properties":{"desired":null}},"reprovisionPolicy":null,"etag":"\"x\""}`), true)
	f.Add([]byte(`{"attestation":{"type":"x509","x509":{"caReferences":{"primary":"acme"}}},"optionalDeviceInformation":{"a":[]}}`), true)
	f.Add([]byte(`{"attestation":{"type":"x509","x509":{"clientCertificates":{"primary":{"certificate":"MIIB"}}}}}`), false)
	f.Add([]byte(`{"attestation":{"type":"tpm","tpm":{"endorsementKey":"AAAA"}},"allocationPolicy":"custom","customAllocationDefinition":{"webhookUrl":"http://x"}}`), false)
	f.Fuzz(func(t *testing.T, text []byte, group bool) {
		var e Enrollment
		if json.Unmarshal(text, &e) != nil {
			return
		}
		random, cfg := rand.NewChaCha8([32]byte{}), &Config{}
		if e.normalize(group, nil, cfg, random) != nil {
			return
		}
		stored, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("cannot be stored: %v", err)
		}
		var again Enrollment
		decodeInto(t, stored, &again)
		if err := again.normalize(group, &e, cfg, random); err != nil {
			t.Fatalf("does not pass again: %v", err)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(stored) {
			t.Fatalf("%s becomes %s, %v", stored, twice, err)
		}
	})
}

func FuzzRegisterBody(f *testing.F) {
	f.Add([]byte(`{"registrationId":"reg-1","payload":{"a":1},"tpm":{"endorsementKey":"","storageRootKey":""}}`))
	f.Add([]byte(" "))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := parseRegisterBody("reg-1", text)
		if err != nil {
			return
		}
		if _, err := json.Marshal(request{Payload: given(b.Payload)}); err != nil {
			t.Errorf("payload %s cannot be stored: %v", b.Payload, err)
		}
	})
}

// FuzzPaging: no token and no path makes a page that is wrong or a panic.
func FuzzPaging(f *testing.F) {
	f.Add("ZHBz", 3, "/0ne1/registrations/r/operations/4.x")
	f.Add("*", -1, "/enrollments/%2F/?x")
	f.Fuzz(func(t *testing.T, token string, size int, path string) {
		if r, err := newPageRequest(size, token); err == nil && (r.size < 1 || r.size > maxPerPage) {
			t.Errorf("page of %d", r.size)
		}
		if route, params, _ := match("GET", path); route != nil && len(params) > 3 {
			t.Errorf("%d parameters", len(params))
		}
	})
}

func TestStamp(t *testing.T) {
	at := stamp(time.Date(2026, 11, 23, 3, 40, 34, 123456789, time.FixedZone("x", 3600)))
	text, err := json.Marshal(at)
	if err != nil || string(text) != `"2026-11-23T02:40:34.1234567Z"` {
		t.Errorf("written as %s, %v", text, err)
	}
	var back stamp
	for _, text := range []string{`null`, `""`} {
		if err := json.Unmarshal([]byte(text), &back); err != nil || !time.Time(back).IsZero() {
			t.Errorf("%s is read as %v, %v", text, time.Time(back), err)
		}
	}
}
