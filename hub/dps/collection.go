package dps

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"twinrig/hub"
)

// kind is what individual enrollments and groups differ in.
type kind struct {
	prefix string // of keys
	group  bool
	word   string // in messages
	idName string // of the id's field
	item   string // x-ms-item-type
	table  string // in queries
}

var (
	individual = kind{"dps/enrollment", false, "enrollment", "registrationId", "Enrollment", "enrollments"}
	group      = kind{"dps/group", true, "enrollment group", "enrollmentGroupId", "EnrollmentGroup", "enrollmentGroups"}
)

// Bounds of a collection.
const (
	maxGroups  = 300              // a hundred of each kind of attestation
	cacheLife  = time.Second      // another process may change groups too
	maxPerPage = 1000             // documents of a query's page
	maxBody    = 256 << 10        // bytes of an enrollment
	maxBulk    = 10               // enrollments of a bulk operation
	ioDeadline = 30 * time.Second // of what has no caller's deadline
)

// collection is the individual enrollments, or the groups.
type collection struct {
	service *Service
	kind

	mu    sync.Mutex // serialises writers of this process, and guards cache
	cache struct {
		read time.Time
		all  []Enrollment
	}
}

func (c *collection) key(id string) string { return c.prefix + "/" + fold(id) }

func (c *collection) missing(id string) error {
	return notFound.errorf("There is no %s %s.", c.word, id)
}

// get returns an enrollment with its secrets.
func (c *collection) get(ctx context.Context, id string) (Enrollment, uint64, error) {
	if checkID(c.idName, id) != nil {
		return Enrollment{}, 0, c.missing(id)
	}
	d, err := c.service.documents.Get(ctx, c.key(id))
	if errors.Is(err, hub.ErrNoDocument) {
		return Enrollment{}, 0, c.missing(id)
	}
	if err != nil {
		return Enrollment{}, 0, fmt.Errorf("read %s %s: %w", c.word, id, err)
	}
	e, err := c.decode(d)
	return e, d.Revision, err
}

func (c *collection) decode(d hub.Document) (e Enrollment, err error) {
	if err := json.Unmarshal(d.Body, &e); err != nil {
		return e, fmt.Errorf("decode document %s: %w", d.Key, err)
	}
	return e, nil
}

// setID makes id the one of e, which may carry the same in other letters.
func (c *collection) setID(e *Enrollment, id string) error {
	field, other := &e.RegistrationID, &e.GroupID
	if c.group {
		field, other = other, field
	}
	if *field != "" && fold(*field) != fold(id) {
		return argumentInvalid.errorf("%s %q is not the %q of the path.", c.idName, *field, id)
	}
	*field, *other = id, ""
	if err := checkID(c.idName, id); err != nil {
		return argumentInvalid.errorf("%v.", err)
	}
	return nil
}

// mode is what a write demands of what is there.
type mode int

const (
	createOrUpdate mode = iota
	create
	update
)

// put writes an enrollment, when the one there is fits mode and ifMatch.
func (c *collection) put(ctx context.Context, id string, e Enrollment, m mode, ifMatch string) (Enrollment, error) {
	if err := c.setID(&e, id); err != nil {
		return Enrollment{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		old, revision, err := c.old(ctx, id)
		if err == nil {
			err = c.admit(id, old, m, ifMatch)
		}
		if err == nil && c.group {
			err = c.room(ctx, id, e.Attestation.Type)
		}
		if err != nil {
			return Enrollment{}, err
		}
		written := e
		if err := written.normalize(c.group, old, &c.service.cfg, c.service.random); err != nil {
			return Enrollment{}, argumentInvalid.errorf("Invalid %s %s: %v.", c.word, id, err)
		}
		err = c.write(ctx, &written, old, revision)
		if errors.Is(err, hub.ErrConflict) && ctx.Err() == nil {
			continue
		}
		return written, err
	}
}

// old returns what is stored, nil when there is nothing.
func (c *collection) old(ctx context.Context, id string) (*Enrollment, uint64, error) {
	e, revision, err := c.get(ctx, id)
	if isCode(err, notFound) {
		return nil, 0, nil
	}
	return &e, revision, err
}

func isCode(err error, c code) bool {
	var e *hub.Error
	return errors.As(err, &e) && e.Code == int(c)
}

// admit says whether a write may go on.
func (c *collection) admit(id string, old *Enrollment, m mode, ifMatch string) error {
	switch {
	case old == nil && (m == update || unquote(ifMatch) != "" && unquote(ifMatch) != "*"):
		return c.missing(id)
	case old != nil && m == create:
		return alreadyExists.errorf("The %s %s already exists.", c.word, id)
	case old != nil && !old.ETag.matches(ifMatch):
		return etagMismatch.errorf("The %s %s was changed by someone else.", c.word, id)
	}
	return nil
}

// room refuses a group too many of one kind of attestation.
func (c *collection) room(ctx context.Context, id, attestation string) error {
	all, err := c.cachedLocked(ctx)
	if err != nil {
		return err
	}
	count := 0
	for i := range all {
		if all[i].Attestation.Type == attestation && fold(all[i].id()) != fold(id) {
			count++
		}
	}
	if count >= maxGroups {
		return quotaExceeded.errorf("There are %d enrollment groups with attestation %s, no more are allowed.", maxGroups, attestation)
	}
	return nil
}

func (c *collection) write(ctx context.Context, e, old *Enrollment, revision uint64) error {
	tag, err := c.service.token(8)
	if err != nil {
		return err
	}
	e.ETag, e.Updated, e.Created = etag(tag), now(), now()
	if old != nil {
		e.Created = old.Created
	}
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode %s %s: %w", c.word, e.id(), err)
	}
	if _, err := c.service.documents.Put(ctx, hub.Document{Key: c.key(e.id()), Revision: revision, Body: body}); err != nil {
		return fmt.Errorf("write %s %s: %w", c.word, e.id(), err)
	}
	c.cache.read = time.Time{}
	return nil
}

// remove deletes an enrollment with its registrations. The devices stay in their hubs.
func (c *collection) remove(ctx context.Context, id, ifMatch string) error {
	e, err := c.drop(ctx, id, ifMatch)
	if err != nil {
		return err
	}
	return c.service.forget(ctx, e)
}

func (c *collection) drop(ctx context.Context, id, ifMatch string) (*Enrollment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		e, revision, err := c.get(ctx, id)
		if err != nil {
			return nil, err
		}
		if !e.ETag.matches(ifMatch) {
			return nil, etagMismatch.errorf("The %s %s was changed by someone else.", c.word, id)
		}
		_, err = c.service.documents.Put(ctx, hub.Document{Key: c.key(id), Revision: revision})
		if errors.Is(err, hub.ErrConflict) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("delete %s %s: %w", c.word, id, err)
		}
		c.cache.read = time.Time{}
		return &e, nil
	}
}

// all returns every enrollment with its secrets, ordered by id. It is meant for groups:
// there are few of them. The slice is the caller's to read only.
func (c *collection) all(ctx context.Context) ([]Enrollment, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cachedLocked(ctx)
}

func (c *collection) cachedLocked(ctx context.Context) ([]Enrollment, error) {
	if age := time.Since(c.cache.read); !c.cache.read.IsZero() && age >= 0 && age < cacheLife {
		return c.cache.all, nil
	}
	var all []Enrollment
	for d, err := range c.service.documents.Scan(ctx, c.prefix) {
		if err != nil {
			return nil, fmt.Errorf("list %ss: %w", c.word, err)
		}
		e, err := c.decode(d)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Enrollment) int { return cmp.Compare(fold(a.id()), fold(b.id())) })
	c.cache.read, c.cache.all = time.Now(), all
	return all, nil
}
