package auth

import "time"

// CheckToken checks the text of a token that is neither a device's of the hub nor of one
// of its policies: it has to be for path on one of hosts, and signed with one of the base64
// keys that keys returns for the policy the token names. A token in force expires at the
// time returned.
func CheckToken(text, path string, hosts []string, keys func(policy string) []string) (expires time.Time, err error) {
	t, err := ParseToken(text)
	if err != nil {
		return time.Time{}, unauthorized("%v", err)
	}
	a := Authenticator{hosts: hosts}
	if err := a.tokenFits(t, path); err != nil {
		return time.Time{}, err
	}
	for _, key := range keys(t.Policy) {
		if signer(t.SignedWith, &key) != nil {
			return t.Expiry.Add(skew), nil
		}
	}
	return time.Time{}, unauthorized("the signature fits no key: check the key and what the token is for")
}
