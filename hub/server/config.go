package server

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"twinrig/hub"
	"twinrig/hub/mqtt"
)

// The ports that Azure's SDKs insist on.
const (
	standardMQTT = "8883"
	standardHTTP = "443"
)

// Config of a server. The zero value is a hub in memory, named localhost, that listens on
// the standard ports of 127.0.0.1.
type Config struct {
	HostName string   // in connection strings and tokens, without a port; "localhost" when empty
	Aliases  []string // other names and addresses clients use for it
	DataDir  string   // made when missing; "" = memory
	Sync     bool     // acknowledged data survive a power loss too

	MQTT      Listen
	HTTP      Listen
	Plaintext bool // no TLS, for listeners in memory
	TLS       TLS
	Limits    Limits

	Provisioning Provisioning
	Linked       []LinkedHub // further hubs that devices are assigned to
	Broker       *Broker     // a plain MQTT broker in place of the MQTT device API; nil = IoT Hub's

	Devices    []DeviceSpec // created unless they exist
	Partitions int          // of the event stream; 0 = the hub's default

	Policies       []hub.Policy  // nil = those of the data directory, made at the first start
	PartitionBytes int64         // kept of each partition of the event stream; 0 = the store's default
	FeedbackDelay  time.Duration // see hub.Config
	Quotas         *hub.Limits   // throttles and quotas of a tier; nil = none
	NoUploads      bool
	Front          mqtt.Config // its Provisioner, Log and ConnectTimeout are the server's
	Admin          Listen      // metrics, health and readiness, in plain HTTP; no address, no listener

	Random io.Reader    // for keys and ids; nil = crypto/rand; certificates always use that
	Log    *slog.Logger // nil = discard
}

// Listen says where a front end takes connections.
type Listen struct {
	Address  string       // host:port; port 0 takes a free one
	Listener net.Listener // used in place of Address, and closed by the server
}

func (c Config) withDefaults() Config {
	if c.HostName == "" {
		c.HostName = "localhost"
	}
	if c.MQTT.Address == "" {
		c.MQTT.Address = net.JoinHostPort("127.0.0.1", standardMQTT)
	}
	if c.HTTP.Address == "" {
		c.HTTP.Address = net.JoinHostPort("127.0.0.1", standardHTTP)
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	c.Random = &lockedReader{r: c.Random}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c Config) check() error {
	names := append([]string{c.HostName}, c.Aliases...)
	if c.Provisioning.HostName != "" {
		names = append(names, c.Provisioning.HostName)
	}
	for _, l := range c.Linked {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, l.HostName) }) {
			return fmt.Errorf("host name %q: two hubs cannot share one", l.HostName)
		}
		names = append(names, l.HostName)
	}
	for _, name := range names {
		if err := checkHost(name); err != nil {
			return fmt.Errorf("host name %q: %w", name, err)
		}
	}
	return c.TLS.Profile.check()
}

func checkHost(name string) error {
	if net.ParseIP(name) != nil {
		return nil
	}
	if _, port, err := net.SplitHostPort(name); err == nil && strings.Trim(port, "0123456789") == "" {
		return errors.New("has a port; ports belong to the listen addresses")
	}
	if name == "" || len(name) > 253 || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return errors.New("is neither a DNS name nor an IP address")
	}
	return nil
}

// lockedReader lets hub and provisioning service draw from one source.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return io.ReadFull(l.r, p)
}
