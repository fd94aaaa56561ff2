package mqtt

import (
	"log/slog"
	"time"

	"twinrig/hub"
)

// Config of a Front. A zero field means what IoT Hub does.
type Config struct {
	ConnectTimeout    time.Duration   // for TLS and, after it, CONNECT; 0 = 30 s
	WriteTimeout      time.Duration   // for a client to take what is sent to it; 0 = 30 s
	MaxKeepAlive      time.Duration   // ceiling; 0 = 1177 s for MQTT 3.1.1, 1140 s for MQTT 5
	MaxPacketSize     int             // of an MQTT 5 packet or an MQTT 3.1.1 payload; 0 = 256 KiB
	ReceiveMaximum    int             // QoS 1 publishes an MQTT 5 client may have unacknowledged; 0 = 16
	TopicAliasMaximum int             // in both directions; 0 = 10
	Provisioner       hub.Provisioner // of devices that ask for their hub; nil = there is none
	// Other returns the front of another hub that shares the listener, by the host that a
	// client names, or nil when the client is this one's. That front serves it then.
	Other func(host string) *Front

	Log *slog.Logger // nil = discard
}

// Bounds that no client and no configuration moves.
const (
	maxConnectSize   = 64 << 10 // remaining length of CONNECT
	maxString        = 65535    // what the length field of an MQTT string holds
	maxSubscriptions = 50
	maxPending       = 1024    // telemetry of one client on its way into the log
	maxPendingBytes  = 1 << 20 // same, payload bytes; one message may exceed it
	maxOutput        = 1 << 20 // bytes that wait for a client to read them
	maxWindow        = 64      // unacknowledged QoS 1 publishes to a client
	maxWaiting       = 128     // QoS 1 publishes that wait for room in the window
	closeLinger      = time.Second
	maxLinger        = 1 << 20 // bytes read and thrown away while a client reads why it is left
	hubTimeout       = 30 * time.Second
)

// Documented keep-alive ceilings: 1.5 times these is when the hub gives a client up.
const (
	maxKeepAlive311 = 1177 * time.Second
	maxKeepAlive5   = 1140 * time.Second
)

func (c Config) withDefaults() Config {
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = 30 * time.Second
	}
	if c.WriteTimeout <= 0 {
		c.WriteTimeout = 30 * time.Second
	}
	if c.MaxPacketSize <= 0 {
		c.MaxPacketSize = 256 << 10
	}
	if c.ReceiveMaximum <= 0 {
		c.ReceiveMaximum = 16
	}
	if c.TopicAliasMaximum <= 0 {
		c.TopicAliasMaximum = 10
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// keepAliveCeiling returns the longest keep-alive granted to a protocol level.
func (c Config) keepAliveCeiling(version byte) time.Duration {
	switch {
	case c.MaxKeepAlive > 0:
		return c.MaxKeepAlive
	case version == 5:
		return maxKeepAlive5
	}
	return maxKeepAlive311
}
