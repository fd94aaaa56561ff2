package dps

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"twinrig/hub"
)

// Service is a running provisioning service. Its methods may be called from any goroutine.
type Service struct {
	cfg         Config
	documents   hub.Documents
	random      *lockedReader
	secret      []byte // keys of TPM devices are derived from it
	individuals *collection
	groups      *collection
	authorities *hub.Authorities
	webhook     *http.Client
	limits      limiter
	locks       stripes // by registration id

	// Tracking ids are the time of the start and a serial number.
	started time.Time
	serial  atomic.Uint64

	flights flights
	ctx     context.Context // of assignments; ended by Close
	cancel  context.CancelFunc
}

var _ hub.Provisioner = (*Service)(nil)

// New returns a service that keeps what it knows in documents, under keys that begin with
// "dps/". Close ends it, before the hubs. ctx bounds the start.
func New(ctx context.Context, cfg Config, documents hub.Documents) (*Service, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("start provisioning service %s: %w", cfg.IDScope, err)
	}
	s := &Service{cfg: cfg, documents: documents, started: time.Now(), random: &lockedReader{r: cfg.Random}}
	if err := s.openSecret(ctx); err != nil {
		return nil, fmt.Errorf("start provisioning service %s: %w", cfg.IDScope, err)
	}
	s.individuals = &collection{service: s, kind: individual}
	s.groups = &collection{service: s, kind: group}
	s.authorities = hub.NewAuthorities(documents, "dps/authority", s.random)
	s.webhook = newWebhookClient(cfg)
	s.limits.Limits = cfg.Limits
	s.flights.byID = map[string]string{}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Authorities returns the CA certificates that enrollments may refer to by name.
func (s *Service) Authorities() *hub.Authorities { return s.authorities }

// IDScope returns what devices name the service by.
func (s *Service) IDScope() string { return s.cfg.IDScope }

// Close breaks off assignments under way and returns when they have ended. They are taken
// up again when their devices ask after them.
func (s *Service) Close() {
	s.flights.close()
	s.cancel()
	s.flights.wg.Wait()
	s.webhook.CloseIdleConnections()
}

// lockedReader makes a seeded source usable from several goroutines.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return io.ReadFull(l.r, p)
}

// token returns n random bytes in hex.
func (s *Service) token(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("read random source: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// stripes serialises what concerns one registration within this process.
type stripes [64]sync.Mutex

func (s *stripes) lock(id string) (unlock func()) {
	m := &s[mix(id, "", 0)%uint64(len(s))]
	m.Lock()
	return m.Unlock
}
