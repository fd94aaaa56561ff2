package broker

import (
	"strings"
	"testing"
)

const rulesFile = `
# clients without a name
topic read public/#

user ann
topic readwrite plant/#
topic deny plant/secret/#
topic deny plant/vault
topic write in box
topic read

user bob
topic write log/+

pattern readwrite client/%c/#
pattern read user/%u
`

func TestRules(t *testing.T) {
	r, err := ParseRules("acl", []byte(rulesFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		want                right
		user, client, topic string
		ok                  bool
		why                 string
	}{
		{rightRead, "", "c1", "public/a", true, "lines before the first user are for the nameless"},
		{rightWrite, "", "c1", "public/a", false, "read is not write"},
		{rightRead, "ann", "c1", "public/a", false, "and for nobody else"},
		{rightWrite, "ann", "c1", "plant/pump", true, "readwrite"},
		{rightRead, "ann", "c1", "plant/secret/x", false, "deny wins over a wider grant"},
		{rightRead, "ann", "c1", "plant/vault", false, "deny of one topic"},
		{rightWrite, "ann", "c1", "in box", true, "topics may hold blanks"},
		{rightWrite, "ann", "c1", "read", true, "without access it is readwrite, even of a topic called read"},
		{rightWrite, "bob", "c1", "log/1", true, "write"},
		{rightRead, "bob", "c1", "log/1", false, "write is not read"},
		{rightWrite, "bob", "c1", "client/c1/x", true, "pattern with the client"},
		{rightWrite, "bob", "c1", "client/c2/x", false, "of another client"},
		{rightRead, "bob", "c1", "user/bob", true, "pattern with the user"},
		{rightRead, "", "c1", "user/", false, "no name fills no pattern"},
		{rightWrite, "bob", "+", "client/c2/x", false, "a client called + is nobody else"},
		{rightRead, "eve", "c1", "plant/pump", false, "a user without lines"},
	} {
		if got := r.may(row.want, row.user, row.client, row.topic); got != row.ok {
			t.Errorf("may(%d, %q, %q, %q) = %v: %s", row.want, row.user, row.client, row.topic, got, row.why)
		}
	}
}

func TestRulesForSubscriptions(t *testing.T) {
	r, err := ParseRules("acl", []byte(rulesFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		user, filter string
		code         byte
		why          string
	}{
		{"ann", "plant/#", codeSuccess, "granted; what is denied below is left out at delivery"},
		{"ann", "#", codeSuccess, "some of it may be read"},
		{"ann", "plant/vault", codeUnspecified, "denied in so many words: no reason is given"},
		{"ann", "plant/secret/+", codeUnspecified, "all of it is denied"},
		{"bob", "log/#", codeNotAuthorized, "nothing of it may be read"},
		{"bob", "other", codeNotAuthorized, "nothing is said of it"},
	} {
		if got := r.subscribe(row.user, "c1", row.filter); got != row.code {
			t.Errorf("%s subscribes to %s: 0x%02x, want 0x%02x: %s", row.user, row.filter, got, row.code, row.why)
		}
	}
	var none *Rules
	if none.subscribe("", "c", "#") != codeSuccess || !none.may(rightWrite, "", "c", "x") {
		t.Error("without rules everything is allowed")
	}
}

func TestRulesErrors(t *testing.T) {
	for text, want := range map[string]string{
		"topic read a\ntopics b":  `acl:2: line begins with "topics"`,
		"user":                    "acl:1: user line has no name",
		"topic":                   "filter is missing",
		"pattern read a/#/b":      "misplaced wildcard",
		"topic write \xff":        "is not UTF-8",
		"topic deny a+":           "misplaced wildcard",
		"\n\n  topic readwrite  ": "", // a topic called readwrite
	} {
		_, err := ParseRules("acl", []byte(text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte(rulesFile), "a/b")
	f.Fuzz(func(t *testing.T, text []byte, topic string) {
		if r, err := ParseRules("acl", text); err == nil {
			r.may(rightRead, "ann", "c", topic)
			r.subscribe("ann", "c", topic)
		}
	})
}
