package dps

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub"
)

const symmetric = `"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"` + keyA + `","secondaryKey":"` + keyB + `"}}`

// The vector of Azure's documentation, as recomputed in the wire specification.
func TestDeriveKey(t *testing.T) {
	const group = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw=="
	got := DeriveKey(group, "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6")
	if got != "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=" {
		t.Errorf("derived %s", got)
	}
	if DeriveKey("not base64!", "x") != "" || DeriveKey("", "x") != "" {
		t.Error("a key that is none derives one")
	}
}

func TestIndividualSymmetric(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{"registrationId":"reg-1","deviceId":"truck","capabilities":{"iotEdge":true},
			"iotHubHostName":"b.example","initialTwin":{"tags":{"site":"depot"},"properties":{"desired":{"x":1}}},`+symmetric+`}`)
		for _, key := range []string{keyA, keyB} {
			a := r.device("reg-1", key).register()
			if a.Status != assigned || a.State.Hub != "b.example" || a.State.Device != "truck" || a.State.Substatus != initialAssignment {
				t.Fatalf("answered %+v", a)
			}
		}
		if got := r.twin("b.example", "truck"); got != `{"site":"depot"} {"x":1} {}` {
			t.Errorf("twin is %s", got)
		}
		d, err := r.hubs["b.example"].Device(r.Context(), "truck")
		if err != nil || *d.Authentication.SymmetricKey.Primary != keyA || *d.Authentication.SymmetricKey.Secondary != keyB || !d.Capabilities.IoTEdge {
			t.Errorf("device is %+v, %v", d, err)
		}
	})
}

func TestGroupSymmetric(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollmentGroups/plant", `{"enrollmentGroupId":"plant",`+symmetric+`}`)
		key, other := DeriveKey(keyA, "press-1"), DeriveKey(keyB, "press-1")
		if a := r.device("press-1", keyA).register(); a.http != 401 || a.ErrorCode != 401002 {
			t.Errorf("with the group's own key: %+v", a)
		}
		if a := r.device("press-2", key).register(); a.http != 401 {
			t.Errorf("with the key of another device: %+v", a)
		}
		a := r.device("press-1", other).register()
		if a.Status != assigned || a.State.Device != "press-1" {
			t.Fatalf("answered %+v", a)
		}
		d, err := r.hubs[a.State.Hub].Device(r.Context(), "press-1")
		if err != nil || *d.Authentication.SymmetricKey.Primary != key || *d.Authentication.SymmetricKey.Secondary != other {
			t.Errorf("device is %+v, %v", d, err)
		}
		// ids are not case-sensitive: this is the same device, with a key derived either way
		for _, key := range []string{DeriveKey(keyA, "Press-1"), key} {
			if b := r.device("Press-1", key).register(); b.Status != assigned || b.State.Device != "press-1" || b.State.Hub != a.State.Hub {
				t.Errorf("in other letters: %+v", b)
			}
		}
		// an individual enrollment decides alone
		r.enroll("/enrollments/press-1", `{`+strings.Replace(symmetric, keyA, keyB, 1)+`}`)
		if a := r.device("press-1", key).register(); a.http != 401 {
			t.Errorf("past its own enrollment: %+v", a)
		}
	})
}

func TestX509(t *testing.T) {
	inBubble(t, func(r *rig) {
		root := certify(t, "Acme Root", true, nil)
		plant := certify(t, "Acme Plant", true, root)
		leaf := func(name string, by *signer) *device {
			d := r.device(name, "")
			d.chain = append(d.chain, certify(t, name, false, by).Certificate, by.Certificate)
			return d
		}
		r.enroll("/enrollmentGroups/plant", `{"iotHubs":["a.example"],"attestation":{"type":"x509","x509":{"signingCertificates":{"primary":{"certificate":`+plant.pem()+`}}}}}`)
		r.enroll("/enrollmentGroups/all", `{"iotHubs":["b.example"],"attestation":{"type":"x509","x509":{"caReferences":{"primary":"acme"}}}}`)
		d := leaf("pump-1", plant)
		if a := d.register(); a.Status != assigned || a.State.Hub != "a.example" {
			t.Errorf("by the certificate of its group: %+v", a)
		}
		identity, err := r.hubs["a.example"].Device(r.Context(), "pump-1")
		if want := describe(d.chain[0]).SHA256Thumbprint; err != nil || identity.Authentication.Type != hub.AuthSelfSigned || *identity.Authentication.X509Thumbprint.Primary != want {
			t.Errorf("device is %+v, %v", identity.Authentication, err)
		}
		if a := leaf("pump-2", root).register(); a.http != 401 {
			t.Errorf("by a CA that is not registered: %+v", a)
		}
		if _, err := r.dps.Authorities().Register(r.Context(), "acme", root.Raw, false); err != nil {
			t.Fatal(err)
		}
		if a := leaf("pump-2", root).register(); a.http != 401 {
			t.Errorf("by a CA that is not verified: %+v", a)
		}
		r.verify("acme", root)
		if a := leaf("pump-2", root).register(); a.Status != assigned || a.State.Hub != "b.example" {
			t.Errorf("by a verified CA: %+v", a)
		}
		if a := leaf("pump-1", plant).register(); a.State.Hub != "a.example" {
			t.Errorf("the nearest certificate does not decide: %+v", a)
		}
		wrong := leaf("pump-3", plant)
		wrong.id = "pump-4"
		if a := wrong.register(); a.http != 401 || !strings.Contains(a.Message, "common name") {
			t.Errorf("with another device's certificate: %+v", a)
		}
		if a := leaf("pump-5", certify(t, "Acme Plant", true, nil)).register(); a.http != 401 {
			t.Errorf("with a stranger's: %+v", a)
		}
	})
}

// verify gives the proof of possession.
func (r *rig) verify(name string, ca *signer) {
	r.Helper()
	issued, err := r.dps.Authorities().Issue(r.Context(), name, "")
	if err != nil {
		r.Fatal(err)
	}
	if _, err := r.dps.Authorities().Verify(r.Context(), name, "", certify(r, issued.Code, false, ca).Raw); err != nil {
		r.Fatal(err)
	}
}

func TestIndividualX509(t *testing.T) {
	inBubble(t, func(r *rig) {
		first, second := certify(t, "Pump-9", false, nil), certify(t, "pump-9", false, nil)
		r.enroll("/enrollments/pump-9", `{"attestation":{"type":"x509","x509":{"clientCertificates":{"primary":{"certificate":`+first.pem()+`},"secondary":{"certificate":`+second.pem()+`}}}}}`)
		for _, s := range []*signer{first, second} {
			d := r.device("pump-9", "")
			d.chain = append(d.chain, s.Certificate)
			if a := d.register(); a.Status != assigned {
				t.Errorf("answered %+v", a)
			}
		}
		d := r.device("pump-9", "")
		if a := d.register(); a.http != 401 {
			t.Errorf("without a certificate: %+v", a)
		}
		d.chain = append(d.chain, certify(t, "pump-9", false, nil).Certificate)
		if a := d.register(); a.http != 401 {
			t.Errorf("with one that only looks like it: %+v", a)
		}
	})
}

func TestDisabled(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{"provisioningStatus":"disabled",`+symmetric+`}`)
		if a := r.device("reg-1", keyA).register(); a.http != 200 || a.Status != statusDisabled || a.State.Status != statusDisabled || a.State.Hub != "" {
			t.Errorf("answered %+v", a)
		}
		if a := r.device("reg-1", DeriveKey(keyA, "x")).register(); a.http != 401 {
			t.Errorf("with a wrong key: %+v", a)
		}
	})
}

func TestOperations(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{`+symmetric+`}`)
		r.enroll("/enrollments/reg-2", `{`+symmetric+`}`)
		d := r.device("reg-1", keyA)
		if w := d.call(http.MethodPost, "", `{"registrationId":"reg-1"}`); w.Code != 404 {
			t.Errorf("looked up before it registered: %d %s", w.Code, w.Body)
		}
		first := d.begin()
		if first.http != 202 {
			t.Fatalf("answered %+v", first)
		}
		for _, row := range []struct {
			d         *device
			operation string
			want      int
		}{{r.device("reg-2", keyA), first.Operation, 404}, {d, "4.x.y", 404}, {r.device("reg-1", owner), first.Operation, 401}} {
			if a := row.d.poll(row.operation); a.http != row.want {
				t.Errorf("poll %s of %s: %+v", row.operation, row.d.id, a)
			}
		}
		if a := d.poll("4.x.y"); a.ErrorCode != 404203 {
			t.Errorf("unknown operation: %+v", a)
		}
		time.Sleep(time.Second)
		if a := d.poll(first.Operation); a.Status != assigned {
			t.Errorf("answered %+v", a)
		}
		if w := d.call(http.MethodPost, "", ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"assigned"`) {
			t.Errorf("looked up: %d %s", w.Code, w.Body)
		}
	})
}

// What a crash broke off is taken up when the device asks, whoever runs by then.
func TestResume(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{`+symmetric+`}`)
		r.dps.flights.close() // from here on nothing is assigned
		d := r.device("reg-1", keyA)
		if a := d.begin(); a.http != 503 {
			t.Fatalf("answered %+v", a)
		}
		found, err := r.dps.load(r.Context(), "reg-1")
		if err != nil || found.Pending == nil {
			t.Fatalf("registration is %+v, %v", found, err)
		}
		r.dps.Close()
		r.start()
		if a := d.poll(found.Operation); a.http != 202 {
			t.Fatalf("answered %+v", a)
		}
		time.Sleep(time.Second)
		if a := d.poll(found.Operation); a.Status != assigned {
			t.Errorf("answered %+v", a)
		}
	})
}

func TestLimits(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.dps.Close()
		r.cfg.Limits = Limits{Registrations: 3, Polls: 5}
		r.start()
		r.enroll("/enrollments/reg-1", `{`+symmetric+`}`)
		d := r.device("reg-1", keyA)
		var last answer
		for range 3 {
			if last = d.begin(); last.http != 202 {
				t.Fatalf("answered %+v", last)
			}
		}
		time.Sleep(20 * time.Second)
		if a := d.begin(); a.ErrorCode != 429001 || a.wait != 40*time.Second {
			t.Errorf("the fourth within a minute: %+v", a)
		}
		for i := range 6 {
			if a := d.poll(last.Operation); (a.ErrorCode == 429001) != (i == 5) {
				t.Errorf("poll %d: %+v", i, a)
			}
		}
		time.Sleep(40 * time.Second)
		if a := d.begin(); a.http != 202 {
			t.Errorf("a minute later: %+v", a)
		}
	})
}

func TestRegisterBody(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{`+symmetric+`}`)
		for body, want := range map[string]int{
			"": 202, " ": 202, "{}": 202, `{"registrationId":"REG-1","payload":null}`: 202,
			`{"registrationId":"reg-2"}`: 400, `[]`: 400, `{`: 400,
			`{"payload":"` + strings.Repeat("x", maxDeviceBody) + `"}`: 413,
		} {
			d := r.device("reg-1", keyA)
			d.body = body
			if a := d.begin(); a.http != want {
				t.Errorf("body %.40s: %+v", body, a)
			}
		}
		d := r.device("bad+id", keyA)
		if a := d.begin(); a.http != 400 {
			t.Errorf("bad id: %+v", a)
		}
	})
}

// Evenly weighted: of many devices each hub gets its share, and a device that comes again
// gets the hub it had.
func TestHashed(t *testing.T) {
	links := []*Link{{HostName: "a", Weight: 1}, {HostName: "b", Weight: 1}, {HostName: "c", Weight: 2}}
	count := map[string]int{}
	for i := range 4000 {
		id := fmt.Sprint("device-", i)
		winner := hashed(id, links)
		count[winner.HostName]++
		if kept := hashed(id, links[:2]); winner.HostName != "c" && kept != winner {
			t.Fatalf("%s moves from %s to %s though its hub stays", id, winner.HostName, kept.HostName)
		}
	}
	near := func(n, want int) bool { return n > want*9/10 && n < want*11/10 }
	if !near(count["a"], 1000) || !near(count["b"], 1000) || !near(count["c"], 2000) {
		t.Errorf("devices by hub: %v", count)
	}
	links[1].Latency, links[2].Latency = time.Millisecond, time.Millisecond
	if diff := cmp.Diff(1, len(nearest(links))); diff != "" || nearest(links)[0].HostName != "a" {
		t.Error("the hub of least latency is not the nearest")
	}
}

func TestGroupLimit(t *testing.T) {
	inBubble(t, func(r *rig) {
		put := func(n int) int {
			return r.call(http.MethodPut, fmt.Sprint("/enrollmentGroups/g-", n), `{`+symmetric+`}`).Code
		}
		for n := range maxGroups {
			if status := put(n); status != 200 {
				t.Fatalf("group %d: %d", n, status)
			}
		}
		if status := put(maxGroups); status != 403 {
			t.Errorf("one more: %d", status)
		}
		if status := put(7); status != 200 {
			t.Errorf("one that is there: %d", status)
		}
		r.enroll("/enrollmentGroups/other", `{"attestation":{"type":"x509","x509":{"caReferences":{"primary":"acme"}}}}`)
	})
}

// The service takes what is its own from a listener that it shares with a hub.
func TestServes(t *testing.T) {
	inBubble(t, func(r *rig) {
		for path, want := range map[string]bool{
			"/enrollments/?x": true, "/EnrollmentGroups/g": true, "/registrations/r": true, "/" + scope + "/registrations/r/register": true,
			"/0neOTHER/registrations/r/register": true, "/$twinrig/provisioning/certificates": true,
			"/devices/registrations": false, "/twins/registrations/methods": false, "/devices/enrollments": false, "/": false, "/$twinrig/events": false,
		} {
			q, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://x"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.dps.Serves(q) != want {
				t.Errorf("%s: %v", path, !want)
			}
		}
	})
}
