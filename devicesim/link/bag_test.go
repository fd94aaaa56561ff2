package link

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Law: a bag survives encoding and decoding, and its text is safe in a topic.
func TestBagRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		keys := rapid.SliceOf(rapid.String()).Draw(r, "keys")
		var bag []property
		for _, k := range keys {
			bag = append(bag, property{k, rapid.String().Draw(r, "value")})
		}
		text := encodeBag(bag)
		got, err := decodeBag(text)
		if err != nil || !cmp.Equal(bag, got, cmp.AllowUnexported(property{})) {
			r.Fatalf("%q became %q, then %q, %v", bag, text, got, err)
		}
		if strings.ContainsAny(text, "+#/ $?\x00") {
			r.Fatalf("%q does not belong in a topic", text)
		}
		if _, err := url.ParseQuery(text); err != nil { // a decoder of other hands
			r.Fatalf("%q: %v", text, err)
		}
	})
}

func TestDecodeBag(t *testing.T) {
	for _, c := range []struct {
		why, in string
		want    []property
	}{
		{"SDKs escape the dollar", "%24.mid=1", []property{{"$.mid", "1"}}},
		{"the Java SDK does not", "$.mid=1", []property{{"$.mid", "1"}}},
		{"a plus is a plus", "a=b+c", []property{{"a", "b+c"}}},
		{"a null value", "a&b=", []property{{"a", ""}, {"b", ""}}},
		{"an equals sign in a value", "a=b=c", []property{{"a", "b=c"}}},
		{"nothing", "", nil},
		{"empty pairs", "&a=1&&", []property{{"a", "1"}}},
		{"lower-case hex", "%2f=%c3%a4", []property{{"/", "ä"}}},
	} {
		got, err := decodeBag(c.in)
		if err != nil || !cmp.Equal(c.want, got, cmp.AllowUnexported(property{})) {
			t.Errorf("%s: %q reads %q, %v; want %q", c.why, c.in, got, err, c.want)
		}
	}
	for _, in := range []string{"%", "a=%4", "a=%zz", "%g0=1"} {
		if got, err := decodeBag(in); err == nil {
			t.Errorf("%q reads %q, want an error", in, got)
		}
	}
}

func FuzzDecodeBag(f *testing.F) {
	f.Add("%24.to=%2Fdevices%2Fd&a=b+c&d&=e&%zz=1")
	f.Fuzz(func(t *testing.T, s string) {
		bag, err := decodeBag(s)
		if err != nil {
			return
		}
		again, err := decodeBag(encodeBag(bag))
		if err != nil || !cmp.Equal(bag, again, cmp.AllowUnexported(property{})) {
			t.Errorf("%q reads %q, and encoded and read again %q, %v", s, bag, again, err)
		}
	})
}
