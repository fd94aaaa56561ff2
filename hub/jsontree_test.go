package hub

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseJSONSaysWhereItIsWrong(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"nothing at all", "", "line 1, column 1: unexpected end"},
		{"a comma too many", "{\n  \"a\": 1,\n}", "line 3, column 1: invalid character '}'"},
		{"a bare word", `{"a": off}`, "line 1, column 7: invalid character 'o'"},
		{"a key without quotes", "{\n\tinterval: 5\n}", "line 2, column 2: invalid character 'i'"},
		{"a string without end", `{"a": "b`, "column 8: unexpected end"},
		{"two documents", `{} {}`, "line 1, column 4: invalid character '{' after top-level value"},
		{"a key given twice", "{\"a\":1,\n \"b\":2,\n \"a\":3}", `line 3, column 4: key "a" is given twice`},
		{"a key given twice inside an array", `[{"a":1,"a":1}]`, `key "a" is given twice`},
		{"columns count characters, not bytes", `{"ü": x}`, "line 1, column 7:"},
		{"a byte that is not UTF-8", "{\"a\":\n\"b\xff\"}", "line 2, column 3: not UTF-8"},
		{"a depth that would exhaust the stack", strings.Repeat("[", 100_000), "exceeded max depth"},
	} {
		if _, err := parseJSON([]byte(row.text)); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: error %v, want %q", row.why, err, row.want)
		}
	}
}

func TestJSONKeepsWhatWasWritten(t *testing.T) {
	for _, row := range []struct{ why, in, want string }{
		{"digits beyond a float64", `{"n":1.10000000000000000001}`, `{"n":1.10000000000000000001}`},
		{"exponents", `[1e3,1E+3,-0]`, `[1e3,1E+3,-0]`},
		{"nulls in arrays", `{"a":[null,{"b":null}]}`, `{"a":[null,{"b":null}]}`},
		{"empty containers", `{"a":{},"b":[]}`, `{"a":{},"b":[]}`},
		{"characters HTML would escape", `"<a href=\"x\">&"`, `"<a href=\"x\">&"`},
		{"an escape for what needs none", `"\u00e9\/"`, `"é/"`},
		{"line ends in strings", `"a\nb"`, `"a\nb"`},
		{"keys come out sorted", `{"b":1, "a":true}`, `{"a":true,"b":1}`},
	} {
		n, err := parseJSON([]byte(row.in))
		if err != nil {
			t.Errorf("%s: %v", row.why, err)
		} else if got := string(n.appendJSON(nil)); got != row.want {
			t.Errorf("%s: %s became %s, want %s", row.why, row.in, got, row.want)
		}
	}
}

// Law: what is parsed and written again means the same to encoding/json.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":{"b":[1,"x",null,true]}}`, `"\ud800"`, `{"a":1,"a":2}`, `[`, "\xff", `{"":0}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseJSON(text)
		if err != nil {
			return
		}
		var want, got any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("accepted %q, which is not JSON: %v", text, err)
		}
		if err := json.Unmarshal(n.appendJSON(nil), &got); err != nil {
			t.Fatalf("wrote %q: %v", n.appendJSON(nil), err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
