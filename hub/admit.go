package hub

import (
	"context"
	"net"
)

type connectionKey struct{}

// WithConnection lets Admit find the network connection of an HTTP request.
func WithConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, c)
}

// AdmitRequest is Admit for the connection of an HTTP request.
func AdmitRequest(ctx context.Context) {
	if c, ok := ctx.Value(connectionKey{}).(net.Conn); ok {
		Admit(c)
	}
}

// Admit tells a network connection, or the one below its TLS, that its client has proved
// who it is. A listener may hold strangers to limits of their own, for which its
// connections have a method Admit.
func Admit(c net.Conn) {
	for c != nil {
		if known, ok := c.(interface{ Admit() }); ok {
			known.Admit()
			return
		}
		carrier, ok := c.(interface{ NetConn() net.Conn })
		if !ok {
			return
		}
		c = carrier.NetConn()
	}
}
