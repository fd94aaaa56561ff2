package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// adminTimeout bounds a request of a scraper or a probe.
const adminTimeout = 30 * time.Second

// admin answers those who watch over the hub, on a listener of its own: it begins before
// the hub and ends after it.
type admin struct {
	listener net.Listener
	http     *http.Server
	ready    atomic.Bool
	metrics  atomic.Pointer[http.Handler] // nil until the hub has begun
}

// openAdmin serves the admin listener, if one is configured.
func (s *Server) openAdmin(ctx context.Context) (err error) {
	if s.cfg.Admin == (Listen{}) {
		return nil
	}
	l, err := s.cfg.Admin.open(ctx, "administration")
	if err != nil {
		return err
	}
	s.admin.listener = l
	s.admin.http = &http.Server{
		Handler: s.admin.handler(), ReadTimeout: adminTimeout, WriteTimeout: adminTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	s.serving.Go(func() { s.report("administration", s.admin.http.Serve(l)) })
	return nil
}

func (a *admin) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !a.ready.Load() {
			http.Error(w, "starting or stopping", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		metrics := a.metrics.Load()
		if metrics == nil {
			http.Error(w, "starting", http.StatusServiceUnavailable)
			return
		}
		(*metrics).ServeHTTP(w, r)
	})
	return mux
}

// close ends the listener and what is being answered.
func (a *admin) close() error {
	if a.http == nil {
		return nil
	}
	if err := a.http.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the admin listener: %w", err)
	}
	return nil
}

// AdminEndpoint is the URL of the admin listener; empty when there is none.
func (s *Server) AdminEndpoint() string {
	if s.admin.listener == nil {
		return ""
	}
	return "http://" + s.reach(s.admin.listener)
}
