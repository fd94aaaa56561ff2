package server

import "time"

// Limits protect the hub against clients, known or not.
type Limits struct {
	Connections          int           // at a time; 0 = what the open files of the process allow, < 0 = any number
	Strangers            int           // connections that have not authenticated; 0 = 4096, < 0 = any number
	StrangersPerAddress  int           // of one IP address, or IPv6 network of 64 bits; 0 = any number
	RequestsPerSecond    int           // HTTP requests of one address; 0 = any number
	AuthenticationWithin time.Duration // for TLS and, after it, MQTT's CONNECT; 0 = 30 s
}

const (
	// defaultStrangers times what one may hold, TLS and a CONNECT of 64 KiB at the most, is
	// less than half a gigabyte.
	defaultStrangers = 4096
	// strangerGrace is how long even a stranger too many is let be: a fleet that comes back
	// all at once has to get through TLS in that time.
	strangerGrace = 3 * time.Second
	// spareFiles are kept for the store, which fails without.
	spareFiles = 256
)

func (l Limits) withDefaults() Limits {
	if l.Connections == 0 {
		l.Connections = max(openFiles()-spareFiles, 0)
	}
	if l.Strangers == 0 {
		l.Strangers = defaultStrangers
	}
	return l
}
