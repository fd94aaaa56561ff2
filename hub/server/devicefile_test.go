package server_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"twinrig/hub"
	"twinrig/hub/server"
)

const (
	keyA = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	keyB = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
)

const deviceFile = `# the fleet
devices:
  - id: truck-1
  - id: truck-2
    keys: {primary: ` + keyA + `, secondary: ` + keyB + `}
    tags:
      site: depot
      crew: [ann, bob]
    desired: {interval: 300, limits: {high: 8.5}}
`

func TestParseDevices(t *testing.T) {
	got, err := server.ParseDevices("devices.yaml", []byte(deviceFile))
	want := []server.DeviceSpec{
		{ID: "truck-1"},
		{ID: "truck-2", Keys: &server.KeySpec{Primary: keyA, Secondary: keyB},
			Tags:    map[string]any{"site": "depot", "crew": []any{"ann", "bob"}},
			Desired: map[string]any{"interval": uint64(300), "limits": map[string]any{"high": 8.5}}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(server.DeviceSpec{})); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestParseDevicesRefuses(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"unknown field", "devices:\n  - id: a\n    tag: {x: 1}\n", "devices.yaml:3: unknown field"},
		{"unknown field at the top", "device: []\n", "devices.yaml:1: unknown field"},
		{"an id the hub would refuse, before anything is created", "devices:\n  - id: a\n  - id: b b\n", "devices.yaml:3: device id \"b b\" contains ' '"},
		{"no id", "devices:\n  - id: a\n  - tags: {x: 1}\n", "devices.yaml:3: a device has no id"},
		{"an id twice", "devices:\n  - id: a\n  - id: b\n  - id: a\n", "devices.yaml:4: device a is in line 2 already"},
		{"one key of two", "devices:\n  - id: a\n    keys: {primary: SECRETSECRETSECRETSECRET}\n", "devices.yaml:2: device a: keys are"},
		{"key no base64", "devices:\n  - id: a\n    keys: {primary: SECRET!, secondary: SECRET!}\n", "devices.yaml:2: device a: keys are"},
		{"keys not a mapping", "devices:\n  - id: a\n    keys: SECRET\n", "devices.yaml:3:"},
		{"not YAML", "devices:\n  - id: a\n   keys: [SECRET\n", "devices.yaml:"},
		{"a field twice", "devices:\n  - id: a\n    id: b\n", "devices.yaml:3:"},
		{"no number JSON knows", "devices:\n  - id: a\n    desired: {x: .nan}\n", "devices.yaml:2: device a: tags or desired"},
		{"a list at the top", "- id: a\n", "devices.yaml:1:"},
	} {
		_, err := server.ParseDevices("devices.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: %v; want an error saying %q", c.why, err, c.want)
		}
	}
}

func FuzzParseDevices(f *testing.F) {
	f.Add([]byte(deviceFile))
	f.Add([]byte("devices: [{id: a, tags: {1: 2}}]"))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("devices:\n  ! 0\n00008: #0")) // the decoder panics
	f.Fuzz(func(t *testing.T, text []byte) {
		specs, err := server.ParseDevices("f", text)
		for _, s := range specs {
			if err == nil && s.ID == "" {
				t.Error("a device without an id")
			}
		}
	})
}

// Devices of the file are made once; what was written to them since stays.
func TestProvisioning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		specs, err := server.ParseDevices("devices.yaml", []byte(deviceFile))
		if err != nil {
			t.Fatal(err)
		}
		m := startInMemory(t, server.Config{Devices: specs})
		defer m.stop(t)
		d, err := m.Hub().Device(t.Context(), "truck-2")
		if err != nil || *d.Authentication.SymmetricKey.Primary != keyA {
			t.Errorf("truck-2 is %+v, %v", d, err)
		}
		twin, err := m.Hub().Twin(t.Context(), "truck-2")
		if err != nil || string(twin.Tags) != `{"crew":["ann","bob"],"site":"depot"}` || !strings.HasPrefix(string(twin.Properties.Desired), `{"interval":300,"limits":{"high":8.5},`) {
			t.Errorf("twin has tags %s, desired %s, %v", twin.Tags, twin.Properties.Desired, err)
		}
		text, err := m.DeviceConnectionString(t.Context(), "truck-2")
		if want := "HostName=hub.example;DeviceId=truck-2;SharedAccessKey=" + keyA; text != want || err != nil {
			t.Errorf("connection string %q, %v; want %q", text, err, want)
		}
	})
}

func TestProvisioningAgain(t *testing.T) {
	dir := t.TempDir()
	start := func(text string, check func(*hub.Hub)) error {
		t.Helper()
		specs, err := server.ParseDevices("devices.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s, err := server.Start(t.Context(), server.Config{DataDir: dir, Plaintext: true, Devices: specs,
			MQTT: server.Listen{Listener: newPipes()}, HTTP: server.Listen{Listener: newPipes()}})
		if err != nil {
			return err
		}
		check(s.Hub())
		stop(t, s)
		return nil
	}
	tagsAre := func(id, want string) func(*hub.Hub) {
		return func(h *hub.Hub) {
			if twin, err := h.Twin(t.Context(), id); err != nil || string(twin.Tags) != want {
				t.Errorf("tags of %s are %s, %v; want %s", id, twin.Tags, err, want)
			}
		}
	}
	err := start(deviceFile, func(h *hub.Hub) {
		if _, err := h.PatchTwin(t.Context(), "truck-2", []byte(`{"tags":{"site":"yard"}}`), ""); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := start(deviceFile, tagsAre("truck-2", `{"crew":["ann","bob"],"site":"yard"}`)); err != nil {
		t.Errorf("the same file again: %v", err)
	}
	for _, c := range []struct{ why, text, want string }{
		{"other keys than the device has", strings.ReplaceAll(deviceFile, keyA, keyB), "devices.yaml:4: device truck-2 exists with other keys"},
		{"a tag the hub refuses", "devices:\n  - id: c\n    tags: {a.b: 1}\n", "devices.yaml:2: ArgumentInvalid: Twin of device c"},
	} {
		if err := start(c.text, func(*hub.Hub) {}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want an error saying %q", c.why, err, c.want)
		}
	}
	// The refused tag left a device with an empty twin; the mended file completes it.
	if err := start("devices:\n  - id: c\n    tags: {ab: 1}\n", tagsAre("c", `{"ab":1}`)); err != nil {
		t.Error(err)
	}
}
