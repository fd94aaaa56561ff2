package dps

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// DeriveKey returns the key of one device of a group: an HMAC-SHA256 over its registration
// id with the group's key, both keys in base64. A key that is not base64 derives none.
func DeriveKey(groupKey, registrationID string) string {
	key, err := base64.StdEncoding.DecodeString(groupKey)
	if err != nil || len(key) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(registrationID))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (k *SymmetricKey) derive(registrationID string) *SymmetricKey {
	return &SymmetricKey{DeriveKey(k.Primary, registrationID), DeriveKey(k.Secondary, registrationID)}
}

func (k *SymmetricKey) both() []string { return []string{k.Primary, k.Secondary} }
