package hub

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func text(s string) *string { return &s }

var (
	keyA = base64.StdEncoding.EncodeToString(make([]byte, 16))
	keyB = base64.StdEncoding.EncodeToString(make([]byte, 64))
	keyC = base64.StdEncoding.EncodeToString(make([]byte, 65))
)

func keys(a, b string) Authentication {
	return Authentication{SymmetricKey: SymmetricKey{text(a), text(b)}}
}

func TestDeviceIDs(t *testing.T) {
	for _, row := range []struct {
		why, id string
		ok      bool
	}{
		{"all characters Azure allows", "aZ09-:.+%_#*?!(),=@;$'", true},
		{"128 characters", strings.Repeat("x", 128), true},
		{"129 characters", strings.Repeat("x", 129), false},
		{"nothing", "", false},
		{"a slash parts device and module", "a/b", false},
		{"a space", "a b", false},
		{"a letter beyond ASCII", "lkw-ü", false},
		{"a line end", "a\n", false},
		{"a byte that is not UTF-8", "a\xff", false},
	} {
		if err := CheckDeviceID(row.id); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.why, err)
		}
	}
}

func TestCreateDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		a, b := r.create("a"), r.create("b")
		for _, key := range []*string{a.Authentication.SymmetricKey.Primary, a.Authentication.SymmetricKey.Secondary} {
			if raw, err := base64.StdEncoding.DecodeString(*key); err != nil || len(raw) != 32 {
				r.Errorf("key %q: %v", *key, err)
			}
		}
		if a.GenerationID == b.GenerationID || a.ETag == "" || a.Status != "enabled" || a.ConnectionState != "Disconnected" || a.Authentication.Type != "sas" {
			r.Errorf("%+v", a)
		}
		_, err := r.hub.CreateDevice(r.Context(), Device{ID: "a"})
		r.wantCode("create again", err, 409001)
		got, err := r.hub.Device(r.Context(), "a")
		r.check(err)
		if diff := cmp.Diff(a, got); diff != "" {
			r.Error(diff)
		}
		_, err = r.hub.Device(r.Context(), "A")
		r.wantCode("ids are case-sensitive", err, 404001)
		_, err = r.hub.Device(r.Context(), "no id")
		r.wantCode("what cannot be an id is not there", err, 404001)
	})
}

func TestDeviceFieldsAreChecked(t *testing.T) {
	thumb := strings.Repeat("aB", 20)
	for _, row := range []struct {
		why  string
		d    Device
		want int
	}{
		{"own keys", Device{Authentication: keys(keyA, keyB)}, 0},
		{"empty keys are made", Device{Authentication: keys("", "")}, 0},
		{"one key without the other", Device{Authentication: keys(keyA, "")}, 400004},
		{"a key that is too long", Device{Authentication: keys(keyA, keyC)}, 400004},
		{"a key that is not base64", Device{Authentication: keys(keyA, "not base64!")}, 400004},
		{"a SHA-1 thumbprint", Device{Authentication: Authentication{X509Thumbprint: Thumbprint{Primary: &thumb}}}, 0},
		{"a thumbprint that is not hex", Device{Authentication: Authentication{X509Thumbprint: Thumbprint{Secondary: text("xyz")}}}, 400004},
		{"self-signed without a thumbprint", Device{Authentication: Authentication{Type: "selfSigned"}}, 400004},
		{"a certificate authority needs nothing", Device{Authentication: Authentication{Type: "certificateAuthority"}}, 0},
		{"an unknown type", Device{Authentication: Authentication{Type: "password"}}, 400004},
		{"an unknown status", Device{Status: "Enabled"}, 400004},
		{"a reason of 128 bytes", Device{StatusReason: text(strings.Repeat("x", 128))}, 0},
		{"a reason of 129 bytes", Device{StatusReason: text(strings.Repeat("x", 129))}, 400004},
		{"a bad id", Device{ID: "a b"}, 400004},
	} {
		inBubble(t, func(r *rig) {
			if row.d.ID == "" {
				row.d.ID = "d"
			}
			_, err := r.hub.CreateDevice(r.Context(), row.d)
			r.wantCode(row.why, err, row.want)
		})
	}
}

func TestUpdateDevice(t *testing.T) {
	inBubble(t, func(r *rig) {
		ctx := r.Context()
		created := r.create("d")
		time.Sleep(time.Hour)
		updated, err := r.hub.UpdateDevice(ctx, Device{ID: "d", Status: StatusDisabled, StatusReason: text("stolen")}, `"`+created.ETag+`"`)
		r.check(err)
		if updated.ETag == created.ETag || updated.GenerationID != created.GenerationID || !updated.StatusUpdated.Equal(time.Now()) {
			r.Errorf("%+v", updated)
		}
		if diff := cmp.Diff(created.Authentication, updated.Authentication); diff != "" {
			r.Errorf("keys that were not given changed: %s", diff)
		}
		_, err = r.hub.UpdateDevice(ctx, Device{ID: "d"}, created.ETag)
		r.wantCode("update with an old etag", err, 412001)
		for _, ifMatch := range []string{"", "*"} {
			_, err = r.hub.UpdateDevice(ctx, Device{ID: "d"}, ifMatch)
			r.wantCode("update of any version", err, 0)
		}
		_, err = r.hub.UpdateDevice(ctx, Device{ID: "x"}, "*")
		r.wantCode("update of an unknown device", err, 404001)
		r.wantCode("delete with an old etag", r.hub.DeleteDevice(ctx, "d", created.ETag), 412001)
		r.wantCode("delete", r.hub.DeleteDevice(ctx, "d", "*"), 0)
		r.wantCode("delete again", r.hub.DeleteDevice(ctx, "d", "*"), 404001)
		if again := r.create("d"); again.GenerationID == created.GenerationID {
			r.Error("a device created again has its old generation id")
		}
	})
}

// An update that another hub's write gets ahead of is made on what that one wrote.
func TestUpdateMeetsAnotherHubs(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		r.store.beforePut = func(d Document) {
			r.store.beforePut = nil
			other, err := New(Config{}, r.store)
			r.check(err)
			_, err = other.PatchTwin(r.Context(), "d", []byte(`{"tags":{"other":1}}`), "")
			r.check(err)
			r.check(other.Close(r.Context()))
		}
		twin, err := r.hub.PatchTwin(r.Context(), "d", []byte(`{"tags":{"mine":1}}`), "")
		r.check(err)
		if string(twin.Tags) != `{"mine":1,"other":1}` || twin.Version != 3 {
			r.Errorf("tags %s, version %d", twin.Tags, twin.Version)
		}
	})
}

func TestDevicesAreListedByID(t *testing.T) {
	inBubble(t, func(r *rig) {
		var want []string
		for i := range 30 {
			id := fmt.Sprintf("d%02d", (i*7)%30)
			d := Device{ID: id}
			if i < 4 {
				d.Status = StatusDisabled
			}
			_, err := r.hub.CreateDevice(r.Context(), d)
			r.check(err)
			want = append(want, id)
		}
		r.device("d05")
		slices.Sort(want)
		for _, top := range []int{0, 1, 10, 5000} {
			devices, err := r.hub.Devices(r.Context(), top)
			r.check(err)
			var got []string
			for _, d := range devices {
				got = append(got, d.ID)
			}
			if top == 0 || top > 30 {
				top = 30
			}
			if diff := cmp.Diff(want[:top], got); diff != "" {
				r.Error(diff)
			}
		}
		total, enabled, disabled, connected, err := r.hub.Statistics(r.Context())
		r.check(err)
		if total != 30 || enabled != 26 || disabled != 4 || connected != 1 {
			r.Errorf("statistics %d, %d, %d, %d", total, enabled, disabled, connected)
		}
	})
}

func TestDeviceJSONIsAzures(t *testing.T) {
	inBubble(t, func(r *rig) {
		d, err := r.hub.CreateDevice(r.Context(), Device{ID: "d", Authentication: keys(keyA, keyA)})
		r.check(err)
		d.GenerationID, d.ETag = "637", "NzQ1"
		got, err := json.Marshal(d)
		r.check(err)
		want := `{"deviceId":"d","generationId":"637","etag":"NzQ1","connectionState":"Disconnected","status":"enabled","statusReason":null,` +
			`"connectionStateUpdatedTime":"0001-01-01T00:00:00Z","statusUpdatedTime":"0001-01-01T00:00:00Z","lastActivityTime":"0001-01-01T00:00:00Z",` +
			`"cloudToDeviceMessageCount":0,"authentication":{"symmetricKey":{"primaryKey":"` + keyA + `","secondaryKey":"` + keyA + `"},` +
			`"x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},"type":"sas"},"capabilities":{"iotEdge":false}}`
		if string(got) != want {
			r.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestPolicies(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, row := range []struct {
			why, policy string
			want        Rights
			ok          bool
		}{
			{"the owner may do anything", "iothubowner", RegistryRead | RegistryWrite | ServiceConnect | DeviceConnect, true},
			{"writing includes reading", "registryReadWrite", RegistryRead, true},
			{"reading does not include writing", "registryRead", RegistryWrite, false},
			{"a service is no device", "service", DeviceConnect, false},
			{"a service does not see the registry", "service", ServiceConnect | RegistryRead, false},
			{"a device policy connects devices", "device", DeviceConnect, true},
		} {
			p, found := r.hub.Policy(row.policy)
			if !found || p.Rights.Has(row.want) != row.ok || len(p.PrimaryKey) != 44 || p.PrimaryKey == p.SecondaryKey {
				r.Errorf("%s: %+v", row.why, p)
			}
		}
		if _, found := r.hub.Policy("root"); found {
			r.Error("there is a policy root")
		}
		if _, err := New(Config{Policies: []Policy{{Name: "a"}, {Name: "a"}}}, r.store); err == nil {
			r.Error("a policy may be configured twice")
		}
	})
}
