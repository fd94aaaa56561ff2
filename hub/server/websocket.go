package server

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"

	"twinrig/hub"
)

// webSocketPath is where devices of the hub and of the provisioning service connect.
const webSocketPath = "/$iothub/websocket"

// mqttProtocols are the subprotocols that carry MQTT.
var mqttProtocols = []string{"mqtt", "mqttv3.1", "mqttv5"}

// opensWebSocket reports whether a request asks for a WebSocket of a device.
func opensWebSocket(r *http.Request) bool {
	return strings.EqualFold(strings.TrimSuffix(r.URL.Path, "/"), webSocketPath)
}

// serveWebSocket hands a device that comes by WebSocket to the MQTT front, which takes it
// for a byte stream and owns it from then on.
func (s *Server) serveWebSocket(w http.ResponseWriter, r *http.Request) {
	if !offers(r, mqttProtocols) {
		http.Error(w, "WebSocket subprotocol mqtt is expected", http.StatusBadRequest)
		return
	}
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       mqttProtocols,
		InsecureSkipVerify: true, // of the origin: what connects proves itself in CONNECT, not by a cookie
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil { // the client has been told
		s.cfg.Log.Debug("WebSocket refused", "error", err)
		return
	}
	device := socket{websocket.NetConn(context.Background(), c, websocket.MessageBinary), r}
	if r.TLS != nil {
		s.front.ServeConn(secured{device})
		return
	}
	s.front.ServeConn(device)
}

func offers(r *http.Request, protocols []string) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		for p := range strings.SplitSeq(header, ",") {
			if slices.Contains(protocols, strings.TrimSpace(p)) {
				return true
			}
		}
	}
	return false
}

// socket is a WebSocket with the request it began with.
type socket struct {
	net.Conn
	request *http.Request
}

// Admit makes a stranger known, see hub.Admit.
func (s socket) Admit() { hub.AdmitRequest(s.request.Context()) }

// OverWebSocket tells the front end, for its statistics.
func (socket) OverWebSocket() {}

// secured passes on what TLS found out before the WebSocket began.
type secured struct{ socket }

func (s secured) ConnectionState() tls.ConnectionState { return *s.request.TLS }
