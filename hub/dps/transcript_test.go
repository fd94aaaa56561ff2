package dps

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestTranscript replays testdata/service: calls of the service API in the form of HTTP
// requests, with what it answers. Run with -rewrite after a wanted change.
func TestTranscript(t *testing.T) {
	inBubble(t, func(r *rig) {
		last := "" // etag of the last answer that had one
		datadriven.RunTest(r.T, "testdata/service", func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "register" {
				a := r.device(d.CmdArgs[0].Key, DeriveKey(keyA, d.CmdArgs[0].Key)).register()
				return fmt.Sprintf("%s %s\n", a.Status, a.State.Hub)
			}
			answer := httptest.NewRecorder()
			r.dps.ServeHTTP(answer, r.request(t, d, last))
			if tag := answer.Header().Get("ETag"); tag != "" {
				last = unquote(tag)
			}
			return write(answer)
		})
	})
}

// request makes a call with all rights, or those of the argument "as", and api-version
// unless "bare" is given. $etag in a header is the etag answered last.
func (r *rig) request(t *testing.T, d *datadriven.TestData, last string) *http.Request {
	head, body, _ := strings.Cut(d.Input, "\n\n")
	method, rest, _ := strings.Cut(head, " ")
	target, headers, _ := strings.Cut(rest, "\n")
	if !d.HasArg("bare") {
		target += "?api-version=2021-10-01"
	}
	q := httptest.NewRequest(method, target, strings.NewReader(body))
	for s := bufio.NewScanner(strings.NewReader(headers)); s.Scan(); {
		name, value, _ := strings.Cut(s.Text(), ": ")
		q.Header.Set(name, strings.ReplaceAll(value, "$etag", last))
	}
	q.Header.Set("Authorization", r.token(host, OwnerPolicy, owner))
	if d.HasArg("as") {
		var as string
		d.ScanArgs(t, "as", &as)
		q.Header.Set("Authorization", map[string]string{
			"reader": r.token(host, "reader", reader), "nobody": "", "stranger": r.token(host, "stranger", reader),
			"elsewhere": r.token("other.example", OwnerPolicy, owner), "forger": r.token(host, OwnerPolicy, reader),
		}[as])
	}
	return q
}

var (
	etags    = regexp.MustCompile(`(?:\\"|")[0-9a-f]{16}(?:\\"|")`)
	tracking = regexp.MustCompile(`"trackingId":"[0-9a-f]{32}"`)
)

// write is an answer with what is random made the same.
func write(answer *httptest.ResponseRecorder) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s\n", answer.Code, http.StatusText(answer.Code))
	var names []string
	for name := range answer.Header() {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name != "Content-Type" {
			fmt.Fprintf(&out, "%s: %s\n", name, answer.Header().Get(name))
		}
	}
	fmt.Fprintln(&out, answer.Body.String())
	text := etags.ReplaceAllString(out.String(), `<etag>`)
	return strings.TrimSuffix(tracking.ReplaceAllString(text, `"trackingId":"<tracking>"`), "\n")
}
