package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub"
	"twinrig/hub/store"
)

func TestMain(m *testing.M) {
	store.Register()
	if dir := os.Getenv(victimDir); dir != "" {
		victim(dir)
		return
	}
	os.Exit(m.Run())
}

func open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// each runs a test on both storages: they are the same code, but not the same server code.
func each(t *testing.T, test func(*testing.T, *store.Store)) {
	t.Run("memory", func(t *testing.T) { test(t, open(t, store.Options{})) })
	t.Run("disk", func(t *testing.T) { test(t, open(t, store.Options{Dir: t.TempDir()})) })
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

func TestDocumentIsComparedAndSet(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, docs := t.Context(), s.Documents()
		put := func(revision uint64, body string) (uint64, error) {
			return docs.Put(ctx, hub.Document{Key: "device/a", Revision: revision, Body: []byte(body)})
		}
		_, err := docs.Get(ctx, "device/a")
		wantErr(t, "get before create", err, hub.ErrNoDocument)
		_, err = put(7, "x")
		wantErr(t, "update of nothing", err, hub.ErrConflict)
		_, err = put(7, "")
		wantErr(t, "delete of nothing", err, hub.ErrConflict)

		created, err := put(0, "1")
		wantErr(t, "create", err, nil)
		_, err = put(0, "2")
		wantErr(t, "create again", err, hub.ErrConflict)
		updated, err := put(created, "2")
		wantErr(t, "update", err, nil)
		_, err = put(created, "3")
		wantErr(t, "update of an old revision", err, hub.ErrConflict)
		_, err = put(created, "")
		wantErr(t, "delete of an old revision", err, hub.ErrConflict)
		got, err := docs.Get(ctx, "device/a")
		wantErr(t, "get", err, nil)
		if diff := cmp.Diff(hub.Document{Key: "device/a", Revision: updated, Body: []byte("2")}, got); diff != "" {
			t.Error(diff)
		}

		_, err = put(updated, "")
		wantErr(t, "delete", err, nil)
		_, err = docs.Get(ctx, "device/a")
		wantErr(t, "get after delete", err, hub.ErrNoDocument)
		_, err = put(updated, "3")
		wantErr(t, "update after delete", err, hub.ErrConflict)
		_, err = put(0, "4")
		wantErr(t, "create after delete", err, nil)
	})
}

func TestScanFindsEveryKey(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, docs := t.Context(), s.Documents()
		ids := []string{"a", "a.b", "a*", "*", ">", "%2E", "a%b", "-:.+%_#*?!(),=@;$'", "$JS", "ü"}
		for i := range 600 { // more than two batches
			ids = append(ids, fmt.Sprintf("device-%03d", i))
		}
		for _, id := range ids {
			for _, kind := range []string{"device/", "other/"} {
				if _, err := docs.Put(ctx, hub.Document{Key: kind + id, Body: []byte(id)}); err != nil {
					t.Fatalf("%s: %v", id, err)
				}
			}
		}
		var got []string
		for d, err := range docs.Scan(ctx, "device") {
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 { // a key rewritten during the scan comes up once
				if _, err := docs.Put(ctx, d); err != nil {
					t.Fatal(err)
				}
			}
			if d.Key != "device/"+string(d.Body) {
				t.Errorf("key %q holds %q", d.Key, d.Body)
			}
			got = append(got, string(d.Body))
		}
		slices.Sort(got)
		slices.Sort(ids)
		if diff := cmp.Diff(ids, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestKeyWithEmptySegmentIsRefused(t *testing.T) {
	s := open(t, store.Options{})
	for _, key := range []string{"", "device/", "/a", "a//b"} {
		if _, err := s.Documents().Put(t.Context(), hub.Document{Key: key, Body: []byte("x")}); err == nil {
			t.Errorf("key %q was accepted", key)
		}
	}
}

func TestQueueKeepsOrderAndLimit(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, q := t.Context(), s.Queue()
		var sequences []uint64
		for i := range hub.CommandLimit {
			n, err := q.Enqueue(ctx, "a.b", fmt.Append(nil, i))
			if err != nil {
				t.Fatal(err)
			}
			sequences = append(sequences, n)
		}
		_, err := q.Enqueue(ctx, "a.b", []byte("51st"))
		wantErr(t, "51st command", err, hub.ErrQueueFull)
		_, err = q.Enqueue(ctx, "a", []byte("neighbour"))
		wantErr(t, "command of another device", err, nil)

		for range 2 { // the second time it is gone
			if err := q.Remove(ctx, "a.b", sequences[3]); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Remove(ctx, "a.b", 1<<40); err != nil {
			t.Errorf("remove of a number never given: %v", err)
		}
		got := collect(t, q.List(ctx, "a.b", sequences[2]))
		if len(got) != hub.CommandLimit-3 || got[0] != "2" || got[1] != "4" || got[len(got)-1] != "49" {
			t.Errorf("list from the third on is %v", got)
		}
		_, err = q.Enqueue(ctx, "a.b", []byte("again"))
		wantErr(t, "command after one was removed", err, nil)
	})
}

func TestLogAppendsBehindTheLast(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		l, err := s.Log(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		first, last, err := l.Bounds(ctx)
		if err != nil || last != 0 || first <= last && first != 0 {
			t.Errorf("bounds of an empty log are %d, %d, %v", first, last, err)
		}
		_, err = l.Append(ctx, []byte("x"), 5)
		wantErr(t, "append behind a record that is not there", err, hub.ErrConflict)
		for i := range uint64(600) {
			n, err := l.Append(ctx, fmt.Append(nil, i), i)
			if err != nil || n != i+1 {
				t.Fatalf("append %d: %d, %v", i, n, err)
			}
		}
		_, err = l.Append(ctx, []byte("x"), 599)
		wantErr(t, "append behind the last but one", err, hub.ErrConflict)
		if got := collect(t, l.Read(ctx, 0)); len(got) != 600 || got[0] != "0" || got[599] != "599" {
			t.Errorf("read all: %d records, %v", len(got), got)
		}
		if got := collect(t, l.Read(ctx, 599)); !slices.Equal(got, []string{"598", "599"}) {
			t.Errorf("read from 599: %v", got)
		}
		if got := collect(t, l.Read(ctx, 601)); len(got) != 0 {
			t.Errorf("read from behind the end: %v", got)
		}
	})
}

func TestLogDropsTheOldest(t *testing.T) {
	s := open(t, store.Options{LogBytes: 4 << 20})
	ctx := t.Context()
	l, err := s.Log(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range uint64(20) {
		if _, err := l.Append(ctx, make([]byte, 900<<10), i); err != nil {
			t.Fatal(err)
		}
	}
	first, last, err := l.Bounds(ctx)
	if err != nil || last != 20 || first < 15 || first > 18 {
		t.Errorf("bounds %d, %d, %v; want the last four or so records of 20", first, last, err)
	}
	for r, err := range l.Read(ctx, 1) {
		if err != nil || r.Sequence != first {
			t.Errorf("read from a dropped record begins at %d, %v; want %d", r.Sequence, err, first)
		}
		break
	}
}

func TestReopenFindsEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "demand")
	ctx := context.Background()
	for round := range uint64(3) {
		s, err := store.Open(ctx, store.Options{Dir: dir, Sync: round == 1})
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Log(ctx, 2)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := l.Append(ctx, []byte("record"), round); err != nil || n != round+1 {
			t.Fatalf("round %d: append: %d, %v", round, n, err)
		}
		if _, err := s.Queue().Enqueue(ctx, "d", []byte("command")); err != nil {
			t.Fatal(err)
		}
		if got := collect(t, s.Queue().List(ctx, "d", 0)); len(got) != int(round)+1 {
			t.Errorf("round %d: queue is %v", round, got)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenErrorsSayWhatToDo(t *testing.T) {
	inUse := t.TempDir()
	open(t, store.Options{Dir: inUse})
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := t.TempDir()
	if err := os.WriteFile(filepath.Join(blocked, "jetstream"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ why, dir, want string }{
		{"a second hub on the same directory", inUse, "in use by another hub; stop it or choose another directory"},
		{"a file where the directory should be", file, "make data directory: "},
		{"a directory where JetStream cannot live", blocked, "start JetStream: "},
	} {
		s, err := store.Open(t.Context(), store.Options{Dir: row.dir})
		if err == nil {
			s.Close()
			t.Errorf("%s: no error", row.why)
		} else if !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), row.dir) {
			t.Errorf("%s: error %q does not contain %q and the directory", row.why, err, row.want)
		}
	}
}

func TestMemoryStoreLeavesNoFiles(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	s, err := store.Open(t.Context(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func collect(t *testing.T, records func(func(hub.Record, error) bool)) (bodies []string) {
	t.Helper()
	for r, err := range records {
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(r.Body))
	}
	return bodies
}

func TestAllQueuesAreScanned(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for _, device := range []string{"a.b", "c", "a.b", "c/module"} {
			if _, err := s.Queue().Enqueue(t.Context(), device, []byte(device)); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for r, err := range s.Queue().All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Device != string(r.Body) {
				t.Errorf("command of %q is said to be of %q", r.Body, r.Device)
			}
			got = append(got, r.Device)
		}
		if diff := cmp.Diff([]string{"a.b", "c", "a.b", "c/module"}, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNoticesKeepOrder(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, n := t.Context(), s.Notices()
		var second uint64
		for i, topic := range []string{"x", "x", "y", "x"} {
			sequence, err := n.Append(ctx, topic, fmt.Append(nil, i))
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				second = sequence
			}
		}
		for range 2 { // the second time it is gone
			if err := n.Remove(ctx, "x", second); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"0", "3"}, collect(t, n.List(ctx, "x", 0))); diff != "" {
			t.Error(diff)
		}
	})
}
