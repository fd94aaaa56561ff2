package hub

import (
	"testing"
)

func TestTail(t *testing.T) {
	sequences := func(rs []Record) (out []uint64) {
		for _, r := range rs {
			out = append(out, r.Sequence)
		}
		return out
	}
	body := make([]byte, tailBytes/4)
	tl := tail{}
	tl.add(1, body)
	if _, ok := tl.from(1); ok {
		t.Error("with nobody following, the tail keeps nothing")
	}
	tl.followers = 1
	for s := uint64(2); s <= 7; s++ {
		tl.add(s, body)
	}
	if _, ok := tl.from(3); ok {
		t.Error("record 3 is beyond the bound and must be read from the log")
	}
	if got, ok := tl.from(6); !ok || len(got) != 2 || got[0].Sequence != 6 {
		t.Errorf("from 6: %v %v, want 6 and 7", sequences(got), ok)
	}
	if got, ok := tl.from(8); !ok || len(got) != 0 {
		t.Errorf("from 8: %v %v, want nothing, for sure", sequences(got), ok)
	}
	tl.add(9, body) // 8 was another hub's
	if _, ok := tl.from(7); ok {
		t.Error("behind a gap the tail must begin anew")
	}
}
