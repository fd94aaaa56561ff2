package hub

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func (r *rig) patchTwin(id, body string) Twin {
	r.Helper()
	twin, err := r.hub.PatchTwin(r.Context(), id, []byte(body), "")
	r.check(err)
	return twin
}

func TestNewTwinJSONIsAzures(t *testing.T) {
	inBubble(t, func(r *rig) {
		d := r.create("d")
		twin, err := r.hub.Twin(r.Context(), "d")
		r.check(err)
		got, err := json.Marshal(twin)
		r.check(err)
		want := `{"deviceId":"d","etag":"AAAAAAAAAAE=","deviceEtag":"` + d.ETag + `","status":"enabled","statusReason":null,"statusUpdateTime":"0001-01-01T00:00:00Z",` +
			`"connectionState":"Disconnected","lastActivityTime":"0001-01-01T00:00:00Z","cloudToDeviceMessageCount":0,"authenticationType":"sas",` +
			`"x509Thumbprint":{"primaryThumbprint":null,"secondaryThumbprint":null},"modelId":"","version":1,"tags":{},` +
			`"properties":{"desired":{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1},"reported":{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1}},` +
			`"capabilities":{"iotEdge":false}}`
		if string(got) != want {
			r.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// Each kind of change moves its own counters: section versions, twin version, twin etag.
func TestTwinCounters(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		want := func(why string, version int64, etag string, desired, reported int64) {
			r.Helper()
			twin, err := r.hub.Twin(r.Context(), "d")
			r.check(err)
			var d, p struct {
				Version int64 `json:"$version"`
			}
			r.check(json.Unmarshal(twin.Properties.Desired, &d))
			r.check(json.Unmarshal(twin.Properties.Reported, &p))
			if twin.Version != version || twin.ETag != etag || d.Version != desired || p.Version != reported {
				r.Errorf("%s: version %d, etag %s, desired %d, reported %d", why, twin.Version, twin.ETag, d.Version, p.Version)
			}
		}
		want("new", 1, "AAAAAAAAAAE=", 1, 1)
		r.patchTwin("d", `{"tags":{"a":1}}`)
		want("tags", 2, "AAAAAAAAAAI=", 1, 1)
		r.patchTwin("d", `{"properties":{"desired":{"a":1}}}`)
		want("desired", 3, "AAAAAAAAAAM=", 2, 1)
		r.patchTwin("d", `{"properties":{"desired":{"a":1}}}`)
		want("the same again", 4, "AAAAAAAAAAQ=", 3, 1)
		r.patchTwin("d", `{"etag":"x","properties":{"reported":{"a":1}}}`)
		want("what a service cannot write", 4, "AAAAAAAAAAQ=", 3, 1)
		_, err := c.PatchReported(r.Context(), []byte(`{"a":1}`), nil)
		r.check(err)
		want("reported", 5, "AAAAAAAAAAQ=", 3, 2)
		_, err = r.hub.ReplaceTwin(r.Context(), "d", []byte(`{}`), "")
		r.check(err)
		want("replaced by nothing", 6, "AAAAAAAAAAU=", 4, 2)
	})
}

func TestServiceWritesTwin(t *testing.T) {
	for _, row := range []struct {
		why, body     string
		replace       bool
		tags, desired string // desired as the device sees it
		heard         string
	}{
		{"a patch merges", `{"tags":{"site":{"row":2}},"properties":{"desired":{"interval":30,"door":null}}}`, false,
			`{"owner":"x","site":{"hall":1,"row":2}}`, `{"fan":{"on":true},"interval":30,"$version":3}`, `desired 3 {"door":null,"interval":30,"$version":3}`},
		{"a whole twin sent back changes values only", `{"etag":"e","version":9,"properties":{"desired":{"$version":1,"$metadata":{"$x":1},"door":"shut"},"reported":{"x":1}}}`, false,
			`{"owner":"x","site":{"hall":1}}`, `{"door":"shut","fan":{"on":true},"interval":300,"$version":3}`, `desired 3 {"door":"shut","$version":3}`},
		{"tags alone tell the device nothing", `{"tags":{"owner":null}}`, false,
			`{"site":{"hall":1}}`, `{"door":"open","fan":{"on":true},"interval":300,"$version":2}`, ``},
		{"null clears tags", `{"tags":null}`, false,
			`{}`, `{"door":"open","fan":{"on":true},"interval":300,"$version":2}`, ``},
		{"null clears desired, key by key for the device", `{"properties":{"desired":null}}`, false,
			`{"owner":"x","site":{"hall":1}}`, `{"$version":3}`, `desired 3 {"door":null,"fan":null,"interval":null,"$version":3}`},
		{"null properties say nothing", `{"properties":null}`, false,
			`{"owner":"x","site":{"hall":1}}`, `{"door":"open","fan":{"on":true},"interval":300,"$version":2}`, ``},
		{"a replacement replaces both sections", `{"tags":{"new":{"a":null}},"properties":{"desired":{"fan":{"speed":2}}}}`, true,
			`{"new":{}}`, `{"fan":{"speed":2},"$version":3}`, `desired 3 {"fan":{"speed":2},"$version":3}`},
		{"what a replacement leaves out is emptied", `{"tags":{"new":1}}`, true,
			`{"new":1}`, `{"$version":3}`, `desired 3 {"$version":3}`},
	} {
		inBubble(t, func(r *rig) {
			r.create("d")
			r.patchTwin("d", `{"tags":{"owner":"x","site":{"hall":1}},"properties":{"desired":{"interval":300,"door":"open","fan":{"on":true}}}}`)
			c, session := r.device("d")
			write := r.hub.PatchTwin
			if row.replace {
				write = r.hub.ReplaceTwin
			}
			twin, err := write(r.Context(), "d", []byte(row.body), "")
			r.check(err)
			view, err := c.Twin(r.Context())
			r.check(err)
			if want := `{"desired":` + row.desired + `,"reported":{"$version":1}}`; string(view) != want {
				r.Errorf("%s: device sees %s, want %s", row.why, view, want)
			}
			if string(twin.Tags) != row.tags {
				r.Errorf("%s: tags %s, want %s", row.why, twin.Tags, row.tags)
			}
			if session.String() != row.heard {
				r.Errorf("%s: session heard %q, want %q", row.why, session, row.heard)
			}
		})
	}
}

func TestRefusedTwinWritesChangeNothing(t *testing.T) {
	big := func(n int) string { // n properties that count 100 bytes each
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"%04d":"%s"`, i, strings.Repeat("x", 96))
		}
		return `{` + b.String()[1:] + `}`
	}
	inBubble(t, func(r *rig) {
		r.create("d")
		before := r.patchTwin("d", `{"tags":{"a":1},"properties":{"desired":{"a":1}}}`)
		for _, row := range []struct {
			why, body, ifMatch string
			code               int
			message            string
		}{
			{"malformed JSON says where", "{\"tags\":\n  {\"a\":1,}}", "", 400004, "Twin of device d: line 2, column 10: invalid character '}'"},
			{"nothing", "", "", 400004, "unexpected end of JSON input"},
			{"an array", `[]`, "", 400004, "the patch is an array, not an object"},
			{"null", `null`, "", 400004, "the patch is null, not an object"},
			{"tags that are no object", `{"tags":1}`, "", 400004, "tags is a number"},
			{"properties that are no object", `{"properties":"x"}`, "", 400004, "properties is a string"},
			{"desired that is no object", `{"properties":{"desired":true}}`, "", 400004, "properties.desired is a boolean"},
			{"a dollar key in tags", `{"tags":{"$a":1}}`, "", 400004, `tags: key "$a"`},
			{"tags over 8 KB", `{"tags":` + big(82) + `}`, "", 400004, "tags would hold 8209 bytes, at most 8192 are allowed"},
			{"desired over 32 KB", `{"tags":{"b":1},"properties":{"desired":` + big(328) + `}}`, "", 400004, "properties.desired would hold 32809 bytes"},
			{"an old etag", `{}`, "AAAAAAAAAAE=", 412001, "changed by someone else"},
		} {
			_, err := r.hub.PatchTwin(r.Context(), "d", []byte(row.body), row.ifMatch)
			r.wantCode(row.why, err, row.code)
			if err != nil && !strings.Contains(err.Error(), row.message) {
				r.Errorf("%s: error %q, want %q", row.why, err, row.message)
			}
		}
		after, err := r.hub.Twin(r.Context(), "d")
		r.check(err)
		a, _ := json.Marshal(before)
		b, _ := json.Marshal(after)
		if string(a) != string(b) {
			r.Errorf("the twin changed from %s to %s", a, b)
		}
		_, err = r.hub.PatchTwin(r.Context(), "d", []byte(`{"tags":`+big(81)+`}`), `"`+before.ETag+`"`)
		r.wantCode("just within the limit, with the right etag", err, 0)
		_, err = r.hub.Twin(r.Context(), "x")
		r.wantCode("unknown device", err, 404001)
	})
}

func TestDeviceReports(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, session := r.device("d")
		report := func(patch string, ifVersion *int64) (int64, error) {
			return c.PatchReported(r.Context(), []byte(patch), ifVersion)
		}
		time.Sleep(90 * time.Second)
		v, err := report(`{"temp":4.5,"door":{"open":true}}`, nil)
		if v != 2 || err != nil {
			r.Errorf("first report: %d, %v", v, err)
		}
		v, err = report(`{"door":null}`, &v)
		if v != 3 || err != nil {
			r.Errorf("conditional report: %d, %v", v, err)
		}
		old := int64(2)
		_, err = report(`{"x":1}`, &old)
		r.wantCode("report on an old version", err, 412001)
		for _, bad := range []string{`{"a":`, `[]`, `null`, `{"a.b":1}`, `{"a":1,"a":2}`, `{"a":"` + strings.Repeat("x", 5000) + `"}`} {
			_, err = report(bad, nil)
			r.wantCode(bad, err, 400004)
		}
		twin, err := r.hub.Twin(r.Context(), "d")
		r.check(err)
		at := `"$lastUpdated":"2000-01-01T00:01:30.0000000Z"`
		if want := `{"temp":4.5,"$metadata":{` + at + `,"temp":{` + at + `}},"$version":3}`; string(twin.Properties.Reported) != want {
			r.Errorf("reported %s, want %s", twin.Properties.Reported, want)
		}
		if session.String() != "" {
			r.Errorf("reports were told to the device: %q", session)
		}
		c.Close()
		_, err = report(`{}`, nil)
		if err != ErrClosed {
			r.Errorf("report after close: %v", err)
		}
		if _, err := c.Twin(r.Context()); err != ErrClosed {
			r.Errorf("get after close: %v", err)
		}
	})
}

// Documents that the hub did not write are errors, not panics and not the client's fault.
func TestCorruptDocumentsAreErrors(t *testing.T) {
	inBubble(t, func(r *rig) {
		c, _ := r.device("d")
		for _, body := range []string{
			`garbage`,
			`{"device":{"deviceId":"d"},"twin":{"tags":[],"desired":{},"reported":{}}}`,
			`{"device":{"deviceId":"d"},"twin":{"tags":{},"desired":null,"reported":7}}`,
		} {
			r.store.mu.Lock()
			r.store.documents["device/d"] = Document{"device/d", 99, []byte(body)}
			r.store.mu.Unlock()
			r.hub.directory.doubt("d")
			_, patched := r.hub.PatchTwin(r.Context(), "d", []byte(`{"tags":{"a":1},"properties":{"desired":{"a":1}}}`), "")
			_, reported := c.PatchReported(r.Context(), []byte(`{"a":1}`), nil)
			_, read := c.Twin(r.Context())
			for _, err := range []error{patched, reported, read} {
				if code(err) != 1 {
					r.Errorf("%s: error %v", body, err)
				}
			}
		}
	})
}
