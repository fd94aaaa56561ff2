package hub

import "testing"

// A front end's state of a device outlives connections and the process, but not
// the device, and only the live connection may write it.
func TestKeptState(t *testing.T) {
	inBubble(t, func(r *rig) {
		want := func(why string, c *Connection, state string) {
			r.Helper()
			if got := string(c.KeptState()); got != state {
				r.Errorf("%s: kept is %q, want %q", why, got, state)
			}
		}
		first, _ := r.device("d")
		want("a new device", first, "")
		before, err := r.hub.Twin(r.Context(), "d")
		r.check(err)
		r.check(first.KeepState(r.Context(), []byte("one")))
		want("at once", first, "one")
		if after, err := r.hub.Twin(r.Context(), "d"); err != nil || after.Version != before.Version || after.ETag != before.ETag {
			r.Errorf("the twin went from version %d to %d, %v", before.Version, after.Version, err)
		}
		second, _ := r.device("d")
		want("after a takeover", second, "one")
		if err := first.KeepState(r.Context(), []byte("late")); err != ErrClosed {
			r.Errorf("the connection that was taken over: %v", err)
		}
		r.patchTwin("d", `{"tags":{"a":1}}`)
		r.stop()
		r.start()
		third, _ := r.device("d")
		want("after a restart", third, "one")
		r.check(third.KeepState(r.Context(), nil))
		fourth, _ := r.device("d")
		want("forgotten", fourth, "")
		r.check(fourth.KeepState(r.Context(), []byte("two")))
		r.check(r.hub.DeleteDevice(r.Context(), "d", ""))
		fifth, _ := r.device("d")
		want("registered anew", fifth, "")
	})
}
