package hub

import (
	"encoding/json"
	"testing"
)

// The twin of one device becomes that of another: content is taken over, versions and
// metadata are the new twin's own.
func TestTwinContent(t *testing.T) {
	inBubble(t, func(r *rig) {
		first := TwinContent{
			Tags:     json.RawMessage(`{"site":"depot"}`),
			Desired:  json.RawMessage(`{"interval":5,"gone":null}`),
			Reported: json.RawMessage(`{"fw":{"v":"1.2"}}`),
		}
		if _, err := r.hub.CreateDeviceWithTwin(t.Context(), Device{ID: "a"}, first); err != nil {
			t.Fatal(err)
		}
		a, err := r.hub.Twin(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		copied := TwinContent{Tags: a.Tags, Desired: a.Properties.Desired, Reported: a.Properties.Reported}
		if _, err := r.hub.CreateDeviceWithTwin(t.Context(), Device{ID: "b"}, copied); err != nil {
			t.Fatal(err)
		}
		c, _ := r.device("b")
		view, err := c.Twin(t.Context())
		want := `{"desired":{"interval":5,"$version":2},"reported":{"fw":{"v":"1.2"},"$version":2}}`
		if err != nil || string(view) != want {
			t.Errorf("twin is %s, %v; want %s", view, err, want)
		}
		b, err := r.hub.Twin(t.Context(), "b")
		if err != nil || string(b.Tags) != `{"site":"depot"}` {
			t.Errorf("tags are %s, %v", b.Tags, err)
		}
	})
}

func TestTwinContentRefused(t *testing.T) {
	inBubble(t, func(r *rig) {
		bad := TwinContent{Desired: json.RawMessage(`{"a.b":1}`)}
		_, err := r.hub.CreateDeviceWithTwin(t.Context(), Device{ID: "a"}, bad)
		refusedWith(t, err, 400004, "a.b")
		_, err = r.hub.Device(t.Context(), "a")
		refusedWith(t, err, 404001, "not registered")
		if bad.Check() == nil || (TwinContent{Reported: json.RawMessage(`[]`)}).Check() == nil {
			t.Error("content that no twin can hold passes")
		}
		if err := (TwinContent{}).Check(); err != nil {
			t.Error(err)
		}
	})
}
