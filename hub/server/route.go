package server

import (
	"net/http"
	"strings"
)

// serveHTTP shares one listener between the hub, the files of its devices, devices that
// come by WebSocket and the provisioning service: they are told apart by the path or,
// where they have different names, by the host. A ServeMux would tidy up paths, which are
// to be taken as they come.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case opensWebSocket(r) || s.wantsBroker(r):
		s.serveWebSocket(w, r)
	case strings.HasPrefix(r.URL.Path, "/"+uploads+"/"):
		s.blobs.Handler().ServeHTTP(w, r)
	case s.dps.Serves(r) || s.onlyProvisioning(r.Host):
		s.dps.ServeHTTP(w, r)
	default:
		s.apiOf(r).ServeHTTP(w, r)
	}
}
