package scenarios

import "testing"

func TestTagExpressions(t *testing.T) {
	cases := []struct {
		expression string
		tags       []string
		want       bool
		why        string
	}{
		{"@a", []string{"@a", "@b"}, true, "a tag selects what carries it"},
		{"@a", []string{"@ab"}, false, "a tag is matched whole"},
		{"not @a", nil, true, "not selects what lacks the tag"},
		{"@a and not @b", []string{"@a", "@b"}, false, "and needs both sides"},
		{"@a or @b and @c", []string{"@a"}, true, "and binds tighter than or"},
		{"(@a or @b) and @c", []string{"@a"}, false, "parentheses bind tightest"},
		{"not not @a", []string{"@a"}, true, "not may be repeated"},
	}
	for _, c := range cases {
		f, err := parseTags(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		if got := f(c.tags); got != c.want {
			t.Errorf("%s: parseTags(%q)(%q) = %v, want %v", c.why, c.expression, c.tags, got, c.want)
		}
	}
	for _, bad := range []string{"", "a", "@a @b", "@a and", "(@a", "@a)", "or"} {
		if _, err := parseTags(bad); err == nil {
			t.Errorf("parseTags(%q) accepted", bad)
		}
	}
}
