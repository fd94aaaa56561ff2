package rest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"twinrig/hub"
)

func FuzzMatch(f *testing.F) {
	f.Add("GET", "/devices/a%2Fb/")
	f.Add("POST", "/TWINS/d/methods")
	f.Add("GET", "//%zz")
	f.Fuzz(func(t *testing.T, method, path string) {
		route, params, allowed := match(method, path)
		if route == nil {
			if slices.Contains(allowed, method) {
				t.Errorf("%s %q is allowed and not found", method, path)
			}
			return
		}
		if route.method != method || len(params) != strings.Count(route.path, "{}") || slices.Contains(params, "") {
			t.Errorf("%s %q matches %s %s with %q", method, path, route.method, route.path, params)
		}
		// Law: any id survives its encoding, in any case of the fixed segments.
		again := "/" + strings.ToUpper(route.path)
		for _, p := range params {
			again = strings.Replace(again, "{}", strings.ReplaceAll(url.PathEscape(p), "{", "%7B"), 1)
		}
		if r, p, _ := match(method, again+"/"); r != route || !slices.Equal(p, params) {
			t.Errorf("%q encoded anew as %q matches with %q", params, again, p)
		}
	})
}

func FuzzUnquote(f *testing.F) {
	for _, s := range []string{`"AAAA"`, "*", `\"AAAA=\"`, ` "*"`, `"`, ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		etag := unquote(s)
		if again := unquote(`"` + etag + `"`); again != etag && strings.TrimSpace(etag) == etag {
			t.Errorf("%q gives %q and then %q", s, etag, again)
		}
	})
}

func FuzzStreamQuery(f *testing.F) {
	f.Add("partition=0&from=7&follow=true")
	f.Add("partition=3&from=latest")
	f.Add("partition=-1&from=1e3&follow=2")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		q, err := parseStreamQuery(values, 4)
		if err == nil && (q.partition < 0 || q.partition > 3 || q.latest && q.number != 0) {
			t.Errorf("%q is read as %+v", text, q)
		}
	})
}

func FuzzCommandHeader(f *testing.F) {
	f.Add("Level=1&note=a%20b", "2026-11-23T03:40:34.1234567Z", "Iothub-App-X")
	f.Add("&&=", "now", "iothub-app-")
	f.Fuzz(func(t *testing.T, bag, expiry, name string) {
		h := http.Header{}
		h.Set("iothub-properties", bag)
		h.Set("iothub-expiry", expiry)
		h.Set(name, "v")
		m, err := messageHeader(h)
		if err != nil {
			return
		}
		for _, p := range m.Properties {
			if p.Key == "" {
				t.Errorf("%q, %q give a property without a name", bag, name)
			}
		}
	})
}

// Law: any event becomes one line of JSON that gives its body back.
func FuzzEncodeEvent(f *testing.F) {
	f.Add([]byte(`{"t": 1}`), "k", "v")
	f.Add([]byte("\xff\n"), "", "\xff")
	f.Add([]byte("null"), "a", "b")
	f.Fuzz(func(t *testing.T, body []byte, key, value string) {
		e := hub.Event{Device: "d", Message: hub.Message{Body: body, Properties: []hub.Property{{Key: key, Value: value}}}}
		line, err := encodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(line), "\n") != 1 || !utf8.Valid(line) {
			t.Fatalf("%q is not one line of text", line)
		}
		var got struct {
			Body       json.RawMessage
			BodyBase64 []byte
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		if json.Valid(body) && utf8.Valid(body) {
			body = compact(t, body)
			got.BodyBase64 = compact(t, got.Body)
		}
		if string(got.BodyBase64) != string(body) {
			t.Errorf("body %q came back as %q", body, got.BodyBase64)
		}
	})
}

func compact(t *testing.T, text []byte) []byte {
	t.Helper()
	line, err := encodeLine(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return line
}
