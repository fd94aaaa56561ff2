package hub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func (r *rig) selected(s Selection) string {
	r.Helper()
	var ids []string
	for t, err := range r.hub.Select(r.Context(), s) {
		r.check(err)
		ids = append(ids, Identity(t.DeviceID, t.ModuleID))
	}
	return strings.Join(ids, " ")
}

func (r *rig) tag(id, tags string) {
	r.Helper()
	_, err := r.hub.PatchTwin(r.Context(), id, []byte(`{"tags":`+tags+`}`), "")
	r.check(err)
}

func TestSelect(t *testing.T) {
	inBubble(t, func(r *rig) {
		for _, id := range []string{"c", "a", "b", "a/m", "c/m"} {
			r.create(id)
		}
		r.tag("a", `{"site":"x","at":{"floor":1}}`)
		r.tag("b", `{"site":"y","at":{"floor":1.0}}`)
		r.tag("c", `{"site":"x","on":true}`)
		r.tag("c/m", `{"site":"x"}`)
		check := func() {
			r.Helper()
			for _, c := range []struct {
				s    Selection
				want string
			}{
				{Selection{}, "a b c"},
				{Selection{After: "a"}, "b c"},
				{Selection{Modules: true}, "a/m c/m"},
				{Selection{IDs: []string{"c", "none", "a", "c"}}, "a c"},
				{Selection{IDs: []string{}}, ""},
				{Selection{Tags: []TagTerm{{"site", []any{"x"}}}}, "a c"},
				{Selection{Modules: true, Tags: []TagTerm{{"site", []any{"x"}}}}, "c/m"},
				{Selection{Tags: []TagTerm{{"site", []any{"x", "y"}}}}, "a b c"},
				{Selection{Tags: []TagTerm{{"at.floor", []any{1.0}}}}, "a b"},
				{Selection{Tags: []TagTerm{{"at.floor", []any{1.0}}, {"site", []any{"y"}}}}, "b"},
				{Selection{Tags: []TagTerm{{"on", []any{true}}}}, "c"},
				{Selection{Tags: []TagTerm{{"on", []any{"true"}}}}, ""},
			} {
				if got := r.selected(c.s); got != c.want {
					r.Errorf("%+v selects %q, want %q", c.s, got, c.want)
				}
			}
		}
		check()
		r.stop()
		r.start()
		check()
		r.tag("a", `{"site":"z"}`)
		r.check(r.hub.DeleteDevice(r.Context(), "c", ""))
		r.create("d")
		r.tag("d", `{"site":"x"}`)
		if got := r.selected(Selection{Tags: []TagTerm{{"site", []any{"x"}}}}); got != "d" {
			r.Errorf("after changes %q", got)
		}
		if got := r.selected(Selection{Modules: true}); got != "a/m" {
			r.Errorf("modules after changes %q", got)
		}
	})
}

// Whatever is written and deleted, the directory knows what the store holds, and one
// read from the store knows the same.
func TestDirectoryFollowsTheStore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := directory{}
		d.init()
		want := map[string]*document{}
		for revision := range uint64(rapid.IntRange(1, 60).Draw(t, "writes")) {
			id := rapid.SampledFrom([]string{"a", "b", "c", "d", "a/m", "b/m"}).Draw(t, "id")
			if rapid.Bool().Draw(t, "delete") {
				d.remove(id)
				delete(want, id)
				continue
			}
			doc := &document{Device: Device{ID: id, Status: rapid.SampledFrom([]string{StatusEnabled, StatusDisabled}).Draw(t, "status")}, revision: revision + 1}
			doc.Twin.Tags = fmt.Appendf(nil, `{"k":%d}`, rapid.IntRange(0, 3).Draw(t, "tag"))
			d.put(doc)
			want[id] = doc
			d.put(&document{Device: Device{ID: id}, revision: revision}) // an older one comes too late
		}
		for modules, tree := range map[bool]string{false: "devices", true: "modules"} {
			for k := range 4 {
				var ids []string
				for id, doc := range want {
					if strings.Contains(id, "/") == modules && string(doc.Twin.Tags) == fmt.Sprintf(`{"k":%d}`, k) {
						ids = append(ids, id)
					}
				}
				slices.Sort(ids)
				got := d.page(&Selection{Modules: modules, Tags: []TagTerm{{"k", []any{float64(k)}}}}, "", 100)
				if diff := cmp.Diff(ids, got); len(ids)+len(got) > 0 && diff != "" {
					t.Fatalf("%s with tag %d: %s", tree, k, diff)
				}
			}
		}
	})
}

// A million devices: a page of those with a tag that few have.
func BenchmarkDirectoryPage(b *testing.B) {
	d := directory{}
	d.init()
	for i := range 1_000_000 {
		doc := &document{Device: Device{ID: fmt.Sprintf("device-%07d", i*7919%1_000_000)}, revision: 1}
		doc.Twin.Tags = fmt.Appendf(nil, `{"site":"s%d"}`, i%1000)
		d.put(doc)
	}
	for b.Loop() {
		if ids := d.page(&Selection{Tags: []TagTerm{{"site", []any{"s7"}}}}, "", 100); len(ids) != 100 {
			b.Fatal(len(ids))
		}
	}
}
