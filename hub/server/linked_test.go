package server_test

import (
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"twinrig/hub/auth"
	"twinrig/hub/server"
)

// Two hubs share the listeners and nothing else, over a restart too.
func TestLinkedHub(t *testing.T) {
	cfg := server.Config{DataDir: filepath.Join(t.TempDir(), "data"), Partitions: 1, Linked: []server.LinkedHub{{HostName: "second.example"}}}
	s := startOnSockets(t, cfg)
	key := linkedDevice(t, s, http.MethodPut, "second.example", http.StatusOK)
	stop(t, s)
	s = startOnSockets(t, cfg)
	defer stop(t, s)
	if again := linkedDevice(t, s, http.MethodGet, "second.example", http.StatusOK); again != key {
		t.Error("the key of the device changed")
	}
	if _, err := s.Hub().Device(t.Context(), "d"); err == nil {
		t.Error("the first hub knows a device of the second")
	}
	linkedDevice(t, s, http.MethodGet, "other.example", http.StatusUnauthorized) // a name that is nobody's: the first hub
	dial := func() (net.Conn, error) {
		return tls.Dial("tcp", address(s.Endpoints().MQTT), &tls.Config{RootCAs: trust(t, s), ServerName: "second.example"})
	}
	d := connect(t, dial, "HostName=second.example;DeviceId=d;SharedAccessKey="+key)
	d.publish("d", `{"t":21.5}`)
	d.conn.Close()
}

// linkedDevice creates a device, or finds it, and returns its key.
func linkedDevice(t *testing.T, s *server.Server, method, host string, want int) string {
	t.Helper()
	_, secret, _ := strings.Cut(s.LinkedConnectionStrings()["second.example"], "SharedAccessKey=")
	token, err := auth.Sign("second.example", "iothubowner", secret, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(t.Context(), method, "https://"+address(s.Endpoints().HTTP)+"/devices/d?api-version=2021-04-12", strings.NewReader(`{"deviceId":"d"}`))
	if err != nil {
		t.Fatal(err)
	}
	q.Host = host
	q.Header.Set("Authorization", token)
	c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust(t, s), ServerName: "localhost"}, DisableKeepAlives: true}}
	answer, err := c.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var found struct {
		Authentication struct {
			SymmetricKey struct {
				PrimaryKey string `json:"primaryKey"`
			} `json:"symmetricKey"`
		} `json:"authentication"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil || answer.StatusCode != want {
		t.Fatalf("%s: %s, %v", host, answer.Status, err)
	}
	return found.Authentication.SymmetricKey.PrimaryKey
}
