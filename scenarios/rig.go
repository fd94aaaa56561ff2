package scenarios

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"twinrig/hub/client"
	"twinrig/hub/server"
	"twinrig/scenarios/memnet"
)

// hostName is the scenario hub's name, as it stands in connection strings.
const hostName = "hub.twinrig.local"

// rig is the equipment of one scenario: a hub of its own, and the ways to it.
type rig struct {
	server  *server.Server
	service *client.Client
	dial    func(ctx context.Context, from string) (net.Conn, error) // a device's transport to the hub
}

// newRig starts a hub for one scenario.
func newRig(ctx context.Context, clock Clock, seed uint64) (*rig, error) {
	if clock == Real {
		return newSocketRig(ctx, seed)
	}
	return newMemoryRig(ctx, seed)
}

// newMemoryRig starts a hub on in-memory connections, inside the caller's bubble.
func newMemoryRig(ctx context.Context, seed uint64) (*rig, error) {
	network := memnet.New(seed)
	mqtt, err := network.Listen("hub:8883")
	if err != nil {
		return nil, err
	}
	web, err := network.Listen("hub:443")
	if err != nil {
		return nil, err
	}
	srv, err := server.Start(ctx, server.Config{
		HostName: hostName, MQTT: server.Listen{Listener: mqtt}, HTTP: server.Listen{Listener: web}, Plaintext: true, Random: seeded(seed, "hub"),
	})
	if err != nil {
		return nil, err
	}
	service, err := client.New(srv.ServiceConnectionString(), client.Options{
		Scheme: "http",
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return network.Dial(ctx, "service", "hub:443")
		}},
	})
	if err != nil {
		return nil, errors.Join(err, srv.Close(ctx))
	}
	return &rig{server: srv, service: service, dial: func(ctx context.Context, from string) (net.Conn, error) {
		return network.Dial(ctx, from, "hub:8883")
	}}, nil
}

// newSocketRig starts a hub on loopback sockets with TLS, as strangers see it.
func newSocketRig(ctx context.Context, seed uint64) (*rig, error) {
	srv, err := server.Start(ctx, server.Config{
		MQTT: server.Listen{Address: "127.0.0.1:0"}, HTTP: server.Listen{Address: "127.0.0.1:0"}, Random: seeded(seed, "hub"),
	})
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(srv.CA())
	trust := &tls.Config{RootCAs: roots, ServerName: srv.Hub().HostName()}
	service, err := client.New(srv.ServiceConnectionString(), client.Options{
		RootCAs: roots,
	})
	if err != nil {
		return nil, errors.Join(err, srv.Close(ctx))
	}
	address := strings.TrimPrefix(srv.Endpoints().MQTT, "mqtts://")
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: 10 * time.Second}, Config: trust}
	return &rig{server: srv, service: service, dial: func(ctx context.Context, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "tcp", address)
	}}, nil
}

func (r *rig) close(ctx context.Context) error {
	r.service.Close()
	return r.server.Close(ctx)
}

// mix derives a seed for one part of a scenario, so that parts draw from
// streams of their own and adding one does not disturb the others.
func mix(seed uint64, part string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%016x\x00%s", seed, part)
	return h.Sum64()
}

// seeded is a repeatable source of random bytes: keys and tokens of a scenario's
// hub come from it, so it must never serve anything that outlives the scenario.
func seeded(seed uint64, part string) *randomBytes {
	return &randomBytes{rand.New(rand.NewPCG(seed, mix(seed, part)))}
}
