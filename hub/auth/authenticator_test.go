package auth_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
)

// future is an expiry beyond the clock of the synctest bubble and of our time.
var future = time.Unix(4000000000, 0)

func token(t testing.TB, resource, policy, key string, expires time.Time) string {
	t.Helper()
	text, err := auth.Sign(resource, policy, key, expires)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDeviceTokens(t *testing.T) {
	a := auth.New(exampleDirectory(), "localhost", "::1")
	for _, c := range []struct{ why, device, resource, policy, key, refusal string }{
		{"own primary key", "dev-1", "hub.example/devices/dev-1", "", keyA, ""},
		{"own secondary key", "dev-1", "hub.example/devices/dev-1", "", keyB, ""},
		{"scheme, port and case of the host do not matter", "dev-1", "mqtts://HUB.example:8883/devices/dev-1", "", keyA, ""},
		{"an alias of the host", "dev-1", "localhost:28883/devices/dev-1", "", keyA, ""},
		{"an IPv6 alias", "dev-1", "[::1]:8883/devices/dev-1", "", keyA, ""},
		{"an id with an escape in it, encoded once more by the SDK", "a%23", "hub.example/devices/a%2523", "", keyA, ""},
		{"trailing slash", "dev-1", "hub.example/devices/dev-1/", "", keyA, ""},
		{"policy, whole hub", "dev-1", "hub.example", "device", keyA, ""},
		{"policy, all devices", "dev-1", "hub.example/devices", "device", keyB, ""},
		{"policy, this device", "dev-1", "hub.example/devices/dev-1", "device", keyA, ""},

		{"another device's token", "dev-1", "hub.example/devices/dev-2", "", keyA, "another resource"},
		{"a prefix that is no whole segment", "dev-1", "hub.example/devices/dev", "", keyA, "another resource"},
		{"device ids are case-sensitive", "dev-1", "hub.example/devices/DEV-1", "", keyA, "another resource"},
		{"a module's token is no device's", "dev-1", "hub.example/devices/dev-1/modules/m", "", keyA, "another resource"},
		{"module", "dev-1/m", "hub.example/devices/dev-1/modules/m", "", keyB, ""},
		{"module whose SDK names the device alone", "dev-1/m", "hub.example/devices/dev-1", "", keyB, ""},
		{"module, policy", "dev-1/m", "hub.example/devices/dev-1/modules/m", "device", keyA, ""},
		{"module with its device's key", "dev-1/m", "hub.example/devices/dev-1/modules/m", "", keyA, "check SharedAccessKey"},
		{"another module's token", "dev-1/m", "hub.example/devices/dev-1/modules/n", "", keyB, "another resource"},
		{"another hub", "dev-1", "other.example/devices/dev-1", "", keyA, "another resource"},
		{"wrong key", "dev-2", "hub.example/devices/dev-2", "", keyA, "check SharedAccessKey"},
		{"unknown device", "nobody", "hub.example/devices/nobody", "", keyA, "not registered"},
		{"disabled device", "off", "hub.example/devices/off", "", keyA, "disabled"},
		{"disabled device with a policy", "off", "hub.example", "device", keyA, "disabled"},
		{"device of certificates", "cert", "hub.example/devices/cert", "", keyA, "not by token"},
		{"unknown policy", "dev-1", "hub.example", "nobody", keyA, "no policy"},
		{"policy without DeviceConnect", "dev-1", "hub.example", "service", keyA, "lacks the right DeviceConnect"},
	} {
		t.Run(c.why, func(t *testing.T) {
			text := token(t, c.resource, c.policy, c.key, future)
			grant, err := a.AuthenticateDevice(t.Context(), c.device, hub.Credential{Token: text})
			if c.refusal != "" {
				wantRefusal(t, err, c.refusal, text)
				return
			}
			scope := "device"
			if strings.Contains(c.device, "/") {
				scope = "module"
			}
			if c.policy != "" {
				scope = "hub"
			}
			anchor := hub.KeyAnchor(c.key)
			if c.policy != "" {
				anchor = hub.PolicyAnchor()
			}
			want := hub.Grant{Policy: c.policy, Anchor: anchor, Expires: future.Add(300 * time.Second).UTC(),
				AuthMethod: `{"scope":"` + scope + `","type":"sas","issuer":"iothub","acceptingIpFilterRule":null}`}
			if err != nil || grant != want {
				t.Errorf("got %+v, %v\nwant %+v", grant, err, want)
			}
		})
	}
}

func TestDeviceWithoutCredential(t *testing.T) {
	a := auth.New(exampleDirectory())
	_, err := a.AuthenticateDevice(t.Context(), "dev-1", hub.Credential{})
	wantRefusal(t, err, "neither")
	_, err = a.AuthenticateDevice(t.Context(), "dev-1", hub.Credential{Token: "SECRET"})
	wantRefusal(t, err, "parse token", "SECRET")
}

// The store being down is not the device's fault: the front end must be able to
// answer "try again" and not "wrong key".
func TestStoreTroubleIsNoRefusal(t *testing.T) {
	broken := errors.New("store is gone")
	d := exampleDirectory()
	d.err = broken
	_, err := auth.New(d).AuthenticateDevice(t.Context(), "dev-1", hub.Credential{Token: "x"})
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the store's own error", err)
	}
}

// Law: a token is good until 300 s after its expiry and not a second longer.
func TestExpirySkew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := auth.New(exampleDirectory())
		device := token(t, "hub.example/devices/dev-1", "", keyA, time.Now().Add(time.Hour))
		service := token(t, "hub.example", "service", keyA, time.Now().Add(time.Hour))
		try := func() (error, error) {
			_, derr := a.AuthenticateDevice(t.Context(), "dev-1", hub.Credential{Token: device})
			_, serr := a.AuthenticateService(t.Context(), service, hub.ServiceConnect)
			return derr, serr
		}
		time.Sleep(time.Hour + 300*time.Second)
		if derr, serr := try(); derr != nil || serr != nil {
			t.Errorf("at the end of the skew: %v, %v", derr, serr)
		}
		time.Sleep(time.Second)
		derr, serr := try()
		wantRefusal(t, derr, "expired at 2000-01-01T01:00:00Z")
		wantRefusal(t, serr, "expired")
	})
}

func TestServiceTokens(t *testing.T) {
	a := auth.New(exampleDirectory())
	for _, c := range []struct {
		why, resource, policy, key string
		need                       hub.Rights
		refusal                    string
	}{
		{"service policy for twins", "hub.example", "service", keyA, hub.ServiceConnect, ""},
		{"secondary key", "hub.example", "service", keyB, hub.ServiceConnect, ""},
		{"write implies read", "hub.example", "registryReadWrite", keyA, hub.RegistryRead, ""},
		{"service policy for the registry", "hub.example", "service", keyA, hub.RegistryWrite, "lacks the right RegistryWrite"},
		{"device policy for twins", "hub.example", "device", keyA, hub.ServiceConnect, "lacks the right ServiceConnect"},
		{"two rights missing", "hub.example", "device", keyA, hub.ServiceConnect | hub.RegistryRead, "RegistryRead, ServiceConnect"},
		{"no policy named", "hub.example", "", keyA, hub.ServiceConnect, "skn"},
		{"unknown policy", "hub.example", "owner", keyA, hub.ServiceConnect, "no policy"},
		{"a device's resource", "hub.example/devices/dev-1", "service", keyA, hub.ServiceConnect, "another resource"},
		{"another hub", "other.example", "service", keyA, hub.ServiceConnect, "another resource"},
		{"wrong key", "hub.example", "service", "d3Jvbmc=", hub.ServiceConnect, "check SharedAccessKey"},
	} {
		t.Run(c.why, func(t *testing.T) {
			text := token(t, c.resource, c.policy, c.key, future)
			expires, err := a.AuthenticateService(t.Context(), text, c.need)
			if c.refusal != "" {
				wantRefusal(t, err, c.refusal, text)
			} else if err != nil || !expires.Equal(future.Add(300*time.Second)) {
				t.Errorf("until %v, %v", expires, err)
			}
		})
	}
	_, err := a.AuthenticateService(t.Context(), "", hub.ServiceConnect)
	wantRefusal(t, err, "header is missing")
	_, err = a.AuthenticateService(t.Context(), "Bearer abc", hub.ServiceConnect)
	wantRefusal(t, err, "want \"SharedAccessSignature\"")
}
