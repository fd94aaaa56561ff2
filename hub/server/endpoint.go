package server

import (
	"context"
	"fmt"
	"net"
	"strings"

	"twinrig/hub"
)

// Endpoints are where the server listens, as URLs.
type Endpoints struct {
	MQTT string // "mqtts://127.0.0.1:8883"
	HTTP string // "https://127.0.0.1:443"

	PlainMQTT string // "mqtt://127.0.0.1:1883", of a broker that listens without TLS
}

// Endpoints returns where the server listens.
func (s *Server) Endpoints() Endpoints {
	mqtt, http := "mqtts", "https"
	if s.cfg.Plaintext {
		mqtt, http = "mqtt", "http"
	}
	e := Endpoints{MQTT: mqtt + "://" + s.reach(s.mqttListener), HTTP: http + "://" + s.reach(s.httpListener)}
	if s.plainListener != nil {
		e.PlainMQTT = "mqtt://" + s.reach(s.plainListener)
	}
	return e
}

// reach is a host and port under which a local client finds the listener.
func (s *Server) reach(l net.Listener) string {
	address, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return s.cfg.HostName
	}
	if address.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", fmt.Sprint(address.Port))
	}
	return address.String()
}

// ownerPolicy has all rights and stands in the service connection string.
const ownerPolicy = "iothubowner"

// ServiceConnectionString is for the tools of a service: it has all rights. The host has a
// port when that is not 443. It is empty when the policies were edited and have no
// iothubowner any more.
func (s *Server) ServiceConnectionString() string {
	p, ok := s.hub.Policy(ownerPolicy)
	if !ok {
		return ""
	}
	return fmt.Sprintf("HostName=%s;SharedAccessKeyName=%s;SharedAccessKey=%s",
		s.hostWithPort(s.httpListener, standardHTTP), p.Name, p.PrimaryKey)
}

// DeviceConnectionString is for the program of a device. The host has a port when that
// is not 8883.
func (s *Server) DeviceConnectionString(ctx context.Context, id string) (string, error) {
	d, err := s.hub.Device(ctx, id)
	if err != nil {
		return "", fmt.Errorf("connection string of device %s: %w", id, err)
	}
	text := fmt.Sprintf("HostName=%s;DeviceId=%s", s.hostWithPort(s.mqttListener, standardMQTT), d.ID)
	switch {
	case d.Authentication.Type == hub.AuthSelfSigned, d.Authentication.Type == hub.AuthCA:
		return text + ";x509=true", nil
	case d.Authentication.SymmetricKey.Primary != nil:
		return text + ";SharedAccessKey=" + *d.Authentication.SymmetricKey.Primary, nil
	}
	return "", fmt.Errorf("connection string of device %s: it authenticates by %s", id, d.Authentication.Type)
}

func (s *Server) hostWithPort(l net.Listener, standard string) string {
	_, port, err := net.SplitHostPort(l.Addr().String())
	if _, tcp := l.Addr().(*net.TCPAddr); !tcp || err != nil || port == standard {
		return s.cfg.HostName
	}
	return net.JoinHostPort(s.cfg.HostName, port)
}

// names are the names and addresses of the server, for its certificate and for tokens:
// its own, the local ones, and those of its listeners.
func (s *Server) names() (names []string) {
	names = append([]string{s.cfg.HostName}, s.cfg.Aliases...)
	names = append(names, "localhost", "127.0.0.1", "::1")
	for _, l := range []net.Listener{s.mqttListener, s.httpListener} {
		if address, ok := l.Addr().(*net.TCPAddr); ok {
			names = append(names, addresses(address.IP)...)
		}
	}
	seen := map[string]bool{}
	unique := names[:0]
	for _, name := range names {
		if key := strings.ToLower(name); !seen[key] {
			seen[key] = true
			unique = append(unique, name)
		}
	}
	return unique
}

// addresses are those under which a listener on ip is reached: all of the machine's when
// it listens on all.
func addresses(ip net.IP) (texts []string) {
	if !ip.IsUnspecified() {
		return []string{ip.String()}
	}
	own, err := net.InterfaceAddrs()
	if err != nil { // a machine that hides them is reached by its names
		return nil
	}
	for _, a := range own {
		if n, ok := a.(*net.IPNet); ok {
			texts = append(texts, n.IP.String())
		}
	}
	return texts
}
