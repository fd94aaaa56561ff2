package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// Options of a client. The zero value speaks HTTPS and trusts the system's
// certificates.
type Options struct {
	// RootCAs are trusted in place of the system's, for a hub with its own CA.
	RootCAs *x509.CertPool
	// Address is connected to in place of the host of the connection string: for a hub
	// whose name does not lead to it. Certificates are still checked for the name.
	Address string
	// Transport replaces the client's own, for example one that dials in memory.
	// RootCAs and Address are not looked at then.
	Transport http.RoundTripper
	// Scheme is "https" when empty.
	Scheme string
	// Timeout of one call; 30 s when 0. Invoke adds the times of the method, and
	// Events has none.
	Timeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.Transport == nil {
		o.Transport = &http.Transport{
			TLSClientConfig:     &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 16,
			IdleConnTimeout:     90 * time.Second,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if o.Address != "" {
					address = o.Address
				}
				return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
			},
		}
	}
	if o.Scheme == "" {
		o.Scheme = "https"
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	return o
}
