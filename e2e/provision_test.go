package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"twinrig/hub/auth"
)

// identity is a certificate with its key, as a device has them.
type identity struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`

	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// certify makes a certificate; without a parent it is an authority that signs itself.
func certify(t *testing.T, name string, parent *identity, edit ...func(*x509.Certificate)) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: parent == nil,
	}
	for _, e := range edit {
		e(template)
	}
	issuer, signer := template, key
	if parent != nil {
		issuer, signer = parent.certificate, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	made := &identity{key: key}
	if made.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	made.Cert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	made.Key = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
	return made
}

// requireProvisioning makes sure of the packages of the provisioning service.
func requireProvisioning(t *testing.T) {
	t.Helper()
	requireNode(t, "azure-iot-provisioning-device", "azure-iot-provisioning-device-mqtt", "azure-iot-provisioning-device-http",
		"azure-iot-provisioning-service", "azure-iot-security-symmetric-key", "azure-iot-security-x509")
}

// Devices on Azure's SDKs find their hub, over every transport and by every attestation
// that takes no hardware, and work with what they were assigned.
func TestAzureProvisioning(t *testing.T) {
	requireProvisioning(t)
	h := startHub(t)
	const key, groupKey = "b25lb25lb25lb25lb25lb25lb25lb25l", "Z3JvdXBncm91cGdyb3VwZ3JvdXBncm91cA=="
	root := certify(t, "e2e root", nil)
	certificates := map[string]*identity{}
	twin := `"initialTwin":{"properties":{"desired":{"interval":5}}}`
	for _, transport := range []string{"mqtt", "mqtt-ws", "http"} {
		pinned, chained := "pinned-"+transport, "chained-"+transport
		certificates[pinned] = certify(t, pinned, certify(t, "of this device alone", nil))
		certificates[chained] = certify(t, chained, root)
		h.enroll("enrollments/one-"+transport, fmt.Sprintf(`{"deviceId":"device-one-%s",%s,"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":%q,"secondaryKey":%q}}}`, transport, twin, key, groupKey))
		h.enroll("enrollments/"+pinned, fmt.Sprintf(`{%s,"attestation":{"type":"x509","x509":{"clientCertificates":{"primary":{"certificate":%q}}}}}`, twin, certificates[pinned].Cert))
	}
	h.enroll("enrollmentGroups/many", fmt.Sprintf(`{%s,"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":%q,"secondaryKey":%q}}}`, twin, groupKey, key))
	h.enroll("enrollmentGroups/chained", fmt.Sprintf(`{%s,"attestation":{"type":"x509","x509":{"signingCertificates":{"primary":{"certificate":%q}}}}}`, twin, root.Cert))

	p := startPlay(t, h, "provision.js", map[string]any{
		"host": h.address, "idScope": h.idScope, "dps": h.dps, "key": key, "groupKey": groupKey, "certificates": certificates,
	})
	for _, transport := range []string{"mqtt", "mqtt-ws", "http"} {
		for _, row := range []struct{ what, device string }{
			{"individual", "device-one-"}, {"group", "many-"}, {"pinned", "pinned-"}, {"chained", "chained-"},
		} {
			p.says(fmt.Sprintf(`{"what":"%s %s","status":"assigned","hub":"%s","device":"%s%s","substatus":"initialAssignment","desired":5}`,
				transport, row.what, h.address, row.device, transport))
		}
		refusal := "Connection refused: Not authorized"
		if transport == "http" {
			refusal = "Error: "
		}
		p.says(fmt.Sprintf(`{"what":"%s refused","message":%q}`, transport, refusal))
	}
	p.says(fmt.Sprintf(`{"what":"state","id":"many-mqtt","hub":"%s","device":"many-mqtt","status":"assigned","substatus":"initialAssignment"}`, h.address))
	p.ends()
	for _, device := range []string{"device-one-http", "many-mqtt-ws", "pinned-mqtt", "chained-http"} {
		if events := h.events(device); len(events) != 1 || string(events[0].Body) != device {
			t.Errorf("events of %s: %v", device, events)
		}
	}
}

// Devices of a group are shared out among the hubs of the process, and work with the one
// they were told.
func TestAzureSeveralHubs(t *testing.T) {
	requireProvisioning(t)
	h := startHub(t, "--link", "second.local")
	const groupKey = "Z3JvdXBncm91cGdyb3VwZ3JvdXBncm91cA=="
	h.enroll("enrollmentGroups/many", fmt.Sprintf(`{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":%q,"secondaryKey":%q}}}`, groupKey, groupKey))
	p := startPlay(t, h, "hubs.js", map[string]any{"host": h.address, "idScope": h.idScope, "groupKey": groupKey})
	var found struct{ Hubs map[string]string }
	p.reads(&found)
	p.ends()
	count := map[string]int{}
	for device, hub := range found.Hubs {
		count[hub]++
		if events := h.events(device); len(events) != map[bool]int{true: 1, false: 0}[hub == h.address] {
			t.Errorf("device %s of hub %s has %d events in the first", device, hub, len(events))
		}
	}
	if len(found.Hubs) != 12 || count[h.address] == 0 || count["second.local"] == 0 || len(count) != 2 {
		t.Errorf("devices by hub: %v", count)
	}
}

// What the provisioning service acknowledged is there after it was killed, and a device
// goes on from where it was.
func TestProvisioningSurvivesKill(t *testing.T) {
	h := startHub(t)
	const key = "Z3JvdXBncm91cGdyb3VwZ3JvdXBncm91cA=="
	devices := map[string]string{} // operation by registration id
	for n := range 10 {
		id := fmt.Sprint("device-", n)
		h.enroll("enrollments/"+id, fmt.Sprintf(`{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":%q,"secondaryKey":%q}}}`, key, key))
		devices[id] = h.registration(id, key, http.MethodPut, "register", http.StatusAccepted).OperationID
	}
	h.kill()
	h.start()
	for id, operation := range devices {
		var last operationState
		for deadline := time.Now().Add(patience); last.Status != "assigned" && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
			last = h.registration(id, key, http.MethodGet, "operations/"+operation, 0)
		}
		if last.Status != "assigned" || last.OperationID != operation {
			t.Errorf("%s hears %+v", id, last)
		}
		if _, err := h.client().Device(t.Context(), id); err != nil {
			t.Errorf("the hub's %s: %v", id, err)
		}
	}
}

// operationState is the answer to a device that registers.
type operationState struct{ OperationID, Status string }

// registration makes a call of a device; status 0 stands for any.
func (h *hub) registration(id, key, method, call string, status int) (found operationState) {
	h.t.Helper()
	resource := h.idScope + "/registrations/" + id
	text := h.provisioningCall(method, resource+"/"+call, "{}", resource, "registration", key, status)
	if err := json.Unmarshal(text, &found); err != nil {
		h.t.Fatalf("%s: %v", text, err)
	}
	return found
}

// enroll writes an enrollment by the service API.
func (h *hub) enroll(path, body string) {
	h.t.Helper()
	host, key, _ := strings.Cut(strings.TrimPrefix(h.dps, "HostName="), ";SharedAccessKeyName=provisioningserviceowner;SharedAccessKey=")
	h.provisioningCall(http.MethodPut, path, body, host, "provisioningserviceowner", key, http.StatusOK)
}

func (h *hub) provisioningCall(method, path, body, resource, policy, key string, status int) []byte {
	h.t.Helper()
	q, err := http.NewRequestWithContext(h.t.Context(), method, "https://"+h.address+"/"+path+"?api-version=2021-10-01", strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	token, err := auth.Sign(resource, policy, key, time.Now().Add(time.Hour))
	if err != nil {
		h.t.Fatal(err)
	}
	q.Header.Set("Authorization", token)
	c := http.Client{Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: h.roots()}, DisableKeepAlives: true}}
	answer, err := c.Do(q)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || status != 0 && answer.StatusCode != status {
		h.t.Fatalf("%s %s: %s %s, %v", method, path, answer.Status, text, err)
	}
	return text
}

// A service on Azure's SDK manages enrollments.
func TestAzureEnrollments(t *testing.T) {
	requireProvisioning(t)
	h := startHub(t)
	p := startPlay(t, h, "enrollments.js", map[string]any{"dps": h.dps, "certificate": certify(t, "e2e root", nil).Cert})
	for _, line := range []string{
		`{"what":"made","enrollment":{"registrationId":"one","deviceId":"truck","attestation":{"type":"symmetricKey"},"provisioningStatus":"enabled",
			"initialTwin":{"tags":{"site":"a"},"properties":{"desired":{"x":1}}},"form":true}}`,
		`{"what":"mechanism","same":true}`,
		`{"what":"updated","status":"disabled","newETag":true}`,
		`{"what":"keys stay","same":true}`,
		`{"what":"stale","error":"InvalidEtagError","status":412,"code":412201,"message":"The enrollment one was changed by someone else."}`,
		`{"what":"bad","error":"ArgumentError","status":400,"code":400004,"message":"Invalid enrollment bad: symmetric key is not the base64 text of 16 to 64 bytes."}`,
		`{"what":"unknown","error":"Error","status":404,"code":404201,"message":"There is no enrollment nobody."}`,
		`{"what":"group","id":"plant","subject":"CN=e2e root","thumbprints":[40,64]}`,
		`{"what":"certificate stays","same":true}`,
		`{"what":"group got","same":true}`,
		`{"what":"made keys","told":false,"bytes":[64,64]}`,
		`{"what":"bulk","result":{"isSuccessful":true,"errors":[]}}`,
		`{"what":"bulk again","result":{"isSuccessful":false,"errors":[{"registrationId":"b4","errorCode":409201,"errorStatus":"The enrollment b4 already exists."}]}}`,
		`{"what":"bulk update","result":{"isSuccessful":false,"errors":[{"registrationId":"b9","errorCode":404201,"errorStatus":"There is no enrollment b9."}]}}`,
		`{"what":"bulk delete","result":{"isSuccessful":true,"errors":[]}}`,
		`{"what":"query","all":[["b1","b2"],["b3","b4"],["one"]]}`,
		`{"what":"query groups","all":[["fleet","plant"]]}`,
		`{"what":"query registrations","all":[[]]}`,
		`{"what":"delete with a stale etag","error":"InvalidEtagError","status":412,"code":412201,"message":"The enrollment one was changed by someone else."}`,
		`{"what":"deleted is gone","error":"Error","status":404,"code":404201,"message":"There is no enrollment one."}`,
		`{"what":"no state","error":"Error","status":404,"code":404204,"message":"Device one has not registered."}`,
	} {
		p.says(line)
	}
	p.ends()
}
