//go:build unix

package server_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"twinrig/hub/server"
)

// Variables by which the test tells its own binary to be the server.
const childVariable = "TWINRIG_TEST_FEW_FILES"

// A hub that has no more files left goes on accepting when some are free again.
func TestAcceptOutlivesWantOfFiles(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		serveWithFewFiles(t)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAcceptOutlivesWantOfFiles$", "-test.v")
	cmd.Env = append(os.Environ(), childVariable+"=1")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewScanner(stdout)
	endpoints := strings.Fields(awaitLine(t, out, "ready "))
	for _, address := range endpoints {
		flood(t, out, address)
	}
	_ = stdin.Close()
	awaitLine(t, out, "PASS")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// flood takes all files the server has, lets go of them and expects it to serve.
func flood(t *testing.T, out *bufio.Scanner, address string) {
	t.Helper()
	var conns []net.Conn
	for range 80 {
		c, err := net.DialTimeout("tcp", address, 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	awaitLine(t, out, "too many open files")
	for _, c := range conns {
		_ = c.Close()
	}
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second}, Config: &tls.Config{InsecureSkipVerify: true}}
	c, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatalf("after the flood: %v", err)
	}
	_ = c.Close()
}

func awaitLine(t *testing.T, out *bufio.Scanner, what string) (rest string) {
	t.Helper()
	var all []string
	for out.Scan() {
		if _, rest, ok := strings.Cut(out.Text(), what); ok {
			return rest
		}
		all = append(all, out.Text())
	}
	t.Fatalf("the server never said %q:\n%s", what, strings.Join(all, "\n"))
	return ""
}

// serveWithFewFiles is the child process: a server with 64 files, until standard input
// ends.
func serveWithFewFiles(t *testing.T) {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := startOnSockets(t, server.Config{Log: log, Limits: server.Limits{Connections: -1}})
	if !x509.NewCertPool().AppendCertsFromPEM(s.CA()) {
		t.Error("no CA")
	}
	limit := syscall.Rlimit{Cur: 64, Max: 64}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("ready %s %s\n", address(s.Endpoints().MQTT), address(s.Endpoints().HTTP))
	_, _ = io.Copy(io.Discard, os.Stdin)
	stop(t, s)
}
