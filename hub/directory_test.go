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
				d.remove(id, revision)
				delete(want, id)
				continue
			}
			doc := &document{Device: Device{ID: id, Status: rapid.SampledFrom([]string{StatusEnabled, StatusDisabled}).Draw(t, "status")}, revision: revision + 1}
			doc.Twin.Tags = fmt.Appendf(nil, `{"k":%d}`, rapid.IntRange(0, 3).Draw(t, "tag"))
			d.put(doc, []byte("newest"))
			want[id] = doc
			d.put(&document{Device: Device{ID: id}, revision: revision}, []byte("older")) // comes too late
			if found, ok, _ := d.find(id); !ok || string(found.Body) != "newest" || found.Revision != revision+1 {
				t.Fatalf("%s is %+v", id, found)
			}
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
		d.put(doc, doc.Twin.Tags)
	}
	for b.Loop() {
		if ids := d.page(&Selection{Tags: []TagTerm{{"site", []any{"s7"}}}}, "", 100); len(ids) != 100 {
			b.Fatal(len(ids))
		}
	}
}

// What is deleted while the store is still being read does not come back from there, and
// what is made anew does.
func TestRemovedWhileReading(t *testing.T) {
	d := directory{}
	d.init()
	doc := func(revision uint64) *document { return &document{Device: Device{ID: "d"}, revision: revision} }
	d.put(doc(5), nil)
	d.remove("d", 5)
	d.put(doc(5), nil) // read late
	d.put(doc(3), nil)
	if _, ok, certain := d.find("d"); ok || certain {
		t.Errorf("found %v, certain %v, while reading", ok, certain)
	}
	d.put(doc(6), nil)
	if _, ok, _ := d.find("d"); !ok {
		t.Error("made anew and not found")
	}
}

// After a write that failed the store is asked what it holds, whether the write was made
// or not.
func TestDoubtfulWrites(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		fail := func(id string, written bool) {
			r.store.beforePut = func(d Document) {
				r.store.beforePut = nil
				if written {
					_, err := r.store.Documents().Put(r.Context(), d)
					r.check(err)
				}
				r.store.mu.Lock()
				defer r.store.mu.Unlock()
				// whatever it holds by now is not what the hub thinks
				if old, ok := r.store.documents[d.Key]; ok {
					r.store.sequence++
					old.Revision = r.store.sequence
					r.store.documents[d.Key] = old
				}
			}
		}
		fail("d", false)
		r.tag("d", `{"a":1}`)
		if twin, err := r.hub.Twin(r.Context(), "d"); err != nil || string(twin.Tags) != `{"a":1}` {
			r.Errorf("%s, %v", twin.Tags, err)
		}
		fail("new", true)
		_, err := r.hub.CreateDevice(r.Context(), Device{ID: "new"})
		r.wantCode("made, but not acknowledged", err, 409001)
		if _, err := r.hub.Device(r.Context(), "new"); err != nil {
			r.Errorf("it is there: %v", err)
		}
	})
}
