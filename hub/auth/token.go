package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const tokenScheme = "SharedAccessSignature"

// maxExpiry is the last second of year 9999; later expiries are cut to it, so
// that time arithmetic stays in range.
const maxExpiry = 253402300799

// Token is a parsed shared access signature. It is not verified.
type Token struct {
	Resource  string // sr exactly as received: it is part of the signed text
	Policy    string // skn; empty when the device's own key signed
	Expiry    time.Time
	expiry    string // se exactly as received
	signature []byte
}

// ParseToken reads the text of a token with its parameters in any order. The
// error does not repeat the text.
func ParseToken(text string) (Token, error) {
	scheme, params, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !strings.EqualFold(scheme, tokenScheme) {
		return Token{}, fmt.Errorf("parse token: want %q first", tokenScheme)
	}
	fields := map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimSpace(params), "&") {
		key, value, _ := strings.Cut(pair, "=")
		if _, twice := fields[key]; twice {
			return Token{}, errors.New("parse token: a parameter is given twice")
		}
		fields[key] = value
	}
	return newToken(fields)
}

func newToken(fields map[string]string) (t Token, err error) {
	for _, key := range []string{"sr", "sig", "se"} {
		if fields[key] == "" {
			return Token{}, fmt.Errorf("parse token: %q is missing", key)
		}
	}
	t.Resource, t.expiry = fields["sr"], fields["se"]
	if t.Expiry, err = parseExpiry(t.expiry); err != nil {
		return Token{}, err
	}
	if t.signature, err = decodeSignature(fields["sig"]); err != nil {
		return Token{}, err
	}
	if t.Policy, err = url.PathUnescape(fields["skn"]); err != nil {
		return Token{}, errors.New("parse token: skn is not percent-encoded text")
	}
	return t, nil
}

// parseExpiry reads Unix seconds; a fraction is allowed and dropped.
func parseExpiry(text string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	if !digits(whole) || fraction != "" && !digits(fraction) {
		return time.Time{}, errors.New("parse token: se is not a number of seconds since 1970")
	}
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // only too many digits are left as a cause
		seconds = maxExpiry
	}
	return time.Unix(min(seconds, maxExpiry), 0).UTC(), nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func decodeSignature(text string) ([]byte, error) {
	plain, err := url.PathUnescape(text) // keeps "+", which base64 uses
	if err != nil {
		return nil, errors.New("parse token: sig is not percent-encoded text")
	}
	sig, err := base64.StdEncoding.DecodeString(plain)
	if err != nil {
		return nil, errors.New("parse token: sig is not base64")
	}
	return sig, nil
}

// SignedWith says whether key made the signature. Hub and device keys are
// base64 text and are given decoded ([DecodeKey]).
func (t Token) SignedWith(key []byte) bool {
	return hmac.Equal(t.signature, sign(key, t.Resource+"\n"+t.expiry))
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// DecodeKey gives the bytes of a base64 key. The error does not repeat the key.
func DecodeKey(key string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return nil, errors.New("decode key: not base64")
	}
	if len(b) == 0 {
		return nil, errors.New("decode key: empty")
	}
	return b, nil
}

// Sign makes a token for resource, such as "host/devices/d", with the base64
// key of policy, or of the device when policy is empty.
func Sign(resource, policy, key string, expires time.Time) (string, error) {
	secret, err := DecodeKey(key)
	if err != nil {
		return "", fmt.Errorf("sign token for %s: %w", resource, err)
	}
	sr, se := escape(resource), strconv.FormatInt(expires.Unix(), 10)
	sig := base64.StdEncoding.EncodeToString(sign(secret, sr+"\n"+se))
	text := tokenScheme + " sr=" + sr + "&sig=" + escape(sig) + "&se=" + se
	if policy != "" {
		text += "&skn=" + escape(policy)
	}
	return text, nil
}

// escape percent-encodes s; a space is never "+" in a token.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
