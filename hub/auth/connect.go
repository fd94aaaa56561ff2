package auth

import (
	"crypto/hmac"
	"strconv"
	"strings"
	"time"

	"twinrig/hub"
)

// signedConnect checks the SAS authentication of the MQTT 5 preview API.
func (a *Authenticator) signedConnect(d hub.Device, s hub.SignedConnect) (hub.Grant, error) {
	if s.ClientID != d.ID {
		return hub.Grant{}, unauthorized("the client id is not device %q", d.ID)
	}
	if !knownHost(s.Host, a.hosts) {
		return hub.Grant{}, unauthorized("the host is not %s", a.hosts[0])
	}
	expiry, err := connectTimes(s)
	if err != nil {
		return hub.Grant{}, err
	}
	text := strings.Join([]string{s.Host, s.ClientID, s.Policy, s.At, s.Expiry, ""}, "\n")
	return a.keyGrant(d, s.Policy, expiry, func(key []byte) bool {
		return hmac.Equal(s.Signature, sign(key, text))
	})
}

// connectTimes checks sas-at and sas-expiry and returns the latter.
func connectTimes(s hub.SignedConnect) (expiry time.Time, err error) {
	if s.At != "" {
		at, ok := parseMillis(s.At)
		if !ok {
			return time.Time{}, unauthorized("sas-at is not a number of milliseconds since 1970")
		}
		if at.After(time.Now().Add(skew)) {
			return time.Time{}, unauthorized("sas-at %s lies in the future: set the clock", stamp(at))
		}
	}
	expiry, ok := parseMillis(s.Expiry)
	if !ok {
		return time.Time{}, unauthorized("sas-expiry is not a number of milliseconds since 1970")
	}
	if time.Now().After(expiry.Add(skew)) {
		return time.Time{}, unauthorized("the signature expired at %s: make a new one or set the clock", stamp(expiry))
	}
	return expiry, nil
}

func parseMillis(text string) (time.Time, bool) {
	if !digits(text) {
		return time.Time{}, false
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // only too many digits are left as a cause
		ms = maxExpiry * 1000
	}
	return time.UnixMilli(min(ms, maxExpiry*1000)).UTC(), true
}
