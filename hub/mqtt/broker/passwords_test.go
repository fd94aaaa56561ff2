package broker

import (
	"strings"
	"testing"
)

// Made by mosquitto_passwd 2.0.11: mosquitto_passwd -b -c FILE ann wonderland
const passwordLine = "ann:$7$101$Kx35WsJ5m/TIaeUe$lSpamnLCecMKhwJJKsEHsySn4/3i4EL1UuoCmYlyry12aZt3ierZwTWA0LbDoBndJXYAOpEk9FWzNiK87FzXdw=="

func TestPasswords(t *testing.T) {
	p, err := ParsePasswords("passwd", []byte("# users\n"+passwordLine+"\r\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		user, password string
		ok             bool
	}{
		{"ann", "wonderland", true}, {"ann", "Wonderland", false}, {"ann", "", false}, {"bob", "wonderland", false}, {"", "", false},
	} {
		if got := p.check(row.user, []byte(row.password)); got != row.ok {
			t.Errorf("check(%q, %q) = %v", row.user, row.password, got)
		}
	}
}

// Errors name the line and the remedy, and never what may be a password.
func TestPasswordErrors(t *testing.T) {
	for text, want := range map[string]string{
		"ann:wonderland":                   "hash it with: mosquitto_passwd -U",
		"ann:$6$wonderland$x":              "only $7$",
		"ann:$7$wonderland$AA==$AA==":      "number of iterations",
		"ann:$7$99999999999$AA==$AA==":     "number of iterations",
		"ann:$7$10$wonder land$AA==":       "salt is not base64",
		"ann:$7$10$AA==$wonderland":        "hash is not 64 bytes",
		"ann:$7$10$AA==":                   "hash is not $7$iterations$salt$hash",
		"wonderland":                       "passwd:1: is not a line of name:hash",
		":$7$10$AA==$AA==":                 "is not a line of name:hash",
		passwordLine + "\n" + passwordLine: `passwd:2: user "ann" is listed twice`,
	} {
		_, err := ParsePasswords("passwd", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "wonder") {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzParsePasswords(f *testing.F) {
	f.Add([]byte(passwordLine))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = ParsePasswords("passwd", text)
	})
}
