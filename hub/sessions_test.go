package hub

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestTakeover(t *testing.T) {
	inBubble(t, func(r *rig) {
		old, first := r.device("d")
		fresh, second := r.device("d")
		if first.String() != fmt.Sprint("close ", CloseTakenOver) || second.String() != "" {
			r.Errorf("sessions heard %q and %q", first, second)
		}
		old.Close() // the front end notices later; the new session must not suffer
		r.patchTwin("d", `{"properties":{"desired":{"a":1}}}`)
		if second.String() != `desired 2 {"a":1,"$version":2}` {
			r.Errorf("new session heard %q", second)
		}
		if fresh.DeviceID() != "d" {
			r.Errorf("device id %q", fresh.DeviceID())
		}
		_, _, _, connected, err := r.hub.Statistics(r.Context())
		if connected != 1 || err != nil {
			r.Errorf("%d connected, %v", connected, err)
		}
	})
}

func TestConnectIsRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		_, err := r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d"}, &recorder{})
		r.wantCode("unknown device", err, 404001)
		_, err = r.hub.CreateDevice(r.Context(), Device{ID: "d", Status: StatusDisabled})
		r.check(err)
		_, err = r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d"}, &recorder{})
		r.wantCode("disabled device", err, 401002)
		r.stop()
		r.start()
		r.create("e")
		r.stop()
		if _, err = r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "e"}, &recorder{}); err != ErrClosed {
			r.Errorf("closed hub: %v", err)
		}
	})
}

func TestRegistryEndsSessions(t *testing.T) {
	for _, row := range []struct {
		why  string
		act  func(*rig) error
		want string
	}{
		{"disabled", func(r *rig) error {
			_, err := r.hub.UpdateDevice(r.Context(), Device{ID: "d", Status: StatusDisabled}, "")
			return err
		}, fmt.Sprint("close ", CloseDeviceDisabled)},
		{"new keys", func(r *rig) error {
			_, err := r.hub.UpdateDevice(r.Context(), Device{ID: "d", Authentication: keys(keyA, keyB)}, "")
			return err
		}, fmt.Sprint("close ", CloseCredentialsChanged)},
		{"deleted", func(r *rig) error { return r.hub.DeleteDevice(r.Context(), "d", "") }, fmt.Sprint("close ", CloseDeviceDeleted)},
		{"the hub closes", func(r *rig) error { return r.hub.Close(r.Context()) }, fmt.Sprint("close ", CloseShutdown)},
		{"another reason for its status", func(r *rig) error {
			_, err := r.hub.UpdateDevice(r.Context(), Device{ID: "d", StatusReason: text("checked")}, "")
			return err
		}, ""},
		{"a refused update", func(r *rig) error {
			_, err := r.hub.UpdateDevice(r.Context(), Device{ID: "d", Status: StatusDisabled}, "old")
			r.wantCode("old etag", err, 412001)
			return nil
		}, ""},
	} {
		inBubble(t, func(r *rig) {
			_, session := r.device("d")
			r.check(row.act(r))
			if session.String() != row.want {
				r.Errorf("%s: session heard %q, want %q", row.why, session, row.want)
			}
		})
	}
}

func TestPresence(t *testing.T) {
	inBubble(t, func(r *rig) {
		want := func(why, state string, updated, activity time.Time) {
			r.Helper()
			d, err := r.hub.Device(r.Context(), "d")
			r.check(err)
			twin, err := r.hub.Twin(r.Context(), "d")
			r.check(err)
			if d.ConnectionState != state || !d.ConnectionStateUpdated.Equal(updated) || !d.LastActivity.Equal(activity) ||
				twin.ConnectionState != state || !twin.LastActivity.Equal(activity) {
				r.Errorf("%s: %s since %v, active %v", why, d.ConnectionState, d.ConnectionStateUpdated, d.LastActivity)
			}
		}
		r.create("d")
		want("never seen", "Disconnected", time.Time{}, time.Time{})
		time.Sleep(time.Hour)
		c, _ := r.device("d")
		connected := time.Now()
		want("connected", "Connected", connected, connected)
		revision := r.store.documents["device/d"].Revision
		time.Sleep(time.Minute)
		r.check(<-send(c, "x"))
		active := time.Now()
		want("after telemetry", "Connected", connected, active)
		time.Sleep(time.Minute)
		c.Close()
		want("gone", "Disconnected", time.Now(), active)
		if r.store.documents["device/d"].Revision != revision {
			r.Error("presence was written to the store")
		}
		synctest.Wait()
	})
}

func TestModelIDIsTheSessions(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		for _, model := range []string{"dtmi:com:truck;1", "dtmi:com:truck;1", ""} {
			_, err := r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d", ModelID: model}, &recorder{})
			r.check(err)
			twin, err := r.hub.Twin(r.Context(), "d")
			r.check(err)
			if twin.ModelID != model {
				r.Errorf("model id %q, want %q", twin.ModelID, model)
			}
		}
	})
}
