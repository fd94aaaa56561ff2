package main

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The example that the program prints is a configuration it starts with; flags override it.
func TestHubConfig(t *testing.T) {
	dir := t.TempDir()
	p := begin(t, "hub", "--print-config")
	if code := p.end(); code != 0 || len(p.said) < 50 {
		t.Fatalf("exit code %d, %d lines", code, len(p.said))
	}
	config := filepath.Join(dir, "hub.yaml")
	text := strings.Join(p.said, "\n") + "\ndevices:\n  - id: truck-7\n    tags: {site: depot}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p = beginHub(t, "--config", config, "--host-name", "127.0.0.1", "--admin-port", "0", "--log-level", "debug", "--log-format", "json")
	if _, err := os.Stat(filepath.Join(dir, "hubdata", "version")); err != nil {
		t.Errorf("the data directory of the file is not beside the file: %v", err)
	}
	if status, body := call(t, p, "GET", "/twins/truck-7", ""); status != 200 || !strings.Contains(body, `"site":"depot"`) {
		t.Errorf("device of the file: %d %s", status, body)
	}
	admin := strings.TrimSuffix(p.value("Metrics"), "/metrics")
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := get(t, admin+path); status != 200 || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	keys := []string{secret(p.value("Service connection string")), secret(p.value("truck-7"))}
	refusedDevice(t, p, "truck-7", "SharedAccessSignature sr=x&sig=c2VjcmV0&se=1")
	_, metrics := get(t, admin+"/metrics")
	for _, want := range []string{
		`twinrig_hub_connects_refused_total{hub="127.0.0.1",reason="not authorized"} 1`,
		`twinrig_hub_twin_operations_total{hub="127.0.0.1",operation="service get"} 2`, // the first at the start, for the device of the file
		`twinrig_hub_devices{hub="127.0.0.1",status="enabled"} 1`,
	} {
		if !strings.Contains(metrics, "\n"+want+"\n") {
			t.Errorf("no %s in\n%s", want, metrics)
		}
	}
	p.signal(os.Interrupt)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if log := p.stderr.String(); !strings.Contains(log, `"device":"truck-7","address":"127.0.0.1:`) {
		t.Errorf("the refused device is not in the log:\n%s", log)
	}
	checkLog(t, p.stderr.String(), append(keys, "c2VjcmV0"))
}

// refusedDevice connects over MQTT 3.1.1 with a password that is not good.
func refusedDevice(t *testing.T, p *process, id, password string) {
	t.Helper()
	conn, err := tls.Dial("tcp", strings.TrimPrefix(p.value("MQTT"), "mqtts://"), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := []byte("\x00\x04MQTT\x04\xc2\x00\x3c")
	for _, text := range []string{id, "127.0.0.1/" + id + "/?api-version=2021-04-12", password} {
		body = append(append(body, 0, byte(len(text))), text...)
	}
	if _, err := conn.Write(append([]byte{0x10, byte(len(body))}, body...)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || string(answer) != "\x20\x02\x00\x05" {
		t.Errorf("CONNACK %x, %v", answer, err)
	}
}

// checkLog wants JSON lines without keys or tokens.
func checkLog(t *testing.T, log string, keys []string) {
	t.Helper()
	for line := range strings.Lines(log) {
		var event struct{ Level, Msg string }
		if json.Unmarshal([]byte(line), &event) != nil || event.Level == "" || event.Msg == "" {
			t.Errorf("no JSON log line: %s", line)
		}
	}
	for _, s := range append(keys, "sig=", "SharedAccessKey=") {
		if strings.Contains(log, s) {
			t.Errorf("a secret (%.20s…) is in the log:\n%s", s, log)
		}
	}
}

func secret(connectionString string) string {
	_, key, _ := strings.Cut(connectionString, "SharedAccessKey=")
	return key
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestHubConfigMistakes(t *testing.T) {
	config := filepath.Join(t.TempDir(), "hub.yaml")
	if err := os.WriteFile(config, []byte("listen:\n  port: 8883\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--config", config}, config + ":2: unknown field \"port\"\nHint: `twinrig hub --print-config` shows every setting\n"},
		{[]string{"--config", config + "x"}, "no such file"},
		{[]string{"--log-level", "loud"}, "give debug, info, warn or error"},
		{[]string{"--log-format", "xml"}, "give text or json"},
	} {
		p := begin(t, append([]string{"hub"}, c.args...)...)
		if code := p.end(); code != 2 || !strings.Contains(p.stderr.String(), c.want) {
			t.Errorf("%v: exit code %d, %q", c.args, code, p.stderr.String())
		}
	}
}

// A hub that waits for a client to hang up is not ready any more, and ends at once when it
// is told again.
func TestSecondSignalEndsTheHub(t *testing.T) {
	p := beginHub(t, "--data", t.TempDir(), "--admin-port", "0")
	idle, err := tls.Dial("tcp", strings.TrimPrefix(p.value("HTTPS"), "https://"), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	admin := strings.TrimSuffix(p.value("Metrics"), "/metrics")
	begun := time.Now()
	p.signal(syscall.SIGTERM)
	p.until("Stopping.")
	for status := 0; status != http.StatusServiceUnavailable; {
		status, _ = get(t, admin+"/readyz")
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != exitInterrupted || time.Since(begun) > 3*time.Second {
		t.Errorf("exit code %d after %v", code, time.Since(begun))
	}
}
