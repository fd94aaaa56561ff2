package server

import (
	"net"
	"net/http"
	"sync/atomic"

	"twinrig/hub/metrics"
)

// openConnections counts those of an http.Server.
type openConnections struct{ n atomic.Int64 }

// follow is for http.Server.ConnState. A WebSocket leaves by being hijacked, to be counted by
// its front end.
func (o *openConnections) follow(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		o.n.Add(1)
	case http.StateClosed, http.StateHijacked:
		o.n.Add(-1)
	}
}

// showMetrics lets the admin listener show the meters of all hubs.
func (s *Server) showMetrics() {
	sources := []metrics.Source{{Hub: s.hub, Front: s.front}}
	for _, l := range s.linked {
		sources = append(sources, metrics.Source{Hub: l.hub, Front: l.front})
	}
	shared := metrics.Listeners{Refusals: &s.guard.refusals, HTTP: func() int { return int(s.httpConnections.n.Load()) }}
	handler := metrics.Handler(shared, sources...)
	s.admin.metrics.Store(&handler)
}
