package server_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"twinrig/hub"
	"twinrig/hub/server"
)

// A peer is an MQTT server in a process of its own, so that each of them is measured
// alike. This test's binary plays the ones that are written in Go.
type peer struct {
	name    string
	address string
	isHub   bool // wants devices that are registered
	pid     int
}

const (
	peerRole    = "TWINRIG_TEST_PEER"     // environment of a binary that is to be a peer
	peerDir     = "TWINRIG_TEST_PEER_DIR" // where a hub keeps its data; a temporary directory when empty
	peerDevices = 2000
	peerPatient = 20 * time.Second
)

var peerKey = base64.StdEncoding.EncodeToString(make([]byte, 32))

func peerDevice(i int) string { return fmt.Sprintf("d%d", i) }

// playPeer runs a peer until standard input ends, and says where it listens.
func playPeer(role string) {
	at, stop, err := servePeer(role)
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(at)
	_, _ = io.Copy(io.Discard, os.Stdin)
	stop()
	os.Exit(0)
}

func servePeer(role string) (at string, stop func(), err error) {
	if role == "mochi" {
		return serveMochi()
	}
	dir, remove := os.Getenv(peerDir), func() {}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "twinrig-peer-"); err != nil {
			return "", nil, err
		}
		remove = func() { _ = os.RemoveAll(dir) }
	}
	s, err := server.Start(context.Background(), server.Config{
		HostName: "hub.example", Plaintext: true, DataDir: filepath.Join(dir, "data"), Sync: role == "hub-sync",
		MQTT: server.Listen{Address: "127.0.0.1:0"}, HTTP: server.Listen{Address: "127.0.0.1:0"},
	})
	if err != nil {
		return "", nil, err
	}
	for i := range peerDevices {
		_, err := s.Hub().CreateDevice(context.Background(), hub.Device{ID: peerDevice(i), Authentication: hub.Authentication{
			Type: hub.AuthSAS, SymmetricKey: hub.SymmetricKey{Primary: &peerKey, Secondary: &peerKey},
		}})
		var refused *hub.Error
		if errors.As(err, &refused) && refused.Name == "DeviceAlreadyExists" {
			break // the directory was used before
		}
		if err != nil {
			return "", nil, err
		}
	}
	collecting, done := context.WithCancel(context.Background())
	go server.KeepHeadroom(collecting) // as cmd does
	return address(s.Endpoints().MQTT), func() {
		done()
		_ = s.Close(context.Background())
		remove()
	}, nil
}

// serveMochi is mochi as it comes: it lets everyone in, stores nothing and finds no
// subscriber.
func serveMochi() (at string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := mochi.New(&mochi.Options{Logger: slog.New(slog.DiscardHandler)})
	if err := s.AddHook(new(openDoor), nil); err != nil {
		return "", nil, err
	}
	if err := s.Serve(); err != nil {
		return "", nil, err
	}
	go func() { // as its own listener does
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = s.EstablishConnection("tcp", conn) }()
		}
	}()
	return l.Addr().String(), func() { _ = l.Close(); _ = s.Close() }, nil
}

// openDoor lets everyone do everything.
type openDoor struct{ mochi.HookBase }

func (*openDoor) Provides(b byte) bool {
	return b == mochi.OnConnectAuthenticate || b == mochi.OnACLCheck
}
func (*openDoor) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }
func (*openDoor) OnACLCheck(*mochi.Client, string, bool) bool              { return true }

// startPeer starts a peer; nil when its program is not installed.
func startPeer(b *testing.B, role string) *peer {
	b.Helper()
	if role == "mosquitto" {
		return startMosquitto(b)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), peerRole+"="+role)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = stdin.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	at := strings.TrimSpace(line)
	if _, _, e := net.SplitHostPort(at); err != nil || e != nil {
		b.Fatalf("peer %s: %q, %v", role, line, err)
	}
	return &peer{role, at, strings.HasPrefix(role, "hub"), cmd.Process.Pid}
}

// startMosquitto runs Debian's mosquitto without persistence.
func startMosquitto(b *testing.B) *peer {
	b.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/mosquitto"); err != nil {
			b.Log("mosquitto is not compared: apt-get install mosquitto")
			return nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(at)
	config := filepath.Join(b.TempDir(), "mosquitto.conf")
	text := "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nmax_queued_messages 0\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(path, "-c", config)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for deadline := time.Now().Add(peerPatient); ; {
		conn, err := net.Dial("tcp", at)
		if err == nil {
			_ = conn.Close()
			return &peer{"mosquitto", at, false, cmd.Process.Pid}
		}
		if time.Now().After(deadline) {
			b.Fatal("mosquitto does not answer: ", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
