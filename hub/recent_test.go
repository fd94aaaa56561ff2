package hub

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// A document that was changed or removed while it was being read is not seen as it was.
func TestNothingStaleIsSeen(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.create("d")
		for _, why := range []string{"a change", "removal"} {
			meanwhile := map[string]func(){
				"a change": func() { r.tag("d", `{"a":1}`) },
				"removal":  func() { r.check(r.hub.DeleteDevice(r.Context(), "d", "")) },
			}[why]
			doc, err := r.hub.load(r.Context(), "d")
			r.check(err)
			meanwhile()
			r.hub.recent.keep("d", doc)
			if seen, _ := r.hub.view(r.Context(), "d"); seen == doc {
				r.Errorf("%s: what was read before is seen", why)
			}
		}
		_, err := r.hub.Twin(r.Context(), "d")
		r.wantCode("a device that was removed", err, 404001)
	})
}

// It is bounded, and what it holds is what was written, whoever writes at once.
func TestRecentIsBounded(t *testing.T) {
	var r recent
	for i := range 3 * maxRecent {
		r.keep(fmt.Sprint(i), &document{})
	}
	if len(r.byID) != maxRecent || len(r.ring) != maxRecent {
		t.Errorf("%d documents, ring of %d", len(r.byID), len(r.ring))
	}
	inBubble(t, func(r *rig) {
		r.create("d")
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				for i := range 20 {
					_, err := r.hub.PatchTwin(context.Background(), "d", fmt.Appendf(nil, `{"tags":{"n%d":%d}}`, n, i), "")
					r.check(err)
					_, err = r.hub.Twin(context.Background(), "d")
					r.check(err)
				}
			})
		}
		all.Wait()
		stored, err := r.hub.load(r.Context(), "d")
		r.check(err)
		viewed, err := r.hub.view(r.Context(), "d")
		r.check(err)
		if string(stored.Twin.Tags) != string(viewed.Twin.Tags) || stored.Twin.Version != 161 || stored.revision != viewed.revision {
			r.Errorf("stored %d %s, viewed %d %s", stored.revision, stored.Twin.Tags, viewed.revision, viewed.Twin.Tags)
		}
	})
}
