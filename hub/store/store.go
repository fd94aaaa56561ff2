package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"twinrig/hub"
)

// Default limits of what is kept of each partition.
const (
	DefaultDiskLogBytes   = 8 << 30
	DefaultMemoryLogBytes = 256 << 20
)

// Options of a store.
type Options struct {
	Dir      string // data directory, made when missing; "" = keep everything in memory
	Sync     bool   // fsync each write, so that power loss loses nothing either
	LogBytes int64  // kept of each partition, the oldest records go first; 0 = a default limit
}

// Store is an embedded JetStream server with one connection to it.
type Store struct {
	options   Options
	dir       string
	lock      *flock.Flock // nil in memory
	server    *server.Server
	conn      *nats.Conn
	js        jetstream.JetStream
	documents *documents
	queue     *queue
	notices   *notices
}

var _ hub.Store = (*Store)(nil)

// Open starts the embedded server and recovers what the directory holds. Register must
// have been called.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{options: o}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", s.name(), err), s.Close())
	}
	return s, nil
}

func (s *Store) name() string {
	if s.options.Dir == "" {
		return "in memory"
	}
	return s.options.Dir
}

func (s *Store) open(ctx context.Context) (err error) {
	if !registered.Load() {
		return errors.New("store.Register was not called")
	}
	if err := s.openDir(); err != nil {
		return err
	}
	if err := s.startServer(); err != nil {
		return err
	}
	s.conn, err = nats.Connect("", nats.InProcessServer(s.server), nats.NoReconnect(), nats.PingInterval(never),
		nats.SyncQueueLen(2*batchSize))
	if err != nil {
		return fmt.Errorf("connect to the embedded server: %w", err)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		return fmt.Errorf("connect to the embedded server: %w", err)
	}
	if s.documents, err = s.openDocuments(ctx); err != nil {
		return err
	}
	if s.queue, err = s.openQueue(ctx); err != nil {
		return err
	}
	s.notices, err = s.openNotices(ctx)
	return err
}

// openDir makes and locks the data directory. In memory mode the server still wants
// an empty directory.
func (s *Store) openDir() (err error) {
	if s.options.Dir == "" {
		s.dir, err = os.MkdirTemp("", "twinrig-")
		return err
	}
	if err := os.MkdirAll(s.options.Dir, 0o700); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	lock := flock.New(filepath.Join(s.options.Dir, "lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock data directory (is it writable?): %w", err)
	}
	if !locked {
		return errors.New("data directory is in use by another hub; stop it or choose another directory")
	}
	s.lock, s.dir = lock, s.options.Dir
	return nil
}

const (
	maxPayload   = 8 << 20 // a twin full of tiny properties is the largest message
	never        = 100 * 365 * 24 * time.Hour
	unlimited    = 1 << 60 // partitions limit themselves, and a disk is full when it is full
	syncInterval = 2 * time.Minute
)

func (s *Store) startServer() (err error) {
	s.server, err = server.NewServer(&server.Options{
		ServerName:   "twinrig",
		DontListen:   true,
		NoSigs:       true,
		NoLog:        true,
		MaxPayload:   maxPayload,
		PingInterval: never,
		SyncAlways:   s.options.Sync,
		SyncInterval: syncInterval,
	})
	if err != nil {
		return fmt.Errorf("configure the embedded server: %w", err)
	}
	s.server.Start()
	hush(s.server)
	config := &server.JetStreamConfig{StoreDir: s.dir, MaxMemory: unlimited, MaxStore: unlimited, Strict: true}
	if err := s.server.EnableJetStream(config); err != nil {
		return fmt.Errorf("start JetStream: %w", err)
	}
	return nil
}

// Close disconnects, stops the server and waits until it is down.
func (s *Store) Close() error {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
	if s.options.Dir == "" && s.dir != "" {
		return os.RemoveAll(s.dir)
	}
	if s.lock != nil {
		return s.lock.Close()
	}
	return nil
}

// Documents returns the keyed documents.
func (s *Store) Documents() hub.Documents { return s.documents }

// Queue returns the command queues of all devices.
func (s *Store) Queue() hub.Queue { return s.queue }

// Notices returns what waits for services.
func (s *Store) Notices() hub.Notices { return s.notices }

// storage is where streams are kept.
func (s *Store) storage() jetstream.StorageType {
	if s.options.Dir == "" {
		return jetstream.MemoryStorage
	}
	return jetstream.FileStorage
}
