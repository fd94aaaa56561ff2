package hub

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustParse(t rapid.TB, text string) *node {
	t.Helper()
	n, err := parseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func TestMerge(t *testing.T) {
	for _, row := range []struct{ why, target, patch, want string }{
		{"a new key is added", `{"a":1}`, `{"b":2}`, `{"a":1,"b":2}`},
		{"a key is replaced", `{"a":1}`, `{"a":"x"}`, `{"a":"x"}`},
		{"null removes a key", `{"a":1,"b":2}`, `{"a":null}`, `{"b":2}`},
		{"null for an absent key does nothing", `{"a":1}`, `{"b":null}`, `{"a":1}`},
		{"objects merge", `{"a":{"b":1,"c":2}}`, `{"a":{"c":3,"d":4}}`, `{"a":{"b":1,"c":3,"d":4}}`},
		{"null removes inside an object", `{"a":{"b":1,"c":2}}`, `{"a":{"b":null}}`, `{"a":{"c":2}}`},
		{"an object replaces a scalar, and its nulls fall away", `{"a":1}`, `{"a":{"b":null,"c":{"d":null}}}`, `{"a":{"c":{}}}`},
		{"a scalar replaces a whole subtree", `{"a":{"b":{"c":1}}}`, `{"a":false}`, `{"a":false}`},
		{"arrays are replaced as a whole, nulls in them stay", `{"a":[1,2,3]}`, `{"a":[null,{"b":null}]}`, `{"a":[null,{"b":null}]}`},
		{"an empty object makes an empty object", `{}`, `{"a":{}}`, `{"a":{}}`},
		{"an empty object changes no object", `{"a":{"b":1}}`, `{"a":{}}`, `{"a":{"b":1}}`},
	} {
		target := mustParse(t, row.target)
		target.merge(mustParse(t, row.patch), stamp{})
		if got := string(target.appendJSON(nil)); got != row.want {
			t.Errorf("%s: %s + %s = %s, want %s", row.why, row.target, row.patch, got, row.want)
		}
	}
}

// Metadata mirror the structure; what a patch touched, and all around it, is stamped.
func TestMergeStampsWhatItTouches(t *testing.T) {
	s := newSection()
	for day, patch := range []string{`{"a":{"b":1,"c":[{"x":1}]},"d":1}`, `{"a":{"b":2}}`, `{"e":{"f":null}}`} {
		s.version++
		s.root.merge(mustParse(t, patch), stamp{time.Date(2026, 1, day+1, 0, 0, 0, 0, time.UTC), s.version})
	}
	var got struct {
		Metadata any `json:"$metadata"`
	}
	if err := json.Unmarshal(s.appendService(nil), &got); err != nil {
		t.Fatal(err)
	}
	at := func(day int, fields map[string]any) map[string]any {
		m := map[string]any{"$lastUpdated": fmt.Sprintf("2026-01-0%dT00:00:00.0000000Z", day), "$lastUpdatedVersion": float64(day + 1)}
		for k, v := range fields {
			m[k] = v
		}
		return m
	}
	want := at(3, map[string]any{
		"a": at(2, map[string]any{"b": at(2, nil), "c": at(1, nil)}),
		"d": at(1, nil),
		"e": at(3, nil),
	})
	if diff := cmp.Diff(any(want), got.Metadata); diff != "" {
		t.Error(diff)
	}
}

func TestNewSectionIsWhatAzureShows(t *testing.T) {
	const want = `{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1}`
	if got := string(newSection().appendService(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// jsonObjects generates objects with few keys, so that patches meet.
func jsonObjects(nulls bool) *rapid.Generator[map[string]any] {
	scalar := rapid.OneOf(
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.IntRange(-9, 9), func(i int) any { return float64(i) }),
		rapid.Map(rapid.StringN(0, 3, 9), func(s string) any { return s }),
		rapid.Just(any([]any{nil, 1.0, map[string]any{"a": nil}})),
	)
	if nulls {
		scalar = rapid.OneOf(scalar, rapid.Just(any(nil)))
	}
	key := rapid.SampledFrom([]string{"a", "b", "c"})
	object := rapid.MapOfN(key, scalar, 0, 3)
	for range 3 {
		inner := object
		object = rapid.MapOfN(key, rapid.OneOf(scalar, rapid.Map(inner, func(m map[string]any) any { return m })), 0, 3)
	}
	return object
}

func toNode(t rapid.TB, v any) *node {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return mustParse(t, string(text))
}

// mergePatch is RFC 7396, section 2, word for word.
func mergePatch(target, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	object, ok := target.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	for name, value := range p {
		if value == nil {
			delete(object, name)
		} else {
			object[name] = mergePatch(object[name], value)
		}
	}
	return object
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := jsonObjects(false).Draw(t, "target")
		patch := jsonObjects(true).Draw(t, "patch")
		n, p := toNode(t, target), toNode(t, patch)

		n.merge(newObject(), stamp{})
		if got := string(n.appendJSON(nil)); got != string(toNode(t, target).appendJSON(nil)) {
			t.Errorf("the empty patch changed the target to %s", got)
		}
		before := string(p.appendJSON(nil))
		n.merge(p, stamp{})
		once := string(n.appendJSON(nil))
		if after := string(p.appendJSON(nil)); after != before {
			t.Errorf("merging changed the patch to %s", after)
		}
		n.merge(p, stamp{})
		if twice := string(n.appendJSON(nil)); twice != once {
			t.Errorf("merging twice gives %s, once %s", twice, once)
		}
		if want := string(toNode(t, mergePatch(target, patch)).appendJSON(nil)); once != want {
			t.Errorf("RFC 7396 gives %s, merge %s", want, once)
		}
		n.merge(n.removal(), stamp{})
		if got := string(n.appendJSON(nil)); got != "{}" {
			t.Errorf("the removal patch leaves %s", got)
		}
	})
}

// Law: a section that is written and read again is the same section.
func TestSectionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSection()
		for range rapid.IntRange(0, 3).Draw(t, "patches") {
			s.version++
			at := time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "at"), 0).UTC()
			s.root.merge(toNode(t, jsonObjects(true).Draw(t, "patch")), stamp{at, s.version})
		}
		text := s.appendService(nil)
		read, err := parseSection(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again := read.appendService(nil); string(again) != string(text) {
			t.Errorf("%s became %s", text, again)
		}
	})
}

// Law: no text makes the decoder panic, and what it accepts it writes stably.
func FuzzParseSection(f *testing.F) {
	for _, seed := range []string{
		`{"$metadata":{"$lastUpdated":"0001-01-01T00:00:00Z"},"$version":1}`,
		`{"a":{"b":[1]},"$metadata":{"$lastUpdated":"2026-01-01T00:00:00.0000000Z","$lastUpdatedVersion":2,"a":{"b":{}}},"$version":2}`,
		`{"a":1,"$metadata":[],"$version":1}`, `{"$version":{}}`, `{"a":1,"$metadata":{"a":7},"$version":1}`, `7`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parseSection(text)
		if err != nil {
			return
		}
		once := s.appendService(nil)
		again, err := parseSection(once)
		if err != nil {
			t.Fatalf("%q is written as %q, which is refused: %v", text, once, err)
		}
		if twice := string(again.appendService(nil)); twice != string(once) {
			t.Errorf("%q becomes %q, then %q", text, once, twice)
		}
	})
}

func TestCheckPatch(t *testing.T) {
	deep := func(levels int) string {
		return strings.Repeat(`{"o":`, levels) + "1" + strings.Repeat("}", levels)
	}
	for _, row := range []struct{ why, patch, want string }{
		{"values of all kinds are fine", `{"a":[1,"x",null,true,{"b":-1.5e300}],"ü":{}}`, ""},
		{"dollar keys on top are the hub's and passed over", `{"$version":3,"$metadata":{"$x":1},"a":1}`, ""},
		{"a dollar key further down", `{"a":{"$b":1}}`, `p.a: key "$b" contains '$'`},
		{"a key with a dot", `{"a.b":1}`, `p: key "a.b" contains '.'`},
		{"a key with a space", `{"a b":1}`, "contains ' '"},
		{"a C0 control character", `{"a\u001f":1}`, `contains '\x1f'`},
		{"a C1 control character", `{"a\u0085":1}`, `contains '\u0085'`},
		{"a bad key inside an array", `{"a":[0,{"b.c":1}]}`, `p.a[1]: key "b.c"`},
		{"a key of 1024 bytes", `{"` + strings.Repeat("k", 1024) + `":1}`, ""},
		{"a key of 1025 bytes", `{"` + strings.Repeat("k", 1025) + `":1}`, "has 1025 bytes, at most 1024"},
		{"a string of 4096 bytes", `{"a":"` + strings.Repeat("é", 2048) + `"}`, ""},
		{"a string of 4097 bytes", `{"a":"` + strings.Repeat("é", 2048) + `x"}`, "p.a: string of 4097 bytes"},
		{"a long string inside an array", `{"a":["` + strings.Repeat("x", 4097) + `"]}`, "p.a[0]: string of 4097 bytes"},
		{"the greatest integer", `{"a":4503599627370495}`, ""},
		{"one more", `{"a":4503599627370496}`, "p.a: integer 4503599627370496 is outside"},
		{"the least integer", `{"a":-4503599627370496}`, ""},
		{"one less", `{"a":-4503599627370497}`, "is outside"},
		{"an integer of many digits", `{"a":` + strings.Repeat("9", 100) + `}`, "is outside"},
		{"a float out of range", `{"a":1e400}`, "number 1e400 is out of range"},
		{"ten levels of objects", deep(11), ""},
		{"eleven levels", deep(12), "nested deeper than 10 levels"},
		{"arrays count as levels", `{"a":` + strings.Repeat("[", 11) + strings.Repeat("]", 11) + `}`, "nested deeper than 10 levels"},
		{"an array in place of the section", `[]`, "p is an array, not an object"},
		{"null in place of the section", `null`, "p is null, not an object"},
	} {
		err := mustParse(t, row.patch).checkPatch("p")
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: error %v, want %q", row.why, err, row.want)
		}
	}
}

func TestSizeCountsAsDocumented(t *testing.T) {
	for _, row := range []struct {
		why, text string
		want      int
	}{
		{"an empty object", `{}`, 0},
		{"keys and strings count their bytes", `{"ab":"cde","ü":""}`, 2 + 3 + 2},
		{"a number counts 8", `{"a":1,"b":-1.25e7}`, 1 + 8 + 1 + 8},
		{"a boolean counts 4", `{"a":true}`, 1 + 4},
		{"null counts nothing", `[null]`, 0},
		{"what is in arrays counts", `{"a":[1,{"b":"c"}]}`, 1 + 8 + 1 + 1},
	} {
		if got := mustParse(t, row.text).size(); got != row.want {
			t.Errorf("%s: %d, want %d", row.why, got, row.want)
		}
	}
}
