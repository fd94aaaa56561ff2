package auth_test

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"twinrig/hub"
)

// The keys are the base64 of printable text, so that any tool can recompute the
// signatures of the tables.
const (
	keyA = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" // 0123456789abcdef0123456789abcdef
	keyB = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=" // fedcba9876543210fedcba9876543210
)

// directory is a hub.example with the devices and policies given.
type directory struct {
	devices  map[string]hub.Device
	policies map[string]hub.Policy
	err      error
	roots    []*x509.Certificate
}

func (directory) HostName() string { return "hub.example" }

func (d directory) Policy(name string) (hub.Policy, bool) {
	p, ok := d.policies[name]
	return p, ok
}

func (d directory) Device(_ context.Context, id string) (hub.Device, error) {
	if d.err != nil {
		return hub.Device{}, d.err
	}
	dev, ok := d.devices[id]
	if !ok {
		return hub.Device{}, &hub.Error{Code: 404001, Name: "DeviceNotFound"}
	}
	return dev, nil
}

func (d directory) VerifiedAuthorities(context.Context) ([]*x509.Certificate, error) {
	return d.roots, nil
}

func sasDevice(id, primary, secondary string) hub.Device {
	return hub.Device{ID: id, Status: "enabled", Authentication: hub.Authentication{
		Type: hub.AuthSAS, SymmetricKey: hub.SymmetricKey{Primary: &primary, Secondary: &secondary},
	}}
}

func exampleDirectory() directory {
	off := sasDevice("off", keyA, keyB)
	off.Status = "disabled"
	return directory{
		devices: map[string]hub.Device{
			"dev-1": sasDevice("dev-1", keyA, keyB), "dev-2": sasDevice("dev-2", keyB, keyB),
			"dev-1/m": sasDevice("dev-1/m", keyB, keyB),
			"a%23":    sasDevice("a%23", keyA, keyB), "off": off,
			"cert": {ID: "cert", Status: "enabled", Authentication: hub.Authentication{Type: hub.AuthSelfSigned}},
		},
		policies: map[string]hub.Policy{
			"device":            {Name: "device", PrimaryKey: keyA, SecondaryKey: keyB, Rights: hub.DeviceConnect},
			"service":           {Name: "service", PrimaryKey: keyA, SecondaryKey: keyB, Rights: hub.ServiceConnect},
			"registryReadWrite": {Name: "registryReadWrite", PrimaryKey: keyA, SecondaryKey: keyB, Rights: hub.RegistryWrite},
		},
	}
}

// wantRefusal fails unless err is a *hub.Error of class 401 that says want and
// gives no secret away.
func wantRefusal(t *testing.T, err error, want string, secrets ...string) {
	t.Helper()
	var he *hub.Error
	if !errors.As(err, &he) {
		t.Fatalf("error %v is no *hub.Error", err)
	}
	if he.Code/1000 != 401 || !strings.Contains(he.Message, want) {
		t.Errorf("got %d %s %q, want class 401 saying %q", he.Code, he.Name, he.Message, want)
	}
	for _, secret := range append(secrets, keyA, keyB) {
		if secret != "" && strings.Contains(he.Message, secret) {
			t.Errorf("message %q gives %q away", he.Message, secret)
		}
	}
}
