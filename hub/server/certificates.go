package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// recheck is the least time between two looks at whether certificates are still good.
const recheck = 5 * time.Second

// certificates are what the server shows. They are read or made anew when they have
// changed or run out, at the time a client comes: certificates that nobody looks at need
// no goroutine to look after them.
type certificates struct {
	source certificateSource
	log    *slog.Logger

	mu      sync.Mutex
	pairs   []tls.Certificate
	checked time.Time
}

type certificateSource interface {
	// load returns the certificates in the order of preference.
	load() ([]tls.Certificate, error)
	// stale says that load would return others.
	stale(now []tls.Certificate) bool
}

func loadCertificates(source certificateSource, log *slog.Logger) (*certificates, error) {
	c := &certificates{source: source, log: log}
	return c, c.load()
}

// load takes over what the source has, also what has expired: to see what a device makes of
// that is one use of a rig.
func (c *certificates) load() error {
	pairs, err := c.source.load()
	c.checked = time.Now()
	if err != nil {
		return err
	}
	c.pairs = pairs
	for _, pair := range pairs {
		if time.Now().After(pair.Leaf.NotAfter) {
			c.log.Warn("server certificate has expired", "subject", pair.Leaf.Subject, "expired", pair.Leaf.NotAfter)
		}
	}
	return nil
}

// choose returns the first certificate that a client can use; the last when there is none,
// for the handshake to fail on it with the right alert.
func (c *certificates) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	pairs := c.current()
	for i := range pairs {
		if hello.SupportsCertificate(&pairs[i]) == nil {
			return &pairs[i], nil
		}
	}
	return &pairs[len(pairs)-1], nil
}

func (c *certificates) current() []tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.checked) < recheck {
		return c.pairs
	}
	c.checked = time.Now()
	if !c.source.stale(c.pairs) {
		return c.pairs
	}
	if err := c.load(); err != nil { // those there are do better than none
		c.log.Warn("server certificates not renewed", "error", err)
	} else {
		c.log.Info("server certificates renewed", "expire", c.pairs[0].Leaf.NotAfter)
	}
	return c.pairs
}

// ownCertificates are made by the hub's own CA.
type ownCertificates struct {
	dir   dataDir
	ca    *authority
	names []string
}

func (o ownCertificates) load() ([]tls.Certificate, error) { return o.dir.leaves(o.ca, o.names) }

func (o ownCertificates) stale(now []tls.Certificate) bool {
	for _, pair := range now {
		if !serves(pair.Leaf, o.ca, o.names) {
			return true
		}
	}
	return false
}

// fileCertificates are the user's.
type fileCertificates struct {
	files  []CertificateFile
	stamps map[string]stamp // of the files as last read
}

// stamp tells a file from the one that has replaced it.
type stamp struct {
	modified time.Time
	size     int64
}

func (f *fileCertificates) load() (pairs []tls.Certificate, err error) {
	f.stamps = f.look()
	for _, file := range f.files {
		pair, err := tls.LoadX509KeyPair(file.Chain, file.Key)
		if err != nil {
			return nil, fmt.Errorf("read server certificate %s with key %s: %w", file.Chain, file.Key, err)
		}
		pairs = append(pairs, pair)
	}
	return pairs, nil
}

func (f *fileCertificates) stale([]tls.Certificate) bool {
	for name, s := range f.look() {
		if s != f.stamps[name] {
			return true
		}
	}
	return false
}

// look takes the stamps of all files; one that is missing has the zero one.
func (f *fileCertificates) look() map[string]stamp {
	stamps := map[string]stamp{}
	for _, file := range f.files {
		for _, name := range []string{file.Chain, file.Key} {
			stamps[name] = stamp{}
			if info, err := os.Stat(name); err == nil {
				stamps[name] = stamp{info.ModTime(), info.Size()}
			}
		}
	}
	return stamps
}
