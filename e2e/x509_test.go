package e2e

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/paho"
	paho311 "github.com/eclipse/paho.mqtt.golang"

	"twinrig/hub/client"
)

// pki is an owner of devices: a CA that the hub knows, one below it that it does not, and
// what they certify.
type pki struct {
	*hub
	root, plant *identity
}

// startPKI registers the CA and proves possession of its key by the command line.
func startPKI(t *testing.T) *pki {
	t.Helper()
	p := &pki{hub: startHub(t), root: certify(t, "Acme root", nil)}
	p.plant = certify(t, "Acme plant 7", p.root, func(c *x509.Certificate) { c.IsCA = true })
	dir := t.TempDir()
	p.ca("add", "acme", file(t, dir, "root.pem", p.root.Cert))
	p.ca("prove", "acme", "--key", file(t, dir, "root-key.pem", p.root.Key))
	return p
}

func (p *pki) ca(args ...string) {
	p.t.Helper()
	args = append(append([]string{"hub", "ca"}, args...), "--login", p.service, "--ca", p.caFile)
	if out, err := exec.CommandContext(p.t.Context(), twinrig, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("twinrig %v: %v\n%s", args, err, out)
	}
}

func file(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certified registers a device that the plant certifies, and returns its chain.
func (p *pki) certified(id string) *identity {
	p.t.Helper()
	if _, err := p.client().CreateDevice(p.t.Context(), client.Device{ID: id, Authentication: client.Authentication{Type: "certificateAuthority"}}); err != nil {
		p.t.Fatal(err)
	}
	return p.chain(id)
}

func (p *pki) chain(name string) *identity {
	p.t.Helper()
	made := certify(p.t, name, p.plant)
	made.Cert += p.plant.Cert
	return made
}

// pinned registers a device that is known by the thumbprint of an expired certificate.
func (p *pki) pinned(id string) *identity {
	p.t.Helper()
	made := certify(p.t, "whatever", nil, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	sum := sha256.Sum256(made.certificate.Raw)
	print := hex.EncodeToString(sum[:])
	if _, err := p.client().CreateDevice(p.t.Context(), client.Device{ID: id, Authentication: client.Authentication{
		Type: "selfSigned", X509Thumbprint: client.Thumbprint{Primary: print}}}); err != nil {
		p.t.Fatal(err)
	}
	return made
}

// played is a device as the script wants it.
type played struct {
	ID        string `json:"id"`
	Transport string `json:"transport"`
	Why       string `json:"why,omitempty"`
	*identity
}

// Devices on Azure's SDK prove themselves by certificate over each transport, until their
// CA is no longer trusted.
func TestAzureCertificates(t *testing.T) {
	p := startPKI(t)
	var devices []played
	for _, transport := range []string{"mqtt", "mqtt-ws", "http"} {
		devices = append(devices, played{ID: "ca-" + transport, Transport: transport, identity: p.certified("ca-" + transport)},
			played{ID: "pinned-" + transport, Transport: transport, identity: p.pinned("pinned-" + transport)})
	}
	last := played{ID: "ca-last", Transport: "mqtt", identity: p.certified("ca-last")}
	p.device("keys")
	short := certify(t, "ca-mqtt", p.plant)
	expired := certify(t, "ca-mqtt", p.root, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	strangers := []played{
		{Why: "another device's certificate", ID: "ca-mqtt", Transport: "mqtt", identity: p.chain("ca-http")},
		{Why: "no intermediate", ID: "ca-mqtt", Transport: "mqtt-ws", identity: short},
		{Why: "expired", ID: "ca-mqtt", Transport: "mqtt", identity: expired},
		{Why: "another thumbprint", ID: "pinned-mqtt", Transport: "http", identity: p.chain("pinned-mqtt")},
		{Why: "device of keys", ID: "keys", Transport: "mqtt", identity: p.chain("keys")},
	}
	s := startPlay(t, p.hub, "x509.js", map[string]any{"host": p.address, "devices": devices, "strangers": strangers, "last": last})
	for _, d := range devices {
		twin := `,"twin":1`
		if d.Transport == "http" {
			twin = ""
		}
		s.says(`{"what":"` + d.ID + `","transport":"` + d.Transport + `"` + twin + `}`)
	}
	for _, d := range strangers {
		var said struct{ What, Error string }
		s.reads(&said)
		if said.What != d.Why || said.Error != "UnauthorizedError" {
			t.Errorf("%s: %+v", d.Why, said)
		}
	}
	s.says(`{"what":"stays"}`)
	p.ca("rm", "acme")
	s.cue()
	s.says(`{"what":"cut off"}`)
	var said struct{ What, Error string }
	if s.reads(&said); said.What != "comes back" || said.Error != "UnauthorizedError" {
		t.Errorf("%+v", said)
	}
	s.ends()
	for _, d := range devices {
		if events := p.events(d.ID); len(events) != 1 || !strings.Contains(events[0].AuthMethod, `"type":"x509"`) {
			t.Errorf("%s: events %+v", d.ID, events)
		}
	}
}

// The tool that every MQTT developer has.
func TestMosquittoCertificates(t *testing.T) {
	mosquitto, err := exec.LookPath("mosquitto_pub")
	require(t, err == nil, "mosquitto_pub is not installed", "sudo apt-get install mosquitto-clients")
	p := startPKI(t)
	dir := t.TempDir()
	publish := func(id string, i *identity, version string) ([]byte, error) {
		return exec.CommandContext(t.Context(), mosquitto, "-h", p.address, "-p", "8883", "--cafile", p.caFile, "--tls-version", version,
			"--cert", file(t, dir, id+".pem", i.Cert), "--key", file(t, dir, id+"-key.pem", i.Key),
			"-V", "mqttv311", "-i", id, "-u", p.address+"/"+id+"/?api-version=2021-04-12",
			"-q", "1", "-t", "devices/"+id+"/messages/events/by=mosquitto", "-m", version).CombinedOutput()
	}
	devices := map[string]*identity{"ca-1": p.certified("ca-1"), "pinned-1": p.pinned("pinned-1")}
	for id, i := range devices {
		for _, version := range []string{"tlsv1.2", "tlsv1.3"} {
			if out, err := publish(id, i, version); err != nil {
				t.Errorf("%s with %s: %v\n%s", id, version, err, out)
			}
		}
		if events := p.events(id); len(events) != 2 || events[0].Properties["by"] != "mosquitto" {
			t.Errorf("%s: events %+v", id, events)
		}
	}
	if out, err := publish("ca-1", devices["pinned-1"], "tlsv1.3"); err == nil || !strings.Contains(string(out), "not authorised") {
		t.Errorf("another's certificate: %v\n%s", err, out)
	}
}

// tls returns what a client with a certificate needs.
func (p *pki) tls(i *identity) *tls.Config {
	p.t.Helper()
	pair, err := tls.X509KeyPair([]byte(i.Cert), []byte(i.Key))
	if err != nil {
		p.t.Fatal(err)
	}
	return &tls.Config{RootCAs: p.roots(), ServerName: p.address, Certificates: []tls.Certificate{pair}}
}

func TestPahoCertificates(t *testing.T) {
	p := startPKI(t)
	for id, i := range map[string]*identity{"ca-1": p.certified("ca-1"), "pinned-1": p.pinned("pinned-1")} {
		o := paho311.NewClientOptions().AddBroker("ssl://" + net.JoinHostPort(p.address, "8883")).SetClientID(id).SetConnectTimeout(patience).
			SetUsername(p.address + "/" + id + "/?api-version=2021-04-12").SetTLSConfig(p.tls(i)).SetAutoReconnect(false).SetProtocolVersion(4)
		c := paho311.NewClient(o)
		done := c.Connect()
		if !done.WaitTimeout(patience) || done.Error() != nil {
			t.Fatalf("%s by MQTT 3.1.1: %v", id, done.Error())
		}
		sent := c.Publish("devices/"+id+"/messages/events/v="+url.PathEscape("3.1.1"), 1, false, "x")
		if !sent.WaitTimeout(patience) || sent.Error() != nil {
			t.Errorf("%s by MQTT 3.1.1: publish: %v", id, sent.Error())
		}
		c.Disconnect(100)
		p.paho5(id, i)
		if events := p.events(id); len(events) != 2 || events[0].Properties["v"] != "3.1.1" || events[1].Properties["v"] != "5" {
			t.Errorf("%s: events %+v", id, events)
		}
	}
}

// noExchange is there because the library wants something: a certificate says all in one.
type noExchange struct{}

func (noExchange) Authenticate(*paho.Auth) *paho.Auth { return nil }
func (noExchange) Authenticated()                     {}

func (p *pki) paho5(id string, i *identity) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	conn, err := (&tls.Dialer{Config: p.tls(i)}).DialContext(ctx, "tcp", net.JoinHostPort(p.address, "8883"))
	if err != nil {
		p.t.Fatal(err)
	}
	c := paho.NewClient(paho.ClientConfig{Conn: conn, AuthHandler: noExchange{}})
	ack, err := c.Connect(ctx, &paho.Connect{ClientID: id, KeepAlive: 60, CleanStart: true, Properties: &paho.ConnectProperties{
		AuthMethod: "X509", User: paho.UserProperties{{Key: "api-version", Value: "2020-10-01-preview"}, {Key: "host", Value: p.address}}}})
	if err != nil {
		p.t.Fatalf("%s by MQTT 5: %v, %+v", id, err, ack)
	}
	if _, err := c.Publish(ctx, &paho.Publish{Topic: "$iothub/telemetry", QoS: 1, Payload: []byte("x"), Properties: &paho.PublishProperties{
		User: paho.UserProperties{{Key: "@v", Value: "5"}}}}); err != nil {
		p.t.Errorf("%s by MQTT 5: publish: %v", id, err)
	}
	_ = c.Disconnect(&paho.Disconnect{})
}
