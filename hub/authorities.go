package hub

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	codeBytes = 24 // of a verification code, 48 hex digits
	rootsLife = time.Second
)

// Authorities is the list of CA certificates of a hub or a provisioning service. Only
// verified ones vouch for devices: their owner has shown to hold the private key, or has
// said so himself. Its methods may be called from any goroutine.
type Authorities struct {
	documents Documents
	prefix    string
	random    io.Reader
	deleted   func(*x509.Certificate) // hears of each that no longer counts; may be nil

	mu    sync.Mutex // serialises writers of this process, and guards roots
	roots roots
}

// roots are the verified certificates as last read. Another process may change the
// list too, hence they are read anew after a while.
type roots struct {
	read         time.Time
	certificates []*x509.Certificate
}

// NewAuthorities returns the list kept under a key prefix of its own. random is the source
// of verification codes.
func NewAuthorities(documents Documents, prefix string, random io.Reader) *Authorities {
	return &Authorities{documents: documents, prefix: prefix, random: random}
}

// Authorities returns the CA certificates of the hub.
func (h *Hub) Authorities() *Authorities { return h.authorities }

// VerifiedAuthorities returns the CA certificates that vouch for devices.
func (h *Hub) VerifiedAuthorities(ctx context.Context) ([]*x509.Certificate, error) {
	return h.authorities.Verified(ctx)
}

// Register adds a certificate, PEM or DER. When verified is true it counts at once,
// otherwise after Verify.
func (a *Authorities) Register(ctx context.Context, name string, certificate []byte, verified bool) (Authority, error) {
	if err := checkAuthorityName(name); err != nil {
		return Authority{}, argumentInvalid.errorf("%v", err)
	}
	c, err := parseAuthority(certificate)
	if err != nil {
		return Authority{}, argumentInvalid.errorf("CA certificate %s: %v.", name, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.room(ctx, name); err != nil {
		return Authority{}, err
	}
	made := Authority{Name: name, Raw: c.Raw, Verified: verified, Created: now()}
	if err := a.write(ctx, &made, 0); errors.Is(err, ErrConflict) {
		return Authority{}, authorityExists.errorf("CA certificate %s already exists.", name)
	} else if err != nil {
		return Authority{}, err
	}
	return made, nil
}

// room refuses a certificate too many.
func (a *Authorities) room(ctx context.Context, name string) error {
	all, err := a.List(ctx)
	if err != nil {
		return err
	}
	taken := slices.ContainsFunc(all, func(o Authority) bool { return o.Name == name })
	if len(all) >= AuthorityLimit && !taken {
		return quotaExceeded.errorf("There are %d CA certificates, no more are allowed.", AuthorityLimit)
	}
	return nil
}

// Issue gives a certificate a new verification code. An older code is void.
func (a *Authorities) Issue(ctx context.Context, name, ifMatch string) (Authority, error) {
	var code [codeBytes]byte
	if _, err := io.ReadFull(a.random, code[:]); err != nil {
		return Authority{}, fmt.Errorf("make verification code: %w", err)
	}
	return a.change(ctx, name, ifMatch, func(o *Authority) error {
		o.Code = strings.ToUpper(hex.EncodeToString(code[:]))
		return nil
	})
}

// Verify takes the proof of possession: a certificate, PEM or DER, whose common name is
// the verification code and which the CA's key has signed.
func (a *Authorities) Verify(ctx context.Context, name, ifMatch string, proof []byte) (Authority, error) {
	leaf, err := ParseCertificate(proof)
	if err != nil {
		return Authority{}, argumentInvalid.errorf("Verification certificate of %s: %v.", name, err)
	}
	return a.change(ctx, name, ifMatch, func(o *Authority) error {
		ca, err := o.Certificate()
		if err != nil {
			return err
		}
		if err := o.proved(ca, leaf); err != nil {
			return argumentInvalid.errorf("Verification certificate of %s: %v.", name, err)
		}
		o.Verified, o.Code = true, ""
		return nil
	})
}

// Authority returns a certificate by name.
func (a *Authorities) Authority(ctx context.Context, name string) (Authority, error) {
	o, _, err := a.read(ctx, name)
	return o, err
}

// List returns all certificates, ordered by name.
func (a *Authorities) List(ctx context.Context) ([]Authority, error) {
	var all []Authority
	for d, err := range a.documents.Scan(ctx, a.prefix) {
		if err != nil {
			return nil, fmt.Errorf("list CA certificates: %w", err)
		}
		o, err := decodeAuthority(d)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(x, y Authority) int { return strings.Compare(x.Name, y.Name) })
	return all, nil
}

// Delete removes a certificate. Devices that are connected by it lose their sessions.
func (a *Authorities) Delete(ctx context.Context, name, ifMatch string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for {
		o, revision, err := a.read(ctx, name)
		if err != nil {
			return err
		}
		if !matches(ifMatch, o.ETag) {
			return preconditionFailed.errorf("CA certificate %s was changed by someone else.", name)
		}
		_, err = a.documents.Put(ctx, Document{Key: a.key(name), Revision: revision})
		if errors.Is(err, ErrConflict) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return fmt.Errorf("delete CA certificate %s: %w", name, err)
		}
		a.roots = roots{}
		return a.announce(o)
	}
}

// announce says that a certificate is gone.
func (a *Authorities) announce(o Authority) error {
	c, err := o.Certificate()
	if err == nil && a.deleted != nil && o.Verified {
		a.deleted(c)
	}
	return err
}

// Verified returns the certificates that vouch for devices. The slice is the caller's
// to read only.
func (a *Authorities) Verified(ctx context.Context) ([]*x509.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if age := time.Since(a.roots.read); !a.roots.read.IsZero() && age >= 0 && age < rootsLife {
		return a.roots.certificates, nil
	}
	all, err := a.List(ctx)
	if err != nil {
		return nil, err
	}
	fresh := roots{read: time.Now()}
	for _, o := range all {
		if !o.Verified {
			continue
		}
		c, err := o.Certificate()
		if err != nil {
			return nil, err
		}
		fresh.certificates = append(fresh.certificates, c)
	}
	a.roots = fresh
	return fresh.certificates, nil
}

// change reads a certificate, lets edit alter it and writes it back.
func (a *Authorities) change(ctx context.Context, name, ifMatch string, edit func(*Authority) error) (Authority, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for {
		o, revision, err := a.read(ctx, name)
		if err != nil {
			return Authority{}, err
		}
		if !matches(ifMatch, o.ETag) {
			return Authority{}, preconditionFailed.errorf("CA certificate %s was changed by someone else.", name)
		}
		if err := edit(&o); err != nil {
			return Authority{}, err
		}
		err = a.write(ctx, &o, revision)
		if errors.Is(err, ErrConflict) && ctx.Err() == nil {
			continue
		}
		return o, err
	}
}

func (a *Authorities) key(name string) string { return a.prefix + "/" + name }

func (a *Authorities) read(ctx context.Context, name string) (Authority, uint64, error) {
	if checkAuthorityName(name) != nil {
		return Authority{}, 0, authorityNotFound.errorf("CA certificate %s is not registered.", name)
	}
	d, err := a.documents.Get(ctx, a.key(name))
	if errors.Is(err, ErrNoDocument) {
		return Authority{}, 0, authorityNotFound.errorf("CA certificate %s is not registered.", name)
	}
	if err != nil {
		return Authority{}, 0, fmt.Errorf("read CA certificate %s: %w", name, err)
	}
	o, err := decodeAuthority(d)
	return o, d.Revision, err
}

// write stores o under a new ETag.
func (a *Authorities) write(ctx context.Context, o *Authority, revision uint64) error {
	etag, err := number(a.random)
	if err != nil {
		return fmt.Errorf("make etag: %w", err)
	}
	o.Updated, o.ETag = now(), base64.StdEncoding.EncodeToString(strconv.AppendUint(nil, etag, 16))
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode CA certificate %s: %w", o.Name, err)
	}
	if _, err := a.documents.Put(ctx, Document{Key: a.key(o.Name), Revision: revision, Body: body}); err != nil {
		return fmt.Errorf("write CA certificate %s: %w", o.Name, err)
	}
	a.roots = roots{}
	return nil
}
