package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"twinrig/devicesim/link"
	"twinrig/hub/client"
)

// truck is a device that answers any method.
type truck struct {
	commands chan link.Command
	lost     chan error
}

func (truck) Method(name string, payload []byte) (int, []byte) {
	if name == "fail" {
		return 500, []byte(`{"why":"worn"}`)
	}
	return 200, []byte(`{"called":"` + name + `"}`)
}
func (truck) Desired(map[string]any)   {}
func (d truck) Command(c link.Command) { d.commands <- c }
func (d truck) Lost(err error)         { d.lost <- err }

// connectTruck connects a device with the connection string that twinrig has printed.
func connectTruck(t *testing.T, hub *process, connectionString string, open func(link.Config) link.Link) (link.Link, truck) {
	t.Helper()
	cfg, err := link.ParseConnectionString(connectionString)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Dial = func(ctx context.Context) (net.Conn, error) {
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}
		return d.DialContext(ctx, "tcp", strings.TrimPrefix(hub.value("MQTT"), "mqtts://"))
	}
	l, d := open(cfg), truck{make(chan link.Command, 10), make(chan error, 1)}
	if err := l.Connect(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(context.WithoutCancel(t.Context())) })
	return l, d
}

// does runs twinrig and returns what it says.
func does(t *testing.T, wantCode int, args ...string) (stdout, stderr string) {
	t.Helper()
	p := begin(t, args...)
	code := p.end()
	stdout, stderr = strings.Join(p.said, "\n"), p.stderr.String()
	if code != wantCode {
		t.Errorf("%q: exit code %d, want %d\n%s\n%s", args, code, wantCode, stdout, stderr)
	}
	return stdout, stderr
}

// serviceExamples are those in the help of the commands that work with a running hub,
// removals last.
func serviceExamples() (all, removals [][]string) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "   ")
			if args, ok := strings.CutPrefix(line, "twinrig "); ok {
				if c.Name() == "rm" {
					removals = append(removals, shellWords(args))
				} else {
					all = append(all, shellWords(args))
				}
			}
		}
		for _, sub := range c.Commands() {
			if sub.Name() == "add" { // came first, by itself
				continue
			}
			visit(sub)
		}
	}
	for _, c := range []*cobra.Command{deviceAddCommand(), deviceCommand(), monitorCommand(), sendCommand(), invokeCommand(), twinCommand(), queryCommand()} {
		visit(c)
	}
	return all, removals
}

// Every example in the help works as it stands, in the folder of a running hub, with a
// device that is connected by the string that the first one prints.
func TestServiceExamples(t *testing.T) {
	t.Chdir(t.TempDir())
	hub := beginHub(t)
	examples, removals := serviceExamples()
	if len(examples) < 15 || len(removals) < 2 {
		t.Fatalf("found %d and %d examples; is the search broken?", len(examples), len(removals))
	}
	printed, _ := does(t, 0, examples[0]...)
	device, d := connectTruck(t, hub, printed, link.NewMQTT311)
	send := func(body string) {
		if err := device.Send(t.Context(), link.Message{Body: []byte(body), Properties: map[string]string{"alert": "yes"}}); err != nil {
			t.Error(err)
		}
	}
	send(`{"t":-18}`)
	for _, args := range examples[1:] {
		if strings.Join(args[:2], " ") == "hub monitor" && len(args) < 4 {
			watchUntilInterrupted(t, args, send)
			continue
		}
		if stdout, stderr := does(t, 0, args...); stdout == "" || stderr != "" {
			t.Errorf("%q says %q and complains %q", args, stdout, stderr)
		}
	}
	for _, want := range []string{"set point changed", "ping"} {
		select {
		case c := <-d.commands:
			if string(c.Body) != want || want == "ping" && c.Properties["urgent"] != "yes" {
				t.Errorf("the device was sent %q with %v, want %q", c.Body, c.Properties, want)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("the device was not sent %q", want)
		}
	}
	for _, args := range removals {
		does(t, 0, args...)
	}
	if stdout, _ := does(t, 0, "hub", "device", "list"); !strings.Contains(stdout, "truck-7") || strings.Contains(stdout, "truck-8") {
		t.Errorf("left are\n%s", stdout)
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// watchUntilInterrupted lets a device send until the monitor shows it, and ends it with Ctrl-C.
func watchUntilInterrupted(t *testing.T, args []string, send func(string)) {
	t.Helper()
	p := begin(t, args...)
	shown, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stop)
		for {
			select {
			case <-shown:
				return
			case <-time.After(50 * time.Millisecond):
				send("{\"t\":\x1b-17}")
			}
		}
	}()
	p.until("20")
	close(shown)
	<-stop
	if line := p.said[0]; !strings.HasSuffix(line, `  truck-8  alert=yes  {"t": -17}`) {
		t.Errorf("%q shows %q", args, line)
	}
	p.signal(os.Interrupt)
	if code := p.end(); code != 0 || p.stderr.Len() > 0 {
		t.Errorf("%q: exit code %d, %s", args, code, p.stderr.String())
	}
}

// What goes wrong is said with what to do about it.
func TestServiceErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, stderr := does(t, 2, "hub", "device", "list"); !strings.Contains(stderr, "no hub runs on data directory hubdata\nHint: start one with `twinrig hub`") {
		t.Errorf("without a hub: %s", stderr)
	}
	hub := beginHub(t, "--host-name", "rig.invalid")
	login, ca := hub.value("Service connection string"), hub.value("CA certificate")
	login = strings.Replace(login, "rig.invalid", "localhost", 1)
	does(t, 0, "hub", "device", "add", "d")
	for _, c := range []struct {
		why  string
		code int
		args []string
		want string
	}{
		{"a device that is there", 1, []string{"device", "add", "d"}, "Hint: choose another id"},
		{"one that is not", 1, []string{"twin", "nobody"}, "Hint: `twinrig hub device list` shows"},
		{"one that is away", 1, []string{"invoke", "d", "m"}, "Hint: start the device, or let the call wait for it with --wait"},
		{"a query with a mistake", 1, []string{"query", "SELECT FROM"}, "Hint: "},
		{"the hub's CA is not trusted", 1, []string{"device", "list", "--login", login}, "Hint: name the CA certificate of the hub with --ca"},
		{"another key", 1, []string{"device", "list", "--ca", ca, "--login", strings.Replace(login, secret(login), "d3Jvbmc=", 1)}, "Hint: check key and policy"},
		{"no connection string", 2, []string{"device", "list", "--login", "hub"}, "Hint: it looks like HostName="},
		{"nobody there", 1, []string{"device", "list", "--login", "HostName=127.0.0.1:1;SharedAccessKeyName=p;SharedAccessKey=cA=="}, "Hint: is the hub running"},
		{"no JSON", 2, []string{"twin", "d", "--desired", "{a:1}"}, "Hint: in most shells"},
		{"no CA", 2, []string{"device", "list", "--ca", "nowhere.pem"}, "Hint: give a PEM file"},
		{"half a pair of keys", 2, []string{"device", "add", "e", "--primary-key", "MDEyMzQ1Njc4OWFiY2RlZg=="}, "Hint: give --primary-key and --secondary-key"},
		{"no thumbprint", 2, []string{"device", "add", "e", "--thumbprint", "12"}, "Hint: openssl x509"},
		{"two ways to prove oneself", 2, []string{"device", "add", "e", "--ca-signed", "--thumbprint", strings.Repeat("a", 40)}, "in one way"},
		{"no property", 2, []string{"send", "d", "x", "-p", "a"}, "is not name=value"},
		{"no place", 2, []string{"monitor", "--from", "here"}, "Hint: give latest or earliest"},
	} {
		stdout, stderr := does(t, c.code, append([]string{"hub"}, c.args...)...)
		if !strings.Contains(stderr, c.want) || stdout != "" || strings.Contains(stderr, secret(login)) {
			t.Errorf("%s: says %q, complains\n%s\nwant %q", c.why, stdout, stderr, c.want)
		}
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// By connection string in the environment, with --json, and what a device answers.
func TestServiceByConnectionString(t *testing.T) {
	hub := beginHub(t, "--data", filepath.Join(t.TempDir(), "data"))
	t.Setenv(loginVariable, hub.value("Service connection string"))
	ca := []string{"--ca", hub.value("CA certificate")}
	run := func(code int, args ...string) string {
		stdout, _ := does(t, code, append(append([]string{"hub"}, args...), ca...)...)
		return stdout
	}
	var added struct {
		DeviceID       string
		Authentication struct{ SymmetricKey struct{ PrimaryKey string } }
	}
	text := run(0, "device", "add", "d", "--json")
	if err := json.Unmarshal([]byte(text), &added); err != nil || added.DeviceID != "d" || added.Authentication.SymmetricKey.PrimaryKey == "" {
		t.Fatalf("%s: %v", text, err)
	}
	if shown := run(0, "device", "show", "d"); strings.Contains(shown, added.Authentication.SymmetricKey.PrimaryKey) || !strings.Contains(shown, "\n  \"deviceId\": \"d\"") {
		t.Errorf("shown is\n%s", shown)
	}
	connectionString := run(0, "device", "show", "d", "--keys")
	if want := "HostName=localhost;DeviceId=d;SharedAccessKey=" + added.Authentication.SymmetricKey.PrimaryKey; connectionString != want {
		t.Errorf("connection string %s, want %s", connectionString, want)
	}
	connectTruck(t, hub, connectionString, link.NewMQTT311)
	if got := run(1, "invoke", "d", "fail", "[1]", "--json"); got != `{"status":500,"payload":{"why":"worn"}}` {
		t.Errorf("invoke says %s", got)
	}
	if got := run(0, "twin", "d", "--replace", "--tags", `{"site":"depot"}`, "--json"); !strings.Contains(got, `"tags":{"site":"depot"}`) {
		t.Errorf("twin says %s", got)
	}
	if got := run(0, "query", "SELECT deviceId FROM devices WHERE tags.site = 'depot'"); got != `{"deviceId":"d"}` {
		t.Errorf("query says %s", got)
	}
	if got := run(0, "device", "list"); !strings.HasPrefix(got, "DEVICE   STATUS    CONNECTION   AUTHENTICATION") || !strings.Contains(got, "\nd        enabled   Connected    sas ") {
		t.Errorf("list says\n%s", got)
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// A hub that is told to stop takes leave of its devices, and what it has acknowledged is
// there when it comes back.
func TestHubTakesLeave(t *testing.T) {
	data := t.TempDir()
	hub := beginHub(t, "--data", data)
	old, _ := does(t, 0, "hub", "device", "add", "old", "--data", data)
	fresh, _ := does(t, 0, "hub", "device", "add", "fresh", "--data", data)
	_, without := connectTruck(t, hub, old, link.NewMQTT311)
	device, with := connectTruck(t, hub, fresh, link.NewMQTT5)
	if err := device.Send(t.Context(), link.Message{Body: []byte(`{"t":1}`)}); err != nil {
		t.Fatal(err)
	}
	hub.signal(syscall.SIGTERM)
	var reason *link.ReasonError
	if err := <-with.lost; !errors.As(err, &reason) || reason.Code != 0x8b {
		t.Errorf("the MQTT 5 device was told %v, want reason 0x8b", err)
	}
	<-without.lost
	hub.wantCleanEnd()
	hub = beginHub(t, "--data", data)
	stdout, _ := does(t, 0, "hub", "monitor", "--from", "earliest", "--count", "1", "--data", data)
	if !strings.HasSuffix(stdout, `  fresh  {"t":1}`) {
		t.Errorf("after the restart there is %q", stdout)
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// Without iothubowner the hub's own commands cannot know what to come in with.
func TestServiceWithoutOwner(t *testing.T) {
	dir := t.TempDir()
	config, data := filepath.Join(dir, "hub.yaml"), filepath.Join(dir, "data")
	text := "policies:\n  - {name: device, primaryKey: c2VjcmV0, secondaryKey: c2VjcmV0, rights: [DeviceConnect]}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	hub := beginHub(t, "--config", config, "--data", data)
	if _, stderr := does(t, 2, "hub", "device", "list", "--data", data); !strings.Contains(stderr, "no policy iothubowner any more\nHint: give the connection string of another policy") {
		t.Errorf("says %s", stderr)
	}
	hub.signal(os.Interrupt)
	hub.wantCleanEnd()
}

// Hubs that are not ours have no event stream over HTTPS, and that is said.
func TestOtherHubs(t *testing.T) {
	for _, c := range []struct {
		refusal client.Error
		other   bool
	}{
		{client.Error{Call: "GET /$twinrig/partitions", Status: 404}, true},
		{client.Error{Call: "POST /$twinrig/devices/d/messages", Status: 405, Name: "Whatever"}, true},
		{client.Error{Call: "POST /$twinrig/devices/d/messages", Status: 404, Name: "DeviceNotFound"}, false},
		{client.Error{Call: "GET /twins/d", Status: 404}, false},
	} {
		if got := strings.Contains(hintFor(&c.refusal), "this is not a twinrig hub: others stream events and queue messages over AMQP only"); got != c.other {
			t.Errorf("%v: %s", &c.refusal, hintFor(&c.refusal))
		}
	}
}
