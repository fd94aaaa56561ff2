package server

import (
	"strings"
	"testing"
)

// The section of a broker counts when the profile says so, with ports that need no rights.
func TestConfigOfBroker(t *testing.T) {
	c := parseConfig(t, "profile: broker\n").Config
	if c.Broker == nil || c.Broker.Plain.Address != "127.0.0.1:1883" || c.HTTP.Address != "127.0.0.1:8443" || c.MQTT.Address != "127.0.0.1:8883" {
		t.Errorf("defaults %+v, %+v", c, c.Broker)
	}
	f, err := ParseConfig("/etc/hub.yaml", []byte(`{profile: broker, listen: {address: 0.0.0.0, https: 443},
  broker: {plainPort: -1, aclFile: acl, passwordFile: /p, allowAnonymous: true}}`))
	want := Broker{RulesFile: "/etc/acl", PasswordFile: "/p", Anonymous: true}
	if err != nil || *f.Config.Broker != want || f.Config.HTTP.Address != "0.0.0.0:443" {
		t.Errorf("got %+v, %v", f.Config.Broker, err)
	}
	if c := parseConfig(t, "broker: {plainPort: 1}\n").Config; c.Broker != nil {
		t.Error("a broker without its profile")
	}
	for text, want := range map[string]string{
		"profile: cloud\n": `hub.yaml:1: profile: "cloud" is unknown; there are iothub and broker`,
		"profile: broker\nbroker:\n  plainPort: 70000\n": "hub.yaml:3: broker.plainPort: there is no port 70000",
	} {
		if _, err := ParseConfig("hub.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
