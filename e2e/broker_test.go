package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// broker is `twinrig hub --profile broker` as a process of its own.
type broker struct {
	*hub
	plain, websocket string // URLs
}

// startBroker starts a broker that is stopped, cleanly, when the test ends.
func startBroker(t *testing.T, options ...string) *broker {
	t.Helper()
	options = append([]string{"--profile", "broker", "--plain-port", "0", "--mqtt-port", "0", "--https-port", "0"}, options...)
	b := &broker{hub: &hub{t: t, address: "127.0.0.1", data: filepath.Join(t.TempDir(), "data"), options: options}}
	b.start()
	t.Cleanup(func() {
		if b.cmd != nil {
			b.stop()
		}
	})
	return b
}

func (b *broker) start() {
	b.t.Helper()
	said := b.launch()
	b.plain, b.websocket, b.caFile = said["MQTT without TLS"], said["WebSocket"], said["CA certificate"]
	b.service = said["MQTT"]
}

func (b *broker) port() string {
	b.t.Helper()
	u, err := url.Parse(b.plain)
	if err != nil {
		b.t.Fatal(err)
	}
	return u.Port()
}

// The password of ann is wonderland, as mosquitto_passwd says it.
const (
	brokerPasswords = "ann:$7$101$Kx35WsJ5m/TIaeUe$lSpamnLCecMKhwJJKsEHsySn4/3i4EL1UuoCmYlyry12aZt3ierZwTWA0LbDoBndJXYAOpEk9FWzNiK87FzXdw==\n"
	brokerRules     = "user ann\ntopic readwrite py/#\ntopic readwrite cli/#\n"
)

// guardedBroker is a broker with a password file and an access file.
func guardedBroker(t *testing.T) *broker {
	dir := t.TempDir()
	return startBroker(t, "--password-file", file(t, dir, "passwd", brokerPasswords), "--acl-file", file(t, dir, "acl", brokerRules))
}

func TestBrokerWithMQTTJS(t *testing.T) {
	b := startBroker(t)
	for _, row := range []struct {
		name, pack, url string
		version         int
	}{
		{"MQTT.js 4, 3.1.1", "mqtt", b.plain, 4},
		{"MQTT.js 4, 5 over TLS", "mqtt", b.service, 5},
		{"MQTT.js 5, 3.1.1 over WebSocket", "mqtt5", b.websocket, 4},
		{"MQTT.js 5, 5", "mqtt5", b.plain, 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			node := requireNode(t, row.pack)
			p := startScript(t, node, filepath.Join("mqtt", "mqttjs.js"), map[string]any{"package": row.pack, "url": row.url, "version": row.version, "ca": b.caFile})
			p.says(`{"say":"connected","present":false}`)
			p.says(`{"say":"live","messages":[["js/q0","qos 0",0,false],["js/q1","qos 1",1,false],["js/q2","qos 2",2,false]]}`)
			p.says(`{"say":"back","present":true,"messages":[["js/kept","while away",1,false],["js/retained","still here",1,false]]}`)
			p.says(`{"say":"retained","messages":[["js/retained","still here",0,true]]}`)
			p.says(`{"say":"will","messages":[["js/will","gone",1,false]]}`)
			if row.version == 5 {
				p.says(`{"say":"properties","payloads":"01234","responseTopic":"answer","correlation":"77","user":"v","contentType":"text/plain","expiry":60,"identifier":7}`)
			}
			p.ends()
			forget(t, b, "js-a", "js/retained")
		})
	}
}

// forget ends a session and removes a retained message, for the next client.
func forget(t *testing.T, b *broker, client, topic string) {
	t.Helper()
	c := old311(t, b, client, true)
	wait(t, c.Publish(topic, 1, true, ""))
	c.Disconnect(100)
}

func TestBrokerWithPahoPython(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's, whose packages apt installs
	err := exec.Command(python, "-c", "import paho.mqtt.client").Run()
	require(t, err == nil, "Debian's paho client for Python is not installed", "sudo apt-get install python3-paho-mqtt")
	for version, refused := range map[int]int{4: 128, 5: 135} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			b := guardedBroker(t)
			p := startScript(t, python, filepath.Join("mqtt", "debian.py"), map[string]any{"version": version, "host": "127.0.0.1", "port": number(t, b.port()), "password": "wonderland"})
			p.says(`{"say":"connected","name":"py-a","answer":[0,0]}`)
			p.says(fmt.Sprintf(`{"say":"subscribed","answer":[2,%d]}`, refused))
			p.says(`{"say":"connected","name":"py-b","answer":[0,0]}`)
			p.says(`{"say":"live","messages":[["py/0","qos 0",0,false],["py/1","qos 1",1,false],["py/2","qos 2",2,false]]}`)
			p.says(`{"say":"connected","name":"py-a","answer":[0,1]}`)
			p.says(`{"say":"back","messages":[["py/kept","while away",1,false],["py/retained","still here",1,false]]}`)
			p.ends()
		})
	}
}

func number(t *testing.T, text string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBrokerWithMosquittoClients(t *testing.T) {
	for _, name := range []string{"mosquitto_pub", "mosquitto_sub"} {
		_, err := exec.LookPath(name)
		require(t, err == nil, name+" is not installed", "sudo apt-get install mosquitto-clients")
	}
	b := guardedBroker(t)
	run := func(name string, args ...string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
		return string(out), err
	}
	tls, _ := url.Parse(b.service)
	for _, how := range [][]string{
		{"-p", b.port(), "-V", "311"}, {"-p", b.port(), "-V", "5"}, {"-p", tls.Port(), "--cafile", b.caFile, "-V", "5"},
	} {
		how = append(how, "-h", "127.0.0.1", "-u", "ann")
		for _, qos := range []string{"0", "1", "2"} {
			topic := "cli/" + strings.Join(how[:4], "-") + qos
			topic = strings.ReplaceAll(topic, b.caFile, "ca")
			if out, err := run("mosquitto_pub", append(how, "-P", "wonderland", "-r", "-q", qos, "-t", topic, "-m", "hello "+qos)...); err != nil || out != "" {
				t.Errorf("publish %s: %v %s", topic, err, out)
			}
			out, err := run("mosquitto_sub", append(how, "-P", "wonderland", "-q", qos, "-C", "1", "-F", "%q %r %p", "-t", topic)...)
			if want := qos + " 1 hello " + qos + "\n"; err != nil || out != want {
				t.Errorf("%s: got %q, want %q: %v", topic, out, want, err)
			}
		}
		if out, err := run("mosquitto_pub", append(how, "-P", "looking-glass", "-t", "cli/x", "-m", "x")...); err == nil {
			t.Errorf("a wrong password was let in: %s", out)
		}
	}
}

// What a command line gets wrong is said before anything starts.
func TestBrokerRefusesFiles(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"--password-file", file(t, dir, "plain", "ann:wonderland\n")}, "plain:1: user \"ann\": password is in plain text, which is not accepted; hash it with: mosquitto_passwd -U FILE"},
		{[]string{"--acl-file", file(t, dir, "rules", "topic a\nallow b\n")}, "rules:2: line begins with \"allow\""},
		{[]string{"--acl-file", filepath.Join(dir, "none")}, "no such file"},
		{[]string{"--profile", "cloud"}, "there is no profile"},
	} {
		args := append([]string{"hub", "--profile", "broker", "--plain-port", "0", "--mqtt-port", "0", "--https-port", "0", "--data", filepath.Join(dir, "data")}, row.args...)
		out, err := exec.CommandContext(t.Context(), twinrig, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), row.want) || strings.Contains(string(out), "wonderland") {
			t.Errorf("%v: %v\n%s\nwant %q", row.args, err, out, row.want)
		}
	}
}
