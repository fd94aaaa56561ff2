package hub

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

const maxDeviceID = 128

// CheckDeviceID checks an id against the length and the characters Azure allows.
func CheckDeviceID(id string) error { return checkID("device id", id) }

func checkID(what, id string) error {
	if id == "" || len(id) > maxDeviceID {
		return fmt.Errorf("%s has %d characters; 1 to %d are allowed", what, len(id), maxDeviceID)
	}
	for _, r := range id {
		if !legalInID(r) {
			return fmt.Errorf("%s %q contains %q; letters, digits and -:.+%%_#*?!(),=@;$' are allowed", what, id, r)
		}
	}
	return nil
}

func legalInID(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
		strings.ContainsRune("-:.+%_#*?!(),=@;$'", r)
}

// normalize completes and checks the writable fields of d. old is what is stored, nil
// for a new device.
func (h *Hub) normalize(d *Device, old *Device) error {
	switch d.Status {
	case "":
		d.Status = StatusEnabled
	case StatusEnabled, StatusDisabled:
	default:
		return fmt.Errorf("status %q is neither enabled nor disabled", d.Status)
	}
	if d.StatusReason != nil && len(*d.StatusReason) > maxStatusReason {
		return fmt.Errorf("statusReason has %d bytes, at most %d are allowed", len(*d.StatusReason), maxStatusReason)
	}
	a := &d.Authentication
	dropEmpty(&a.SymmetricKey.Primary, &a.SymmetricKey.Secondary, &a.X509Thumbprint.Primary, &a.X509Thumbprint.Secondary)
	if a.Type == "" {
		a.Type = AuthSAS
		if a.X509Thumbprint.Primary != nil || a.X509Thumbprint.Secondary != nil {
			a.Type = AuthSelfSigned
		}
	}
	switch a.Type {
	case AuthSAS:
		a.X509Thumbprint = Thumbprint{}
		return h.normalizeKeys(&a.SymmetricKey, old)
	case AuthSelfSigned:
		a.SymmetricKey = SymmetricKey{}
		return checkThumbprints(a.X509Thumbprint)
	case AuthCA, AuthNone:
		a.SymmetricKey, a.X509Thumbprint = SymmetricKey{}, Thumbprint{}
		return nil
	}
	return fmt.Errorf("authentication type %q is unknown; sas, selfSigned, certificateAuthority and none are known", a.Type)
}

// normalizeKeys keeps the old keys when none are given, or makes new ones.
func (h *Hub) normalizeKeys(k *SymmetricKey, old *Device) (err error) {
	if k.Primary == nil && k.Secondary == nil {
		if old != nil && old.Authentication.SymmetricKey.Primary != nil {
			*k = old.Authentication.SymmetricKey
			return nil
		}
		for _, key := range []**string{&k.Primary, &k.Secondary} {
			made, err := newKey(h.random)
			if err != nil {
				return err
			}
			*key = &made
		}
		return nil
	}
	if k.Primary == nil || k.Secondary == nil {
		return errors.New("one symmetric key is given; both or neither are needed")
	}
	for _, key := range []string{*k.Primary, *k.Secondary} {
		if b, err := base64.StdEncoding.DecodeString(key); err != nil || len(b) < 16 || len(b) > 64 {
			return errors.New("symmetric key is not the base64 text of 16 to 64 bytes")
		}
	}
	return nil
}

func checkThumbprints(t Thumbprint) error {
	if t.Primary == nil && t.Secondary == nil {
		return errors.New("authentication type selfSigned needs a thumbprint")
	}
	for _, p := range []*string{t.Primary, t.Secondary} {
		if p == nil {
			continue
		}
		if b, err := ParseThumbprint(*p); err != nil || len(b) != 20 && len(b) != 32 {
			return fmt.Errorf("thumbprint %q is not the hex text of a SHA-1 or SHA-256 digest", *p)
		}
	}
	return nil
}

func dropEmpty(fields ...**string) {
	for _, f := range fields {
		if *f != nil && **f == "" {
			*f = nil
		}
	}
}
