package blob_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"twinrig/hub/blob"
)

func open(t testing.TB, dir string) *blob.Store {
	t.Helper()
	s, err := blob.Open(dir, "uploads", []byte("key"))
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

// call makes a request with a grant for the blob, and returns status and body.
func call(s *blob.Store, method, name, extra, body string) (int, string) {
	u := &url.URL{Path: "/uploads/" + name, RawQuery: s.Grant(name, time.Now().Add(time.Hour)) + extra}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(method, u.String(), strings.NewReader(body)))
	text, _ := io.ReadAll(w.Result().Body)
	return w.Code, string(text)
}

func TestBlobInOnePiece(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := open(t, dir)
		if code, text := call(s, "GET", "d/a b.txt", "", ""); code != 404 || !strings.Contains(text, "BlobNotFound") {
			t.Errorf("before: %d %s", code, text)
		}
		for _, content := range []string{"first", "", "second"} {
			if code, text := call(s, "PUT", "d/a b.txt", "", content); code != 201 {
				t.Fatalf("put: %d %s", code, text)
			}
			if code, text := call(s, "GET", "d/a b.txt", "", ""); code != 200 || text != content {
				t.Errorf("get: %d %q, want %q", code, text, content)
			}
		}
		if size, at, err := s.Stat(t.Context(), "d/a b.txt"); size != 6 || at.IsZero() || err != nil {
			t.Errorf("stat: %d %v %v", size, at, err)
		}
	}
}

func TestBlobInBlocks(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, b := range []string{"1", "2", "3"} {
		if code, text := call(s, "PUT", "d/x", "&comp=block&blockid="+b, strings.Repeat(b, 3)); code != 201 {
			t.Fatalf("block %s: %d %s", b, code, text)
		}
	}
	list := func(ids ...string) string {
		var b strings.Builder
		b.WriteString(`<?xml version="1.0" encoding="utf-8"?><BlockList>`)
		for _, id := range ids {
			fmt.Fprintf(&b, "<Latest>%s</Latest>", id)
		}
		return b.String() + "</BlockList>"
	}
	if code, text := call(s, "PUT", "d/x", "&comp=blocklist", list("1", "9")); code != 400 || !strings.Contains(text, "InvalidBlockList") {
		t.Errorf("a block that is not there: %d %s", code, text)
	}
	if code, _ := call(s, "GET", "d/x", "", ""); code != 404 {
		t.Errorf("half a blob can be read: %d", code)
	}
	if code, text := call(s, "PUT", "d/x", "&comp=blocklist", "<oops"); code != 400 || !strings.Contains(text, "InvalidXmlDocument") {
		t.Errorf("no list: %d %s", code, text)
	}
	if code, text := call(s, "PUT", "d/x", "&comp=blocklist", list("2", "1", "2")); code != 201 {
		t.Errorf("commit: %d %s", code, text)
	}
	if _, text := call(s, "GET", "d/x", "", ""); text != "222111222" {
		t.Errorf("blob is %q", text)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("files %v, %v; want the blob alone", left, err)
	}
}

// A grant is for one blob and a time, and signed.
func TestGrants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		grant := s.Grant("d/x", time.Now().Add(time.Hour))
		try := func(why, name, query string, want int) {
			t.Helper()
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/uploads/"+name+"?"+query, strings.NewReader("x")))
			if w.Code != want {
				t.Errorf("%s: %d, want %d", why, w.Code, want)
			}
		}
		try("granted", "d/x", grant, 201)
		try("another blob", "d/y", grant, 403)
		try("nothing", "d/x", "", 403)
		try("a longer time", "d/x", strings.Replace(grant, "se=9", "se=99", 1), 403)
		time.Sleep(time.Hour)
		try("expired", "d/x", grant, 403)
	})
}

// Whatever a blob is called, its file lies within the directory, and no two meet.
func TestNamesStayWithin(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "in"))
	rapid.Check(t, func(t *rapid.T) {
		name := "d/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "..", ".", "%2E", "A/b", "ü", "a\\b", "~blocks", "c:"}), 1, 4).Draw(t, "segments"), "/")
		content := rapid.StringN(0, 8, 8).Draw(t, "content")
		if code, text := call(s, "PUT", name, "", content); code != 201 && !strings.Contains(name, "a/") {
			if code != 500 { // a file stands where a directory would have to
				t.Fatalf("%q: %d %s", name, code, text)
			}
			return
		} else if code == 201 {
			if _, text := call(s, "GET", name, "", ""); text != content {
				t.Fatalf("%q holds %q, want %q", name, text, content)
			}
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%q: outside lie %v, %v", name, entries, err)
		}
	})
}
