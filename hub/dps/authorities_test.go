package dps

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A service registers a CA, proves that it holds the key, and its devices may come.
func TestAuthorityCalls(t *testing.T) {
	inBubble(t, func(r *rig) {
		root := certify(t, "Acme Root", true, nil)
		const path = "/$twinrig/provisioning/certificates"
		call := func(method, path, body string, want int) (found struct {
			Verified bool   `json:"isVerified"`
			Code     string `json:"verificationCode"`
		}) {
			t.Helper()
			answer := r.call(method, path, body)
			if answer.Code != want {
				t.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
			}
			if strings.HasPrefix(answer.Body.String(), "{") {
				decodeInto(t, answer.Body.Bytes(), &found)
			}
			return found
		}
		upload := fmt.Sprintf(`{"certificate":%s}`, root.pem())
		if call(http.MethodPut, path+"/acme", upload, 200).Verified {
			t.Error("verified without a proof")
		}
		call(http.MethodPut, path+"/acme", upload, 409)
		issued := call(http.MethodPost, path+"/acme/generateVerificationCode", "", 200)
		call(http.MethodPost, path+"/acme/verify", upload, 400)
		proof := fmt.Sprintf(`{"certificate":%s}`, certify(t, issued.Code, false, root).pem())
		if !call(http.MethodPost, path+"/acme/verify", proof, 200).Verified || !call(http.MethodGet, path+"/acme", "", 200).Verified {
			t.Error("not verified by the proof")
		}
		var all []json.RawMessage
		decodeInto(t, r.call(http.MethodGet, path, "").Body.Bytes(), &all)
		if len(all) != 1 {
			t.Errorf("%d certificates", len(all))
		}
		r.enroll("/enrollmentGroups/all", `{"attestation":{"type":"x509","x509":{"caReferences":{"primary":"acme"}}}}`)
		d := r.device("pump-1", "")
		d.chain = append(d.chain, certify(t, "pump-1", false, root).Certificate)
		if a := d.register(); a.Status != assigned {
			t.Errorf("answered %+v", a)
		}
		call(http.MethodDelete, path+"/acme", "", 204)
		if a := d.register(); a.http != 401 {
			t.Errorf("after the CA was deleted: %+v", a)
		}
	})
}
