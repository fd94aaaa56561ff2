package auth

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestCheckToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const key, other = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=", "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="
		at := time.Now().Add(time.Hour)
		token := func(resource, policy, key string) string {
			text, err := Sign(resource, policy, key, at)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		keys := func(policy string) []string {
			if policy == "registration" {
				return []string{other, key}
			}
			return nil
		}
		for _, row := range []struct{ sentence, token, why string }{
			{"the second key", token("0ne1/registrations/r", "registration", key), ""},
			{"a scope in other letters", token("0NE1/registrations/r", "registration", key), ""},
			{"another device", token("0ne1/registrations/r2", "registration", key), "another resource"},
			{"another scope", token("0ne2/registrations/r", "registration", key), "another resource"},
			{"a policy without keys", token("0ne1/registrations/r", "x", key), "fits no key"},
			{"another key", token("0ne1/registrations/r", "registration", "Y2NjY2NjY2NjY2NjY2NjYw=="), "fits no key"},
			{"no token", "password", "parse token"},
		} {
			expires, err := CheckToken(row.token, "registrations/r", []string{"0ne1"}, keys)
			if (err == nil) != (row.why == "") || err != nil && !strings.Contains(err.Error(), row.why) {
				t.Errorf("%s: %v", row.sentence, err)
			}
			if err == nil && !expires.Equal(at.Add(skew)) {
				t.Errorf("%s: expires at %v", row.sentence, expires)
			}
		}
		good := token("0ne1/registrations/r", "registration", key)
		time.Sleep(time.Hour + skew + time.Second)
		if _, err := CheckToken(good, "registrations/r", []string{"0ne1"}, keys); err == nil || !strings.Contains(err.Error(), "expired") {
			t.Errorf("a token that is over: %v", err)
		}
	})
}
