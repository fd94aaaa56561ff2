package rest

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"twinrig/hub"
)

// Authenticator finds out who calls. AuthenticateService checks the Authorization header
// of a call that needs the rights given, and says how long they last. A refusal is a
// *hub.Error.
type Authenticator interface {
	hub.Authenticator
	AuthenticateService(ctx context.Context, authorization string, need hub.Rights) (expires time.Time, err error)
}

// Config of a Handler. The zero value is good.
type Config struct {
	Log *slog.Logger // hears of the hub's own failures; nil = discard
}

// Handler serves the service API and the device API of one hub.
type Handler struct {
	hub  *hub.Hub
	auth Authenticator
	log  *slog.Logger

	// Tracking ids are the time the handler was made and a serial number: unique
	// over restarts, and the same in each run in virtual time.
	started time.Time
	serial  atomic.Uint64

	closing context.Context // ended by Close
	close   context.CancelFunc
}

var _ http.Handler = (*Handler)(nil)

// New returns the HTTP APIs of h.
func New(h *hub.Hub, a Authenticator, cfg Config) *Handler {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	handler := &Handler{hub: h, auth: a, log: cfg.Log, started: time.Now()}
	handler.closing, handler.close = context.WithCancel(context.Background())
	return handler
}

// Close ends open event streams and method calls that wait for a device, so that
// an http.Server can shut down. Other calls go on.
func (h *Handler) Close() { h.close() }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{handler: h, w: w, r: r, shape: textShape}
	if id := requestID(r.Header); id != "" {
		w.Header().Set("x-ms-request-id", id)
	}
	route, params, allowed := match(r.Method, r.URL.EscapedPath())
	if route == nil {
		x.noRoute(allowed)
		return
	}
	x.route, x.params = route, params
	if route.shape != nil {
		x.shape = route.shape
	}
	if err := x.serve(route); err != nil {
		x.fail(err)
	}
}

func (x *exchange) serve(route *route) error {
	if !route.ours {
		if err := checkVersion(x.r.URL.Query().Get("api-version")); err != nil {
			return err
		}
	}
	for _, p := range x.params {
		if strings.Contains(p, "/") {
			return refuse(400004, "ArgumentInvalid", "The path has %q where it names one thing; no id has a slash.", p)
		}
	}
	if err := x.authenticate(route); err != nil {
		return err
	}
	if route.need&(hub.RegistryRead|hub.RegistryWrite) != 0 {
		if err := x.handler.hub.Spend(hub.OpRegistry, 1); err != nil {
			return err
		}
	}
	return route.serve(x)
}

func requestID(h http.Header) string {
	for _, key := range []string{"x-ms-client-request-id", "Request-Id"} {
		if id := h.Get(key); id != "" {
			return id
		}
	}
	return ""
}
