package e2e

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// require ends a test that cannot be run on this machine: it is skipped with the
// command that helps, but fails in CI, where a test that is always skipped would
// go unnoticed.
func require(t *testing.T, ok bool, lacking, remedy string) {
	t.Helper()
	if ok {
		return
	}
	text := fmt.Sprintf("%s. Run: %s", lacking, remedy)
	if os.Getenv("CI") == "true" {
		t.Fatal(text)
	}
	t.Skip(text)
}

// requireNode returns the path of Node.js and makes sure of the packages.
func requireNode(t *testing.T, packages ...string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	require(t, err == nil, "Node.js is not installed", "sudo apt-get install nodejs npm")
	for _, p := range packages {
		_, err := os.Stat(filepath.Join("node_modules", p, "package.json"))
		require(t, err == nil, "the npm package "+p+" is not installed", "cd e2e && npm ci")
	}
	return node
}

func requireChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	require(t, false, "Chromium is not installed", "sudo apt-get install chromium")
	return ""
}

// lastHost numbers the addresses this process has taken.
var lastHost int

// requireAddress returns a loopback address on which nobody listens on the two
// ports that Azure's SDKs insist on. The process id keeps test processes apart.
func requireAddress(t *testing.T) string {
	t.Helper()
	for lastHost < 254 {
		lastHost++
		address := fmt.Sprintf("127.77.%d.%d", os.Getpid()%250+1, lastHost)
		err := errors.Join(listenable(address, "443"), listenable(address, "8883"))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		require(t, !errors.Is(err, os.ErrPermission), "listening on port 443 takes privileges", "sudo sysctl net.ipv4.ip_unprivileged_port_start=443")
		require(t, !errors.Is(err, syscall.EADDRNOTAVAIL), address+" is not this machine's", "sudo ifconfig lo0 alias "+address)
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatal("no loopback address is free")
	return ""
}

func listenable(address, port string) error {
	l, err := net.Listen("tcp", net.JoinHostPort(address, port))
	if err != nil {
		return err
	}
	return l.Close()
}
