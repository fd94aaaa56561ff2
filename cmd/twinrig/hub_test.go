package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// beginHub starts a hub on free ports.
func beginHub(t *testing.T, args ...string) *process {
	t.Helper()
	p := begin(t, append([]string{"hub", "--mqtt-port", "0", "--https-port", "0"}, args...)...)
	p.until("Press Ctrl-C")
	return p
}

// wantCleanEnd checks the end of a hub that was asked to stop.
func (p *process) wantCleanEnd() {
	p.t.Helper()
	if code := p.end(); code != 0 || p.stderr.Len() > 0 || p.said[len(p.said)-1] != "Stopping." {
		p.t.Errorf("exit code %d, last words %q, complaints %q", code, p.said[len(p.said)-1], p.stderr.String())
	}
}

func TestHubStopsCleanly(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(s.String(), func(t *testing.T) {
			p := beginHub(t, "--data", t.TempDir())
			p.signal(s)
			p.wantCleanEnd()
		})
	}
}

// Two hubs on one data directory would ruin it: the second is refused, and the
// first does not notice.
func TestHubKeepsItsDataToItself(t *testing.T) {
	data := t.TempDir()
	first := beginHub(t, "--data", data)
	second := begin(t, "hub", "--mqtt-port", "0", "--https-port", "0", "--data", data)
	if code := second.end(); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	if len(second.said) > 0 || !strings.Contains(second.stderr.String(), "another hub") {
		t.Errorf("the second hub said %q and %q", second.said, second.stderr.String())
	}
	if status, _ := call(t, first, "GET", "/devices", ""); status != http.StatusOK {
		t.Errorf("the first hub answers with status %d afterwards", status)
	}
	first.signal(os.Interrupt)
	first.wantCleanEnd()
	third := beginHub(t, "--data", data)
	third.signal(os.Interrupt)
	third.wantCleanEnd()
}

// The keys and the CA of a data directory stay, and devices of a file are there.
func TestHubIsTheSameAfterARestart(t *testing.T) {
	dir := t.TempDir()
	devices := filepath.Join(dir, "devices.yaml")
	const text = "devices:\n  - id: truck-7\n    tags: {site: depot}\n    desired: {telemetryInterval: 60}\n  - id: truck-8\n"
	if err := os.WriteFile(devices, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var before []string
	for range 2 {
		p := beginHub(t, "--data", filepath.Join(dir, "data"), "--devices", devices)
		ca, err := os.ReadFile(p.value("CA certificate"))
		if err != nil {
			t.Fatal(err)
		}
		_, key, _ := strings.Cut(p.value("Service connection string"), "SharedAccessKeyName=")
		now := []string{string(ca), key}
		for _, id := range []string{"truck-7", "truck-8"} {
			_, rest, _ := strings.Cut(p.value(id), ";DeviceId="+id)
			now = append(now, rest)
		}
		if status, body := call(t, p, "GET", "/twins/truck-7", ""); status != 200 || !strings.Contains(body, `"tags":{"site":"depot"}`) || !strings.Contains(body, `"telemetryInterval":60`) {
			t.Errorf("twin of truck-7: %d %s", status, body)
		}
		p.signal(os.Interrupt)
		p.wantCleanEnd()
		if before != nil && strings.Join(before, "\n") != strings.Join(now, "\n") {
			t.Errorf("after the restart the hub has\n%q\nand not\n%q", now, before)
		}
		before = now
	}
}

// Malformed JSON in a twin patch: 400, and where it is.
func TestMalformedTwinPatch(t *testing.T) {
	p := beginHub(t, "--data", t.TempDir())
	if status, body := call(t, p, "PUT", "/devices/truck-7", `{"deviceId":"truck-7"}`); status != 200 {
		t.Fatalf("create: %d %s", status, body)
	}
	for _, c := range []struct{ why, patch, want string }{
		{"a brace is missing", `{"properties":{"desired":{"interval":30}}`, `line 1, column 41: unexpected end of JSON input.`},
		{"a quote is missing", "{\"tags\":\n{\"site:1}}", `line 2, column 10: unexpected end of JSON input.`},
		{"a comma too many", "{\"tags\":\n {\"a\":1,}}", `line 2, column 9: invalid character '}' looking for beginning of object key string.`},
		{"not an object", `[1,2]`, `the patch is an array, not an object.`},
		{"desired is not an object", `{"properties":{"desired":3}}`, `properties.desired is a number, not an object.`},
		{"a key that cannot be one", `{"tags":{"a.b":1}}`, `tags: key "a.b" contains '.'; dots, dollar signs, spaces and control characters are not allowed.`},
		{"nothing", ``, `line 1, column 1: unexpected end of JSON input.`},
	} {
		status, body := call(t, p, "PATCH", "/twins/truck-7", c.patch)
		var refusal struct{ Message string }
		if err := json.Unmarshal([]byte(body), &refusal); err != nil {
			t.Errorf("%s: %s: %v", c.why, body, err)
		}
		if want := "ErrorCode:ArgumentInvalid;Twin of device truck-7: " + c.want; status != http.StatusBadRequest || refusal.Message != want {
			t.Errorf("%s: %d\n%s\nwant 400\n%s", c.why, status, refusal.Message, want)
		}
	}
	if status, body := call(t, p, "GET", "/twins/truck-7", ""); status != 200 || !strings.Contains(body, `"version":1,`) {
		t.Errorf("the twin has changed: %d %s", status, body)
	}
	p.signal(os.Interrupt)
	p.wantCleanEnd()
}

// call makes a REST call as anybody would, with the service's connection string
// and the hub's CA certificate.
func call(t *testing.T, p *process, method, path, body string) (status int, answer string) {
	t.Helper()
	pem, err := os.ReadFile(p.value("CA certificate"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), method, p.value("HTTPS")+path+"?api-version=2021-04-12", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", signature(t, p.value("Service connection string")))
	r.Header.Set("Content-Type", "application/json")
	resp, err := transport.RoundTrip(r)
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

// signature makes a shared access signature from a connection string.
func signature(t *testing.T, connection string) string {
	t.Helper()
	fields := map[string]string{}
	for part := range strings.SplitSeq(connection, ";") {
		name, value, _ := strings.Cut(part, "=")
		fields[name] = value
	}
	key, err := base64.StdEncoding.DecodeString(fields["SharedAccessKey"])
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ := strings.Cut(fields["HostName"], ":")
	expiry := time.Now().Add(time.Hour).Unix()
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s\n%d", host, expiry)
	return fmt.Sprintf("SharedAccessSignature sr=%s&sig=%s&se=%d&skn=%s",
		host, url.QueryEscape(base64.StdEncoding.EncodeToString(mac.Sum(nil))), expiry, fields["SharedAccessKeyName"])
}
