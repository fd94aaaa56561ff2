package dps

import (
	"net/http"
	"strings"
	"testing"

	"twinrig/hub"
)

// A device that is assigned already registers again after its enrollment was changed.
func TestReprovision(t *testing.T) {
	const (
		written = `{"k":1} {"d":2} {"r":3}` // what service and device wrote since
		initial = `{"site":"new"} {"x":9} {}`
	)
	for _, row := range []struct {
		sentence, policy, hub, api string
		forced                     bool
		wantHub, substatus, twin   string
	}{
		{"migrate: the twin goes with the device", `"reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":true},`, "b.example", "", false, "b.example", deviceDataMigrated, written},
		{"reset: the twin begins again", `"reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":false},`, "b.example", "", false, "b.example", deviceDataReset, initial},
		{"never: the device stays", `"reprovisionPolicy":{"updateHubAssignment":false,"migrateDeviceData":false},`, "b.example", "", false, "a.example", initialAssignment, written},
		{"no policy: migrate", "", "b.example", "", false, "b.example", deviceDataMigrated, written},
		{"no policy, an old device: never", "", "b.example", "2018-04-01", false, "a.example", initialAssignment, written},
		{"no policy, an old device that insists: migrate", "", "b.example", "2018-04-01", true, "b.example", deviceDataMigrated, written},
		{"the same hub, migrate: nothing happens", "", "a.example", "", false, "a.example", initialAssignment, written},
		{"the same hub, reset: the twin begins again", `"reprovisionPolicy":{"updateHubAssignment":true,"migrateDeviceData":false},`, "a.example", "", false, "a.example", deviceDataReset, initial},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.enroll("/enrollments/reg-1", `{"iotHubs":["a.example"],"allocationPolicy":"static","initialTwin":{"tags":{"site":"old"}},`+symmetric+`}`)
				d := r.device("reg-1", keyA)
				d.api, d.forced = row.api, row.forced
				if a := d.register(); a.State.Hub != "a.example" {
					t.Fatalf("answered %+v", a)
				}
				r.overwriteTwin("a.example", "reg-1")
				r.enroll("/enrollments/reg-1", `{"iotHubs":["`+row.hub+`"],"allocationPolicy":"static",`+row.policy+
					`"initialTwin":{"tags":{"site":"new"},"properties":{"desired":{"x":9}}},`+symmetric+`}`)
				a := d.register()
				if a.Status != assigned || a.State.Hub != row.wantHub || a.State.Substatus != row.substatus {
					t.Fatalf("answered %+v", a)
				}
				if got := r.twin(row.wantHub, "reg-1"); got != row.twin {
					t.Errorf("twin is %s", got)
				}
				for name := range r.hubs {
					if name != row.wantHub && !strings.Contains(r.twin(name, "reg-1"), "DeviceNotFound") {
						t.Errorf("the device is left behind in %s", name)
					}
				}
				if a := d.register(); a.State.Hub != row.wantHub {
					t.Errorf("once more: %+v", a)
				}
			})
		})
	}
}

// overwriteTwin does what a service and a device do in time.
func (r *rig) overwriteTwin(name, id string) {
	r.Helper()
	h := r.hubs[name]
	if _, err := h.ReplaceTwin(r.Context(), id, []byte(`{"tags":{"k":1},"properties":{"desired":{"d":2}}}`), ""); err != nil {
		r.Fatal(err)
	}
	c, err := h.Connect(r.Context(), hub.ConnectInfo{DeviceID: id}, deaf{})
	if err != nil {
		r.Fatal(err)
	}
	defer c.Close()
	if _, err := c.PatchReported(r.Context(), []byte(`{"r":3}`), nil); err != nil {
		r.Fatal(err)
	}
}

// deaf is the session of a device that listens for nothing.
type deaf struct{}

func (deaf) Method(hub.MethodRequest) error { return hub.ErrNotSubscribed }
func (deaf) Desired(int64, []byte)          {}
func (deaf) CommandsWaiting()               {}
func (deaf) Close(hub.CloseReason)          {}

// An assignment that died between two writes comes to the same end when it is done again.
func TestMoveBrokenOff(t *testing.T) {
	const enrollment = `{"iotHubHostName":"b.example",` + symmetric + `}`
	for _, row := range []struct {
		sentence string
		dies     func(r *rig, d hub.Device) error
	}{
		{"after the device was made at its new hub", func(r *rig, d hub.Device) error {
			_, err := r.hubs["b.example"].CreateDevice(r.Context(), d)
			return err
		}},
		{"after it was taken from its old hub", func(r *rig, d hub.Device) error {
			content := hub.TwinContent{Tags: []byte(`{"k":1}`), Desired: []byte(`{"d":2}`), Reported: []byte(`{"r":3}`)}
			if _, err := r.hubs["b.example"].CreateDeviceWithTwin(r.Context(), d, content); err != nil {
				return err
			}
			return r.hubs["a.example"].DeleteDevice(r.Context(), d.ID, "")
		}},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			inBubble(t, func(r *rig) {
				r.enroll("/enrollments/reg-1", `{"iotHubHostName":"a.example",`+symmetric+`}`)
				d := r.device("reg-1", keyA)
				d.register()
				r.overwriteTwin("a.example", "reg-1")
				r.enroll("/enrollments/reg-1", enrollment)
				identity, err := r.hubs["a.example"].Device(r.Context(), "reg-1")
				if err == nil {
					err = row.dies(r, identity)
				}
				if err != nil {
					t.Fatal(err)
				}
				if a := d.register(); a.Status != assigned || a.State.Hub != "b.example" {
					t.Fatalf("answered %+v", a)
				}
				if got := r.twin("b.example", "reg-1"); got != `{"k":1} {"d":2} {"r":3}` {
					t.Errorf("twin is %s", got)
				}
				if got := r.twin("a.example", "reg-1"); !strings.Contains(got, "DeviceNotFound") {
					t.Errorf("the old hub still has %s", got)
				}
			})
		})
	}
}

// A failure does not make the service forget where a device is.
func TestFailureKeepsPlace(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollments/reg-1", `{"iotHubHostName":"a.example",`+symmetric+`}`)
		d := r.device("reg-1", keyA)
		d.register()
		r.overwriteTwin("a.example", "reg-1")
		custom := `"allocationPolicy":"custom","customAllocationDefinition":{"webhookUrl":"http://hook.example/"},`
		r.dps.webhook.Transport = hook(func(*http.Request) (int, string) { return 500, "" })
		r.enroll("/enrollments/reg-1", `{`+custom+symmetric+`}`)
		if a := d.register(); a.Status != failed || a.State.ErrorCode != 400207 {
			t.Fatalf("answered %+v", a)
		}
		r.enroll("/enrollments/reg-1", `{"iotHubHostName":"b.example",`+symmetric+`}`)
		if a := d.register(); a.State.Substatus != deviceDataMigrated {
			t.Fatalf("answered %+v", a)
		}
		if got := r.twin("a.example", "reg-1"); !strings.Contains(got, "DeviceNotFound") {
			t.Errorf("the old hub still has %s", got)
		}
	})
}

func TestUnregister(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.enroll("/enrollmentGroups/plant", `{"iotHubs":["a.example"],`+symmetric+`}`)
		for _, id := range []string{"p-1", "p-2"} {
			r.device(id, DeriveKey(keyA, id)).register()
		}
		if w := r.call(http.MethodDelete, "/registrations/p-1", "", "If-Match", "other"); w.Code != 412 {
			t.Errorf("with a stale etag: %d %s", w.Code, w.Body)
		}
		if w := r.call(http.MethodDelete, "/registrations/P-1", ""); w.Code != 204 {
			t.Errorf("deleted: %d %s", w.Code, w.Body)
		}
		if w := r.call(http.MethodGet, "/registrations/p-1", ""); w.Code != 404 {
			t.Errorf("got after it was deleted: %d %s", w.Code, w.Body)
		}
		if _, err := r.hubs["a.example"].Device(r.Context(), "p-1"); err != nil {
			t.Errorf("the device in the hub: %v", err)
		}
		if w := r.call(http.MethodDelete, "/enrollmentGroups/plant", ""); w.Code != 204 {
			t.Errorf("group deleted: %d %s", w.Code, w.Body)
		}
		if w := r.call(http.MethodGet, "/registrations/p-2", ""); w.Code != 404 {
			t.Errorf("registration of a deleted group: %d %s", w.Code, w.Body)
		}
		if a := r.device("p-2", DeriveKey(keyA, "p-2")).register(); a.http != 401 {
			t.Errorf("after its group was deleted: %+v", a)
		}
	})
}
