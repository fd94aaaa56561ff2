package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"twinrig/hub"
	"twinrig/hub/auth"
	"twinrig/hub/blob"
	"twinrig/hub/dps"
	"twinrig/hub/mqtt"
	"twinrig/hub/mqtt/broker"
	"twinrig/hub/rest"
	"twinrig/hub/store"
)

// Bounds on HTTP connections. Package rest sets deadlines for bodies and answers.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	drainTimeout  = 5 * time.Second // for answers under way at Close
)

// Server is a running hub with its front ends.
type Server struct {
	cfg Config
	dir dataDir

	mqttListener, httpListener net.Listener
	plainListener              net.Listener // of a broker; may be nil

	store  *store.Store
	blobs  *blob.Store
	hub    *hub.Hub
	dps    *dps.Service
	ca     *authority // nil in plain text
	front  *mqtt.Front
	broker *broker.Broker // nil with the device API of IoT Hub
	api    *rest.Handler
	http   *http.Server

	dpsPolicies []dps.Policy
	linked      []*linkedHub
	admin       admin
	guard       *guard

	httpConnections openConnections

	serving   sync.WaitGroup
	failed    chan error
	published bool // that it runs, in the data directory
	once      sync.Once
	closeErr  error
}

// Start starts a server. ctx bounds the start, not the life. store.Register must have been
// called, outside of any synctest bubble.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, dir: dataDir(cfg.DataDir), failed: make(chan error, 3)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("start hub: %w", err), s.Close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	if err := s.cfg.check(); err != nil {
		return err
	}
	if err := s.openAdmin(ctx); err != nil {
		return err
	}
	if err := s.listen(ctx); err != nil {
		return err
	}
	if err := s.openHub(ctx); err != nil {
		return err
	}
	if err := provision(ctx, s.hub, s.cfg.Devices); err != nil {
		return err
	}
	if err := s.openLinked(ctx); err != nil {
		return err
	}
	if err := s.openProvisioning(ctx); err != nil {
		return err
	}
	if err := s.openBroker(ctx); err != nil {
		return err
	}
	if err := s.secure(); err != nil {
		return err
	}
	s.serve()
	if err := s.publish(); err != nil {
		return err
	}
	s.admin.ready.Store(true)
	return nil
}

// listen comes first: a port in use is the likeliest thing to go wrong, and shows
// before anything is written.
func (s *Server) listen(ctx context.Context) (err error) {
	if s.mqttListener, err = s.cfg.MQTT.open(ctx, "MQTT"); err != nil {
		return err
	}
	if s.httpListener, err = s.cfg.HTTP.open(ctx, "HTTP"); err != nil {
		return err
	}
	if b := s.cfg.Broker; b != nil && b.Plain != (Listen{}) {
		if s.plainListener, err = b.Plain.open(ctx, "MQTT without TLS"); err != nil {
			return err
		}
	}
	g := newGuard(s.cfg.Limits, s.cfg.Log)
	s.guard = g
	s.mqttListener, s.httpListener = g.listener(s.mqttListener), g.listener(s.httpListener)
	if s.plainListener != nil {
		s.plainListener = g.listener(s.plainListener)
	}
	return nil
}

func (s *Server) openHub(ctx context.Context) (err error) {
	if err := s.dir.make(); err != nil {
		return err
	}
	found, err := s.dir.version()
	if err != nil {
		return err
	}
	if s.store, err = store.Open(ctx, store.Options{Dir: s.dir.store(), Sync: s.cfg.Sync, LogBytes: s.cfg.PartitionBytes}); err != nil {
		return err
	}
	if err := s.dir.settle(found); err != nil {
		return err
	}
	cfg := hub.Config{
		HostName: s.cfg.HostName, Partitions: s.cfg.Partitions, Random: s.cfg.Random, Log: s.cfg.Log,
		Policies: s.cfg.Policies, FeedbackDelay: s.cfg.FeedbackDelay, Limits: s.cfg.Quotas,
	}
	if s.dir != "" && cfg.Policies == nil {
		if cfg.Policies, err = s.dir.policies(cfg.Random); err != nil {
			return err
		}
	}
	if s.blobs, err = s.dir.blobs(cfg.Random); err != nil {
		return err
	}
	if !s.cfg.NoUploads {
		cfg.Blobs = s.blobs
	}
	s.hub, err = hub.New(cfg, s.store)
	return err
}

// secure puts TLS in front of the listeners.
func (s *Server) secure() (err error) {
	if s.cfg.Plaintext {
		return nil
	}
	var source certificateSource = &fileCertificates{files: s.cfg.TLS.Certificates}
	if len(s.cfg.TLS.Certificates) == 0 {
		if s.ca, err = s.dir.authority(); err != nil {
			return err
		}
		source = ownCertificates{s.dir, s.ca, s.certificateNames()}
	}
	certificates, err := loadCertificates(source, s.cfg.Log)
	if err != nil {
		return err
	}
	config := s.cfg.TLS.tlsConfig(certificates)
	s.mqttListener = tls.NewListener(s.mqttListener, config)
	s.httpListener = tls.NewListener(s.httpListener, config)
	return nil
}

func (s *Server) serve() {
	authenticator := auth.New(s.hub, s.names()...)
	front := s.cfg.Front
	front.Log = s.cfg.Log
	for _, l := range s.linked {
		l.serve(front)
	}
	front.ConnectTimeout = s.cfg.Limits.AuthenticationWithin
	s.front = s.mqttFront(authenticator, front)
	s.api = rest.New(s.hub, authenticator, rest.Config{Log: s.cfg.Log})
	s.http = &http.Server{
		Handler:           limitRequests(s.cfg.Limits.RequestsPerSecond, http.HandlerFunc(s.serveHTTP)),
		ConnContext:       hub.WithConnection,
		ConnState:         s.httpConnections.follow,
		ReadHeaderTimeout: headerTimeout, // also for TLS
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		Protocols:         new(http.Protocols),
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug),
	}
	s.http.Protocols.SetHTTP1(true)
	if s.admin.http != nil {
		s.showMetrics()
	}
	s.serving.Go(func() { s.report("HTTP", s.http.Serve(s.httpListener)) })
	s.serving.Go(func() { s.report("MQTT", s.front.Serve(s.mqttListener)) })
	if s.plainListener != nil {
		s.serving.Go(func() { s.report("MQTT without TLS", s.front.Serve(s.plainListener)) })
	}
}

func (s *Server) report(name string, err error) {
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		s.failed <- fmt.Errorf("serve %s: %w", name, err)
	}
}

// Failed reports a front end that stopped taking connections by itself.
func (s *Server) Failed() <-chan error { return s.failed }

// Hub returns the hub behind the front ends.
func (s *Server) Hub() *hub.Hub { return s.hub }

// CAFile is the path of the certificate clients have to trust, empty without TLS,
// without a data directory or with certificates of the user's own.
func (s *Server) CAFile() string {
	if s.ca == nil || s.dir == "" {
		return ""
	}
	return s.dir.path(caFile)
}

// CA is the certificate clients have to trust, in PEM; nil without TLS or with
// certificates of the user's own.
func (s *Server) CA() []byte {
	if s.ca == nil {
		return nil
	}
	return s.ca.pem
}

// Close ends the front ends, then the hub and the store. Calls and appends under way
// are given until ctx ends. All goroutines have ended when it returns.
func (s *Server) Close(ctx context.Context) error {
	s.once.Do(func() { s.closeErr = s.close(ctx) })
	return s.closeErr
}

func (s *Server) close(ctx context.Context) error {
	s.admin.ready.Store(false)
	errs := []error{s.withdraw()}
	if s.http != nil {
		errs = append(errs, s.drain(ctx))
	}
	for _, l := range []net.Listener{s.mqttListener, s.httpListener, s.plainListener} {
		if l != nil {
			_ = l.Close() // closed by its front end already, unless the start failed
		}
	}
	if s.broker != nil {
		s.broker.Close()
	}
	if s.dps != nil {
		s.dps.Close()
	}
	for _, l := range s.linked {
		errs = append(errs, l.close(ctx))
	}
	if s.hub != nil {
		errs = append(errs, s.hub.Close(ctx))
	}
	if s.blobs != nil {
		errs = append(errs, s.blobs.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	errs = append(errs, s.admin.close())
	s.serving.Wait()
	return errors.Join(errs...)
}

// drain takes leave of all clients at once: devices must not hear later than others
// because a call takes its time.
func (s *Server) drain(ctx context.Context) error {
	s.api.Close()
	for _, l := range s.linked {
		l.api.Close()
	}
	closed := make(chan error, 1)
	go func() { closed <- s.front.Close(ctx) }()
	return errors.Join(s.closeHTTP(ctx), <-closed)
}

// closeHTTP lets answers under way be sent. A connection on which nothing was ever asked
// would keep Shutdown waiting, hence the bound.
func (s *Server) closeHTTP(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTimeout)
	defer cancel()
	if s.http.Shutdown(ctx) == nil {
		return nil
	}
	return s.http.Close()
}
