package hub

import (
	"fmt"
	"testing"
)

func TestModuleRegistry(t *testing.T) {
	inBubble(t, func(r *rig) {
		_, err := r.hub.CreateDevice(r.Context(), Device{ID: "d/m"})
		r.wantCode("a module without a device", err, 404001)
		r.create("d")
		m, err := r.hub.CreateDevice(r.Context(), Device{ID: "d/m", ManagedBy: "fleet"})
		r.check(err)
		if m.Authentication.SymmetricKey.Primary == nil || m.ManagedBy != "fleet" || m.GenerationID == "" {
			r.Errorf("%+v", m)
		}
		_, err = r.hub.CreateDevice(r.Context(), Device{ID: "d/m"})
		r.wantCode("create again", err, 409301)
		_, err = r.hub.CreateDevice(r.Context(), Device{ID: "d/m/n"})
		r.wantCode("a module of a module", err, 400004)
		_, err = r.hub.Device(r.Context(), "d/none")
		r.wantCode("a module that is not there", err, 404010)
		r.create("d/a")
		r.create("dd") // its key begins like those of d
		r.create("dd/z")
		modules, err := r.hub.Modules(r.Context(), "d")
		r.check(err)
		if len(modules) != 2 || modules[0].ID != "d/a" || modules[1].ID != "d/m" {
			r.Errorf("modules of d: %+v", modules)
		}
		total, _, _, _, err := r.hub.Statistics(r.Context())
		r.check(err)
		if devices, err := r.hub.Devices(r.Context(), 0); err != nil || len(devices) != 2 || total != 2 {
			r.Errorf("%d devices counted, listed %+v, error %v", total, devices, err)
		}
		m.ManagedBy = "nobody"
		_, err = r.hub.UpdateDevice(r.Context(), m, "AAAA")
		r.wantCode("an update that comes too late", err, 412001)
		m, err = r.hub.UpdateDevice(r.Context(), m, m.ETag)
		r.check(err)
		r.check(r.hub.DeleteDevice(r.Context(), "d/m", m.ETag))
		_, err = r.hub.Device(r.Context(), "d/m")
		r.wantCode("a module that was deleted", err, 404010)
	})
}

func TestModulesPerDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		for i := range MaxModules {
			r.create(fmt.Sprintf("d/m%d", i))
		}
		_, err := r.hub.CreateDevice(r.Context(), Device{ID: "d/more"})
		r.wantCode("one module more than allowed", err, 413003)
		_, err = r.hub.CreateDevice(r.Context(), Device{ID: "d/m0"})
		r.wantCode("one that is there, on a full device", err, 409301)
	})
}

// A module shares its device's fate.
func TestModulesFollowTheirDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		d := r.create("d")
		_, session := r.device("d/m")
		d.Status = StatusDisabled
		d, err := r.hub.UpdateDevice(r.Context(), d, "")
		r.check(err)
		if want := fmt.Sprintf("close %d", CloseDeviceDisabled); session.String() != want {
			r.Errorf("the module heard %q, want %q", session, want)
		}
		_, err = r.hub.Connect(r.Context(), ConnectInfo{DeviceID: "d/m"}, &recorder{})
		r.wantCode("a module of a disabled device", err, 401002)
		d.Status = StatusEnabled
		_, err = r.hub.UpdateDevice(r.Context(), d, "")
		r.check(err)
		_, session = r.device("d/m")
		r.queueInput("d/m", "in", "left behind")
		r.check(r.hub.DeleteDevice(r.Context(), "d", ""))
		if want := fmt.Sprintf("commands waiting\nclose %d", CloseDeviceDeleted); session.String() != want {
			r.Errorf("the module heard %q, want %q", session, want)
		}
		r.create("d")
		_, err = r.hub.Device(r.Context(), "d/m")
		r.wantCode("a module of a device that was deleted", err, 404010)
		c, _ := r.device("d/m")
		if l := r.next(c); l.LockToken != "" {
			r.Errorf("a module made anew got %q of its predecessor", l.Body)
		}
	})
}

// A module has a twin, methods, telemetry and inputs of its own.
func TestModuleConversation(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		device, _ := r.device("d")
		c, session := r.device("d/m")
		if twin, err := r.hub.PatchTwin(r.Context(), "d/m", []byte(`{"properties":{"desired":{"a":1}}}`), ""); err != nil || twin.DeviceID != "d" || twin.ModuleID != "m" {
			r.Errorf("twin %+v, error %v", twin, err)
		}
		_, err := c.PatchReported(r.Context(), []byte(`{"b":2}`), nil)
		r.check(err)
		if twin, err := device.Twin(r.Context()); err != nil || string(twin) != `{"desired":{"$version":1},"reported":{"$version":1}}` {
			r.Errorf("twin of the device: %s, error %v", twin, err)
		}
		session.method = func(m MethodRequest) { c.MethodResponse(m.ID, 200, []byte(`"done"`)) }
		if result, err := r.hub.Invoke(r.Context(), "d/m", MethodCall{Name: "go"}); err != nil || result.Status != 200 {
			r.Errorf("method: %+v, error %v", result, err)
		}
		_, err = r.hub.Enqueue(r.Context(), "d/m", Message{})
		r.wantCode("a message that names no input", err, 400004)
		_, err = r.hub.Enqueue(r.Context(), "d", Message{System: SystemProperties{InputName: "in"}})
		r.wantCode("a message to an input of a device", err, 400004)
		r.queueInput("d/m", "in", "x")
		if l := r.next(c); l.System.InputName != "in" || l.System.To != "/devices/d/modules/m/inputs/in" {
			r.Errorf("%+v", l)
		}
		done := make(chan error, 1)
		c.Telemetry(Message{Body: []byte("x"), System: SystemProperties{OutputName: "out"}}, func(err error) { done <- err })
		r.check(<-done)
		for e, err := range r.hub.Events(r.Context(), r.hub.partition("d"), 0, false) {
			if r.check(err); e.Device != "d" || e.Module != "m" || e.System.OutputName != "out" {
				r.Errorf("%+v", e)
			}
		}
		if _, _, _, connected, err := r.hub.Statistics(r.Context()); err != nil || connected != 1 {
			r.Errorf("%d devices connected, error %v", connected, err)
		}
	})
}

func (r *rig) queueInput(id, input, body string) {
	r.Helper()
	_, err := r.hub.Enqueue(r.Context(), id, Message{Body: []byte(body), System: SystemProperties{InputName: input}})
	r.check(err)
}
