package hub

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultPartitions is the number of partitions of the event stream when Config
// does not say.
const DefaultPartitions = 4

// storeDeadline bounds store operations for which no caller's context exists.
const storeDeadline = 30 * time.Second

// Config of a hub.
type Config struct {
	HostName   string       // as in connection strings
	Partitions int          // of the event stream; 0 = DefaultPartitions. May not change while data exist
	Policies   []Policy     // nil = DefaultPolicies
	Random     io.Reader    // source of keys, etags, ids; nil = crypto/rand. A seeded reader makes a run repeatable
	Log        *slog.Logger // nil = discard
	// FeedbackDelay is how long feedback on cloud-to-device messages is gathered before
	// services get it; 0 = not at all. IoT Hub gathers for 15 s.
	FeedbackDelay time.Duration
	Blobs         Blobs   // nil = no file uploads
	Limits        *Limits // nil = none
}

// Hub is a running hub. Its methods may be called from any goroutine.
type Hub struct {
	cfg          Config
	policies     map[string]Policy
	store        Store
	random       *lockedReader
	node         string // names this process in lock tokens
	locks        stripes
	sessions     sessions
	directory    directory
	misbehaviour misbehaviour
	throttles    throttles
	meters       Meters
	recipients   recipients
	recent       recent
	mailboxes    mailboxes
	expiries     expiries
	feedback     *ServiceQueue
	fileNotes    *ServiceQueue
	writers      []*writer
	authorities  *Authorities
	serial       atomic.Uint64 // of method requests and lock tokens

	ctx    context.Context // ends when Close gives up on its own deadline
	cancel context.CancelFunc
	wg     sync.WaitGroup
	closed chan struct{}
	once   sync.Once
}

// New starts a hub on store. The store stays the caller's to close, after the hub.
func New(cfg Config, store Store) (*Hub, error) {
	h := &Hub{cfg: cfg, store: store, closed: make(chan struct{})}
	if err := h.configure(); err != nil {
		return nil, fmt.Errorf("start hub %s: %w", cfg.HostName, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), storeDeadline)
	defer cancel()
	if err := h.checkLayout(ctx); err != nil {
		return nil, fmt.Errorf("start hub %s: %w", cfg.HostName, err)
	}
	for p := range h.cfg.Partitions {
		w, err := openWriter(ctx, h, p)
		if err != nil {
			return nil, fmt.Errorf("start hub %s: partition %d: %w", cfg.HostName, p, err)
		}
		h.writers = append(h.writers, w)
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for _, w := range h.writers {
		h.wg.Go(w.run)
	}
	h.wg.Go(h.expireCommands)
	h.wg.Go(h.readDirectory)
	return h, nil
}

func (h *Hub) configure() error {
	if h.cfg.Partitions == 0 {
		h.cfg.Partitions = DefaultPartitions
	}
	if h.cfg.Partitions < 0 {
		return fmt.Errorf("%d partitions; at least 1 is needed", h.cfg.Partitions)
	}
	if h.cfg.Random == nil {
		h.cfg.Random = rand.Reader
	}
	if h.cfg.Log == nil {
		h.cfg.Log = slog.New(slog.DiscardHandler)
	}
	h.random = &lockedReader{r: h.cfg.Random}
	var node [4]byte
	if _, err := h.random.Read(node[:]); err != nil {
		return fmt.Errorf("read random source: %w", err)
	}
	h.node = hex.EncodeToString(node[:])
	h.sessions.init()
	h.directory.init()
	h.expiries.wake = make(chan struct{}, 1)
	h.feedback = newServiceQueue(h, feedbackTopic, feedbackBatch, feedbackDrops, h.cfg.FeedbackDelay)
	h.fileNotes = newServiceQueue(h, fileNotesTopic, 1, fileNoteDrops, 0)
	h.authorities = NewAuthorities(h.store.Documents(), "authority", h.random)
	h.authorities.deleted = func(ca *x509.Certificate) { h.endCertified(AuthorityAnchor(ca)) }
	return h.configurePolicies()
}

func (h *Hub) configurePolicies() (err error) {
	if h.cfg.Policies == nil {
		if h.cfg.Policies, err = DefaultPolicies(h.random); err != nil {
			return err
		}
	}
	h.policies = make(map[string]Policy, len(h.cfg.Policies))
	for _, p := range h.cfg.Policies {
		if _, ok := h.policies[p.Name]; ok {
			return fmt.Errorf("policy %q is configured twice", p.Name)
		}
		h.policies[p.Name] = p
	}
	return nil
}

// Policy returns a shared access policy by name.
func (h *Hub) Policy(name string) (Policy, bool) {
	p, ok := h.policies[name]
	return p, ok
}

// HostName returns the host name of connection strings.
func (h *Hub) HostName() string { return h.cfg.HostName }

// Partitions returns the number of partitions of the event stream.
func (h *Hub) Partitions() int { return h.cfg.Partitions }

// Close ends all sessions, waits until every event taken over has been appended, and
// ends. When ctx ends first, appends still under way fail.
func (h *Hub) Close(ctx context.Context) error {
	h.once.Do(func() {
		close(h.closed)
		h.misbehaviour.close()
		for _, c := range h.sessions.close() {
			c.end(CloseShutdown)
		}
		for _, w := range h.writers {
			w.close()
		}
	})
	defer h.cancel()
	stop := context.AfterFunc(ctx, h.cancel)
	h.wg.Wait()
	if !stop() {
		return fmt.Errorf("close hub %s: %w", h.cfg.HostName, context.Cause(ctx))
	}
	return nil
}

func isRefusal(err error) bool {
	_, ok := asRefusal(err)
	return ok
}

func asRefusal(err error) (e *Error, ok bool) {
	ok = errors.As(err, &e)
	return e, ok
}
