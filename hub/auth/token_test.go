package auth_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"twinrig/hub/auth"
)

// Signatures computed with
//
//	printf '%s\n%s' "$sr" "$se" | openssl dgst -sha256 -mac HMAC -macopt key:0123456789abcdef0123456789abcdef -binary | base64
func TestSignedWithAgreesWithOpenSSL(t *testing.T) {
	for _, c := range []struct{ why, sr, se, sig string }{
		{"upper-case escapes", "hub.example%2Fdevices%2Fdev-1", "2000000000", "B8m7Vm0yKzh6asT7wS/Ql7wkqD3a8WHbc8sP8r+Hc64="},
		{"lower-case escapes are other text", "hub.example%2fdevices%2fdev-1", "2000000000", "Ky1Pa0zHRfBFf56NGoyGB2KByz5o0NQW8cwrFRr7OYY="},
		{"sr not encoded at all", "hub.example/devices/dev-1", "2000000000", "ar2smXWNgpBhBz/K0xnt+9PBM4psCBg7dvwSWi/L6oE="},
		{"a fraction in se is signed as sent", "hub.example%2Fdevices%2Fdev-1", "2000000000.75", "OOzu3KqrYWlmEapjPvSxpnmqdRkegdI/GEakk4N9FiQ="},
	} {
		t.Run(c.why, func(t *testing.T) {
			tok, err := auth.ParseToken("SharedAccessSignature sr=" + c.sr + "&sig=" + c.sig + "&se=" + c.se)
			if err != nil {
				t.Fatal(err)
			}
			if !tok.SignedWith([]byte("0123456789abcdef0123456789abcdef")) {
				t.Error("the decoded key does not verify")
			}
			if tok.SignedWith([]byte(keyA)) {
				t.Error("the text of the key verifies: it has to be decoded for the hub")
			}
			if want := time.Unix(2000000000, 0); !tok.Expiry.Equal(want) {
				t.Errorf("expiry %v, want %v", tok.Expiry, want)
			}
		})
	}
}

func TestSignMakesTheTokenOpenSSLMakes(t *testing.T) {
	got, err := auth.Sign("hub.example/devices/dev-1", "", keyA, time.Unix(2000000000, 0))
	want := "SharedAccessSignature sr=hub.example%2Fdevices%2Fdev-1&sig=B8m7Vm0yKzh6asT7wS%2FQl7wkqD3a8WHbc8sP8r%2BHc64%3D&se=2000000000"
	if err != nil || got != want {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
	if _, err := auth.Sign("hub.example", "", "no base64!", time.Time{}); err == nil || strings.Contains(err.Error(), "no base64!") {
		t.Errorf("a bad key: %v; want an error without the key", err)
	}
}

func TestParseTokenForms(t *testing.T) {
	for _, c := range []struct{ why, text, policy string }{
		{"parameters in any order", "SharedAccessSignature skn=service&se=1&sig=YQ%3D%3D&sr=h", "service"},
		{"space before, scheme in lower case", "  sharedaccesssignature sr=h&sig=YQ%3D%3D&se=1", ""},
		{"empty skn counts as absent", "SharedAccessSignature sr=h&sig=YQ%3D%3D&se=1&skn=", ""},
		{"sig not encoded keeps its + and =", "SharedAccessSignature sr=h&sig=+/8=&se=1", ""},
		{"an unknown parameter is ignored", "SharedAccessSignature sr=h&sig=YQ==&se=1&x=y", ""},
		{"se beyond any calendar is cut", "SharedAccessSignature sr=h&sig=YQ==&se=99999999999999999999999", ""},
	} {
		tok, err := auth.ParseToken(c.text)
		if err != nil || tok.Policy != c.policy || tok.Resource != "h" {
			t.Errorf("%s: %+v, %v", c.why, tok, err)
		}
	}
}

func TestParseTokenRefuses(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"nothing", "", "first"},
		{"another scheme", "Bearer abc.def", "first"},
		{"no parameters", "SharedAccessSignature", `"sr" is missing`},
		{"sr missing", "SharedAccessSignature sig=YQ==&se=1", `"sr" is missing`},
		{"sig missing", "SharedAccessSignature sr=h&se=1", `"sig" is missing`},
		{"se missing", "SharedAccessSignature sr=h&sig=YQ==", `"se" is missing`},
		{"se negative", "SharedAccessSignature sr=h&sig=YQ==&se=-1", "se is not"},
		{"se a date", "SharedAccessSignature sr=h&sig=YQ==&se=2026-01-01", "se is not"},
		{"se with two points", "SharedAccessSignature sr=h&sig=YQ==&se=1.2.3", "se is not"},
		{"sig no base64", "SharedAccessSignature sr=h&sig=SECRET!&se=1", "sig is not base64"},
		{"sig badly encoded", "SharedAccessSignature sr=h&sig=SECRET%2&se=1", "percent-encoded"},
		{"skn badly encoded", "SharedAccessSignature sr=h&sig=YQ==&se=1&skn=%zz", "percent-encoded"},
		{"sr twice: which one was signed?", "SharedAccessSignature sr=h&sr=i&sig=YQ==&se=1", "twice"},
	} {
		_, err := auth.ParseToken(c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: error %v, want one saying %q", c.why, err, c.want)
		}
	}
}

// Law: what Sign makes, ParseToken and SignedWith accept with that key only,
// for any resource and policy text.
func TestSignParseRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		resource, policy := rapid.StringN(1, 40, -1).Draw(t, "resource"), rapid.String().Draw(t, "policy")
		se := rapid.Int64Range(0, 253402300799).Draw(t, "se")
		text, err := auth.Sign(resource, policy, keyA, time.Unix(se, 0))
		if err != nil {
			t.Fatal(err)
		}
		tok, err := auth.ParseToken(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if tok.Policy != policy || tok.Expiry.Unix() != se {
			t.Fatalf("%q read as %+v", text, tok)
		}
		if !tok.SignedWith([]byte("0123456789abcdef0123456789abcdef")) || tok.SignedWith([]byte("other")) {
			t.Fatal("signature accepted wrongly or refused wrongly")
		}
	})
}

func FuzzParseToken(f *testing.F) {
	f.Add("SharedAccessSignature sr=h%2Fdevices%2Fd&sig=YQ%3D%3D&se=1700000000&skn=p")
	f.Add("SharedAccessSignature se=1.5&sig=+/8=&sr=")
	f.Add("sharedaccesssignature &&==&sr=%")
	f.Fuzz(func(t *testing.T, text string) {
		tok, err := auth.ParseToken(text)
		if err != nil {
			return
		}
		if tok.Resource == "" || tok.Expiry.Year() > 9999 {
			t.Errorf("accepted %q as %+v", text, tok)
		}
		tok.SignedWith([]byte("k"))
	})
}
