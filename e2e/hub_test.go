package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"twinrig/hub/client"
)

// patience bounds every wait for another process.
const patience = 20 * time.Second

// hub is `twinrig hub` as a process of its own, on an address of its own.
type hub struct {
	t       *testing.T
	address string
	data    string
	options []string

	service string // connection string
	caFile  string
	idScope string            // of the provisioning service
	dps     string            // its connection string
	devices map[string]string // connection strings of the device file

	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr bytes.Buffer
}

// startHub starts a hub that is stopped, cleanly, when the test ends.
func startHub(t *testing.T, options ...string) *hub {
	t.Helper()
	h := &hub{t: t, address: requireAddress(t), data: filepath.Join(t.TempDir(), "data"), options: options}
	h.start()
	t.Cleanup(func() {
		if h.cmd != nil {
			h.stop()
		}
	})
	return h
}

// start starts the hub, after the first time on the address and data it had.
func (h *hub) start() {
	h.t.Helper()
	h.check(h.launch())
}

// launch starts the process and returns what it announces.
func (h *hub) launch() (said map[string]string) {
	h.t.Helper()
	args := append([]string{"hub", "--listen", h.address, "--host-name", h.address, "--data", h.data}, h.options...)
	h.cmd = exec.Command(twinrig, args...)
	h.stderr.Reset()
	h.cmd.Stderr = &h.stderr
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	h.stdout = bufio.NewReader(stdout)
	if err := h.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	watchdog := time.AfterFunc(patience, func() { _ = h.cmd.Process.Kill() })
	defer watchdog.Stop()
	return h.announcement()
}

var announced = regexp.MustCompile(`^ +(\S.*?)  +(\S+)$`)

// announcement reads what the hub says until it has said all.
func (h *hub) announcement() (said map[string]string) {
	h.t.Helper()
	said = map[string]string{}
	for {
		line, err := h.stdout.ReadString('\n')
		if err != nil {
			_ = h.cmd.Wait()
			h.cmd = nil
			h.t.Fatalf("the hub did not start: %s", h.stderr.String())
		}
		if strings.HasPrefix(line, "Press Ctrl-C") {
			return said
		}
		if m := announced.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
			said[m[1]] = m[2]
		}
	}
}

// check takes over what the hub has said.
func (h *hub) check(said map[string]string) {
	h.t.Helper()
	want := map[string]string{"MQTT": "mqtts://" + h.address + ":8883", "HTTPS": "https://" + h.address + ":443"}
	got := map[string]string{"MQTT": said["MQTT"], "HTTPS": said["HTTPS"]}
	if diff := cmp.Diff(want, got); diff != "" {
		h.t.Fatalf("announced endpoints (-want +got):\n%s", diff)
	}
	h.service, h.caFile = said["Service connection string"], said["CA certificate"]
	h.idScope, h.dps = said["Provisioning id scope"], said["Provisioning service"]
	for _, name := range []string{
		"MQTT", "HTTPS", "Service connection string", "CA certificate",
		"Provisioning host", "Provisioning id scope", "Provisioning service",
	} {
		delete(said, name)
	}
	maps.DeleteFunc(said, func(name, _ string) bool { return strings.HasPrefix(name, "Linked hub ") })
	h.devices = said
}

// stop asks the hub to end as a user does and checks that it does so in order,
// having complained about nothing.
func (h *hub) stop() {
	h.t.Helper()
	cmd := h.cmd
	h.cmd = nil
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		h.t.Errorf("interrupt the hub: %v", err)
	}
	watchdog := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	rest, err := io.ReadAll(h.stdout)
	if err = errors.Join(err, cmd.Wait()); err != nil {
		h.t.Errorf("the hub did not stop cleanly: %v\n%s", err, h.stderr.String())
	}
	if text := string(rest); text != "\nStopping.\n" && text != "Stopping.\n" {
		h.t.Errorf("at its end the hub said %q", text)
	}
	if h.stderr.Len() > 0 {
		h.t.Errorf("the hub complained:\n%s", h.stderr.String())
	}
}

// kill ends the hub as a crash or the kernel does.
func (h *hub) kill() {
	h.t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		h.t.Fatalf("kill the hub: %v", err)
	}
	_ = h.cmd.Wait() // tells of the signal
	h.cmd = nil
}

// roots are the certificates a client of the hub trusts.
func (h *hub) roots() *x509.CertPool {
	h.t.Helper()
	pem, err := os.ReadFile(h.caFile)
	if err != nil {
		h.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		h.t.Fatalf("%s holds no certificate", h.caFile)
	}
	return pool
}

// dialer returns how a device of ours connects.
func (h *hub) dialer() func(context.Context) (net.Conn, error) {
	d := &tls.Dialer{NetDialer: &net.Dialer{Timeout: patience}, Config: &tls.Config{RootCAs: h.roots(), ServerName: h.address}}
	return func(ctx context.Context) (net.Conn, error) {
		return d.DialContext(ctx, "tcp", net.JoinHostPort(h.address, "8883"))
	}
}

// client returns a service client of ours.
func (h *hub) client() *client.Client {
	h.t.Helper()
	c, err := client.New(h.service, client.Options{RootCAs: h.roots()})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(c.Close)
	return c
}

// device registers a device and returns its connection string.
func (h *hub) device(id string) string {
	h.t.Helper()
	d, err := h.client().CreateDevice(h.t.Context(), client.Device{ID: id})
	if err != nil {
		h.t.Fatal(err)
	}
	return fmt.Sprintf("HostName=%s;DeviceId=%s;SharedAccessKey=%s", h.address, id, d.Authentication.SymmetricKey.Primary)
}

// events reads everything a device sent, up to now.
func (h *hub) events(device string) (found []client.Event) {
	h.t.Helper()
	for e := range h.allEvents() {
		if e.Device == device {
			found = append(found, e)
		}
	}
	return found
}

// allEvents yields the event stream up to now, partition after partition.
func (h *hub) allEvents() func(func(client.Event) bool) {
	h.t.Helper()
	c := h.client()
	partitions, err := c.Partitions(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return func(yield func(client.Event) bool) {
		for _, p := range partitions {
			for e, err := range c.Events(h.t.Context(), p.ID, client.Earliest, false) {
				if err != nil {
					h.t.Fatal(err)
				}
				if !yield(e) {
					return
				}
			}
		}
	}
}
