package server_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"twinrig/hub/server"
)

// A device comes by WebSocket, with packets split over and sharing messages as they like.
func TestWebSocket(t *testing.T) {
	s := startOnSockets(t, server.Config{DataDir: t.TempDir(), Partitions: 1, Devices: []server.DeviceSpec{{ID: "d"}}})
	defer stop(t, s)
	device, err := s.DeviceConnectionString(t.Context(), "d")
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust(t, s), ServerName: "localhost"}, DisableKeepAlives: true}
	dial := func(protocol string) (*websocket.Conn, *http.Response, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return websocket.Dial(ctx, "wss://"+address(s.Endpoints().HTTP)+"/$iothub/websocket?iothub-no-client-cert=true",
			&websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}, Subprotocols: []string{protocol}})
	}
	for _, protocol := range []string{"chat", "MQTT"} {
		if _, answer, err := dial(protocol); err == nil || answer.StatusCode != http.StatusBadRequest {
			t.Errorf("subprotocol %s: %v", protocol, err)
		}
	}
	var socket *websocket.Conn
	d := connect(t, func() (net.Conn, error) {
		c, _, err := dial("mqtt")
		if err != nil {
			return nil, err
		}
		socket = c
		return bytewise{websocket.NetConn(t.Context(), c, websocket.MessageBinary)}, nil
	}, device)
	if socket.Subprotocol() != "mqtt" {
		t.Errorf("subprotocol is %q", socket.Subprotocol())
	}
	d.publish("d", `{"t":21.5}`)
	d.conn.Close()
}

// bytewise sends each byte in a message of its own.
type bytewise struct{ net.Conn }

func (b bytewise) Write(p []byte) (int, error) {
	for i := range p {
		if _, err := b.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}
